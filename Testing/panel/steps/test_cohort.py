"""The people of a cohort in the panel: sorted, filtered, and one after the other in Explore."""

from __future__ import annotations

import json
import shutil

import pytest
from as_written import as_written
from played_cohort import PlayedCohort
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from settling import press, settle
from standin import dialogs, driving
from standin.each_slicer import EACH_SLICER
from standin.values import to_qt

ASK_FOR_SCAN = "Check its session."


@pytest.fixture
def cohort(tmp_path):
    """Six people of two groups; one failed, one is not done."""
    played = PlayedCohort(tmp_path)
    for participant, group, percent, warnings in (
        ("01", "AD", -3.0, ["two scanners"]),
        ("02", "control", -0.3, []),
        ("03", "AD", -1.5, []),
        ("04", "control", 0.8, ["blurred"]),
    ):
        person = played.add(participant, group, 70, "F")
        played.measure(person, brain=(-percent, 0.2), brain_tissue=(percent, 0.5))
        played.end(person, warnings=warnings)
    message = "The scan shows somebody else."
    played.end(played.add("05", "AD"), 2, message=message, found="two people", advice=ASK_FOR_SCAN)
    played.add("06", "control")
    return played


@pytest.fixture
def opened(panel, cohort):
    """The panel with that cohort."""
    return open_cohort(panel, cohort)


def open_cohort(panel, cohort):
    driving.click(panel.ui.cohortButton)
    dialogs.answer(str(cohort.folder.path))
    press(panel, "openCohortButton")
    return panel


def shown(panel, column=0):
    table = panel.ui.cohortTable
    return [table.item(row, column).text() for row in range(table.rowCount)]


def click_heading(panel, column):
    header = to_qt(panel.ui.cohortTable).horizontalHeader()
    place = header.rect().center()
    place.setX(header.sectionViewportPosition(column) + 5)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(panel)


def click_twice(panel, participant):
    table = to_qt(panel.ui.cohortTable)
    place = table.visualItemRect(table.item(shown(panel).index(participant), 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    driving.process_events()


def tick(panel, box):
    driving.click(box)
    settle(panel)


@EACH_SLICER
def test_people_are_sorted_and_filtered_by_group_change_and_warnings(opened, picture):
    ui = opened.ui
    assert ui.cohortMessageLabel.text == "out: 6 people, 4 done, 1 failed, 1 not yet."
    assert shown(opened) == ["01", "02", "03", "04", "05", "06"]
    assert shown(opened, 2) == [
        "−3.00 ± 0.50",
        "−0.30 ± 0.50",
        "−1.50 ± 0.50",
        "+0.80 ± 0.50",
        "failed",
        "not yet",
    ]
    bold = [ui.cohortTable.item(row, 2).font().bold() for row in range(4)]
    assert bold == [True, False, True, True]
    picture(opened, "people")

    click_heading(opened, 2)
    assert shown(opened) == ["01", "03", "02", "04", "05", "06"]
    click_heading(opened, 2)
    assert shown(opened) == ["04", "02", "03", "01", "05", "06"], "who has no change is last either way"
    driving.choose(ui.cohortRegionComboBox, "brain")
    settle(opened)
    assert shown(opened)[:4] == ["01", "03", "02", "04"]
    driving.choose(ui.cohortGroupComboBox, "AD")
    settle(opened)
    assert shown(opened) == ["01", "03", "05"]
    assert ui.cohortPageLabel.text == "1–3 of 3 (6 in all)"
    tick(opened, ui.cohortWarnedBox)
    assert shown(opened) == ["01"]
    tick(opened, ui.cohortWarnedBox)
    tick(opened, ui.cohortChangedBox)
    assert shown(opened) == ["01", "03"]
    driving.type_text(ui.cohortSearchEdit, "nobody")
    settle(opened)
    assert (shown(opened), ui.cohortPageLabel.text) == ([], "Nobody (6 in all)")


def test_a_person_without_a_result_is_told_why_and_stays_selected_while_the_table_changes(opened):
    ui = opened.ui
    click_twice(opened, "05")
    said = f"⚠ 05: The scan shows somebody else. Found: two people. {ASK_FOR_SCAN}"
    assert ui.cohortPersonLabel.text == said
    assert opened.panel.explore_section.result is None
    click_heading(opened, 0)
    assert [index.row() for index in to_qt(ui.cohortTable).selectionModel().selectedRows()] == [1]
    assert ui.cohortPersonLabel.text == said

    click_twice(opened, "06")
    assert ui.cohortPersonLabel.text == "06: not done yet; run the cohort again."


def test_many_people_come_a_page_at_a_time(panel, cohort, monkeypatch):
    from LongitudinalINRModule.panel import cohort_section

    monkeypatch.setattr(cohort_section, "PEOPLE_A_PAGE", 4)
    open_cohort(panel, cohort)
    assert (shown(panel), panel.ui.cohortPageLabel.text) == (["01", "02", "03", "04"], "1–4 of 6")
    press(panel, "cohortPageOnButton")
    assert (shown(panel), panel.ui.cohortPageLabel.text) == (["05", "06"], "5–6 of 6")
    assert not panel.ui.cohortPageOnButton.enabled


def test_people_who_were_done_since_are_there_when_the_cohort_is_read_again(opened, cohort):
    person = cohort.folder.person("06")
    cohort.measure(person, brain_tissue=(-9.0, 0.5))
    cohort.end(person)
    press(opened, "cohortAgainButton")

    assert shown(opened, 2)[5] == "−9.00 ± 0.50"


def test_a_folder_that_is_no_cohort_is_said(panel, tmp_path):
    driving.click(panel.ui.cohortButton)
    dialogs.answer(str(tmp_path))
    press(panel, "openCohortButton")

    assert "is not a cohort of LongitudinalINR. Found: no folder people." in panel.ui.cohortMessageLabel.text
    assert not panel.ui.cohortFrame.visible


@pytest.fixture
def two_fits(cohort, finished_job):
    """A cohort with a result that kept its maps, and one that kept its model alone and lost its scans."""
    for participant in ("01", "03"):
        fit = cohort.folder.person(participant).job.path
        shutil.rmtree(fit)
        shutil.copytree(finished_job, fit)
    for name in ("scan-0", "scan-1", "scan-2", "labels"):
        shutil.copy(finished_job.parent / f"{name}.nii", cohort.folder.person("01").path)
    shutil.rmtree(fit / "maps")
    request = json.loads((fit / "request.json").read_text())
    request["outputs"] |= {"maps": [], "maps_at_months": None}
    (fit / "request.json").write_text(json.dumps(request))
    as_written(fit)
    return cohort


def test_one_person_after_the_other_comes_into_explore_though_maps_and_scans_were_not_kept(
    panel, two_fits, picture
):
    import slicer

    open_cohort(panel, two_fits)
    ui, explore = panel.ui, panel.panel.explore_section
    driving.choose(ui.cohortGroupComboBox, "AD")
    settle(panel)
    click_twice(panel, "01")
    assert ui.cohortPersonLabel.text == "Loading sub-01…"
    settle(panel)
    first = explore.result
    assert first.baseline.GetName() == "sub-01"
    assert ui.personLabel.text == "sub-01 (AD, F, 70 years, 1 of 3)"
    assert (ui.previousPersonButton.enabled, ui.nextPersonButton.enabled) == (False, True)

    press(panel, "nextPersonButton")
    assert explore.result.baseline.GetName() == "sub-03"
    assert ui.personLabel.text.splitlines() == [
        "sub-03 (AD, F, 70 years, 2 of 3)",
        "The baseline scan is not where it was: the map lies on the brain's mask.",
    ]
    assert explore.result.baseline.GetDisplayNode().GetWindowLevelMax() == 3.0, "a mask in dark grey"
    assert explore.result.months == (0.0, 12.0, 24.0)
    assert set(explore.result.maps) == {"jacobian", "rate", "interval"}
    assert not ui.nextPersonButton.enabled, "who failed has nothing to show"
    assert first.scene is None
    scene = slicer.mrmlScene
    names = [scene.GetNthNode(index).GetName() or "" for index in range(scene.GetNumberOfNodes())]
    assert [name for name in names if "sub-01" in name] == [], "the person before has left the scene"
    assert [index.row() for index in to_qt(ui.cohortTable).selectionModel().selectedRows()] == [1]
    assert not (two_fits.folder.person("03").job.path / "maps").exists()
    picture(panel, "person")
