"""Norms in the panel: a file, an age and a sex, or none of them."""

from __future__ import annotations

import json
import sys

import pytest
from settling import press
from standin import driving
from standin.each_slicer import EACH_SLICER

NO_AGES = ("1953-02-01", "121", "-1", "nan")
NO_AGE = "{} is no age in years, 0 to 120: correct it."
NEEDED = "Norms need a file, an age and a sex: give the {} too, or none of them."


@pytest.fixture
def settings(panel_with_fakes, fill_in):
    """The panel with two scans, and the advanced settings open."""
    fill_in(panel_with_fakes)
    unfold(panel_with_fakes)
    return panel_with_fakes


def unfold(panel):
    panel.ui.settingsButton.collapsed = panel.ui.advancedGroup.collapsed = False
    driving.process_events()


def give(panel, path=None, age=None, sex=None):
    if path is not None:
        panel.ui.normsPathEdit.currentPath = str(path)
    if age is not None:
        driving.type_text(panel.ui.ageEdit, age)
    if sex is not None:
        driving.choose(panel.ui.sexComboBox, sex)
    driving.process_events()


@pytest.fixture(scope="session")
def norms_file(tmp_path_factory):
    """Norms of 80 people whose region 1 grows by 0 to 39.5 % a year, whatever their age."""
    from LongitudinalINRLib.analysis.norms.building import Measurement, build_norms
    from LongitudinalINRLib.analysis.norms.files import write_norms

    people = [
        Measurement(f"p{i}", 50.0 + (7 * i) % 40, "FM"[i % 2], name, label, 0.5 * ((37 * i) % 80))
        for i in range(80)
        for name, label in (("brain", 0), ("label 1", 1))
    ]
    path = tmp_path_factory.mktemp("norms") / "norms.json"
    write_norms(build_norms(people)[0], path)
    return path


@EACH_SLICER
def test_file_age_and_sex_reach_the_request(settings, fake_runners, norms_file):
    give(settings, norms_file, "72,5", "F")
    assert not settings.ui.normsMessageLabel.visible
    press(settings, "runButton")

    request = json.loads(fake_runners[0].folder.request.read_text())
    assert request["norms"] == {"path": str(norms_file), "age_years": 72.5, "sex": "F"}


def test_none_of_them_is_asked_for_where_none_is_given(settings, fake_runners):
    press(settings, "runButton")

    assert json.loads(fake_runners[0].folder.request.read_text())["norms"] is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"path": "/norms.json"}, NEEDED.format("age and the sex")),
        ({"age": "72"}, NEEDED.format("file and the sex")),
        ({"sex": "M"}, NEEDED.format("file and the age")),
        ({"path": "/norms.json", "age": "72"}, NEEDED.format("sex")),
        *(({"path": "/norms.json", "age": age, "sex": "M"}, NO_AGE.format(age)) for age in NO_AGES),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_keeps_run_disabled_until_it_is_mended(settings, given, told):
    ui = settings.ui
    assert ui.runButton.enabled
    give(settings, **given)

    assert ui.normsMessageLabel.text == f"⚠ {told}"
    assert (ui.runMessageLabel.text, ui.runButton.enabled) == (told, False)

    ui.ageEdit.clear()
    give(settings, path="", sex="–")
    assert not ui.normsMessageLabel.visible
    assert ui.runButton.enabled


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "norms.json does not exist."),
        (b"\xff\xfe", "norms.json cannot be read."),
        (b"{}", "norms.json holds no norms."),
    ],
)
def test_a_file_that_holds_no_norms_is_refused_in_words_and_nothing_is_left(
    settings, fake_runners, tmp_path, content, told
):
    path = tmp_path / "norms.json"
    if content is not None:
        path.write_bytes(content)
    give(settings, path, "72", "F")
    press(settings, "runButton")

    assert fake_runners == []
    assert settings.ui.failureLabel.text.startswith(f"⚠ {told}")
    assert not list(settings.logic.service.store.root.glob("*"))


@EACH_SLICER
def test_they_are_kept_with_the_scene_and_no_preset_changes_them(settings, tmp_path):
    import slicer

    give(settings, "/norms.json", "72", "F")
    driving.choose(settings.ui.presetComboBox, "Preview: a first look")
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    driving.process_events()
    ui = settings.ui
    assert (ui.normsPathEdit.currentPath, ui.ageEdit.text, ui.sexComboBox.currentText) == ("", "", "–")

    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    driving.process_events()
    shown = (ui.normsPathEdit.currentPath, ui.ageEdit.text, ui.sexComboBox.currentText)
    assert shown == ("/norms.json", "72", "F")


def test_age_and_sex_go_with_the_last_scan_and_the_file_stays(settings, fill_in):
    give(settings, "/norms.json", "72", "F")
    driving.click(settings.ui.removeScanButton)
    assert settings.ui.ageEdit.text == "72"
    driving.click(settings.ui.removeScanButton)

    ui = settings.ui
    shown = (ui.normsPathEdit.currentPath, ui.ageEdit.text, ui.sexComboBox.currentText)
    assert shown == ("/norms.json", "", "–")

    fill_in(settings, months=("0", "24"))
    assert ui.runMessageLabel.text == NEEDED.format("age and the sex")


def test_a_script_may_name_the_file_from_where_it_stands(
    fake_runners, module, add_scan, norms_file, monkeypatch
):
    from LongitudinalINRModule.settings.fit_settings import JobSettings

    from LongitudinalINRLib.jobs.request import NormsEntry

    monkeypatch.chdir(norms_file.parent)
    logic = sys.modules["LongitudinalINR"].LongitudinalINRLogic()
    settings = JobSettings(norms=NormsEntry("norms.json", 72.0, "M"))
    logic.run([add_scan("a"), add_scan("b", 3)], [0, 12], settings=settings)
    request = json.loads(fake_runners[0].folder.request.read_text())
    logic.service.close()

    assert request["norms"] == {"path": str(norms_file), "age_years": 72.0, "sex": "M"}


@pytest.mark.timeout(300)
def test_regions_of_a_job_that_was_given_norms_have_centiles_in_the_table(panel, norms_file, picture):
    from LongitudinalINRModule.display.region_table import CENTILE_TITLE
    from LongitudinalINRModule.selftest import fitting

    from LongitudinalINRLib.analysis.norms.files import read_norms
    from LongitudinalINRLib.analysis.region_row import read_regions

    fitting.take_scans(panel.ui)
    fitting.choose_settings(panel.ui)
    unfold(panel)
    for spin_box in (panel.ui.stepSpinBox, panel.ui.extrapolateSpinBox):
        driving.type_text(spin_box, "0")  # no maps but those of the scans
    give(panel, norms_file, "70", "F")
    picture(panel, "given")
    fitting.run(panel)
    panel.ui.regionsButton.collapsed = False
    driving.process_events(0.05)
    picture(panel, "done")

    folder = panel.logic.service.folder_of(panel.panel.explore_section.result)
    norm = read_norms(norms_file).regions["label 1"]
    row = next(row for row in read_regions(folder.regions) if (row.label, row.months) == (1, 24))
    assert row.centile == pytest.approx(norm.centile(row.mean_percent_per_year, 70.0, "F"), rel=1e-5)
    assert 5 < row.centile < 95
    node = panel.ui.regionsTable.mrmlTableNode()
    column = node.GetColumnIndex(CENTILE_TITLE)
    shown = {node.GetCellText(each, 0): node.GetCellText(each, column) for each in range(3)}
    assert shown["label 1"].startswith(f"{row.centile:.0f} (")
    assert shown["label 2"] == ""
    assert "No centile, since the norms do not hold them: label 2." in panel.ui.queueLabel.text
