"""What is refused, in words, before anything is written; and what an output folder keeps."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.export import Export
from LongitudinalINRLib.dicom_out.headers import refuse_other_patient
from LongitudinalINRLib.dicom_out.perform import export
from LongitudinalINRLib.dicom_out.same_scan import refuse_other_scan
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.series import load_dicom
from LongitudinalINRLib.imaging.person import differences, person_of
from LongitudinalINRLib.jobs.results import open_result


@pytest.fixture
def order(exported, tmp_path):
    """Return the usual order into a new folder."""
    return replace(exported.order, output=tmp_path / "new")


def refused(order):
    with pytest.raises(InputError) as caught:
        export(order)
    assert not order.output.exists() or not any(order.output.iterdir())
    return caught.value


@pytest.mark.parametrize(
    ("which", "found"), [("moved", "around (4.00, 4.00, 4.00)"), ("cut", "20 x 22 x 12")]
)
def test_a_series_on_another_grid_is_refused_with_what_differs(order, series, which, found):
    error = refused(replace(order, baseline=series[which]))
    assert error.code == "dicom-other-series"
    assert "20 x 22 x 18 voxels of 2 x 2 x 2 mm around (0.00, 0.00, 0.00)" in error.expected
    assert found in error.found


def test_another_persons_scan_on_the_same_grid_is_refused(order, series):
    error = refused(replace(order, baseline=series["mirrored"]))
    assert error.code == "dicom-other-scan"
    assert error.found.endswith("on the same grid")


def test_a_baseline_that_cannot_be_compared_any_more_is_told(exported):
    result = open_result(exported.order.result, "cpu")
    folder = exported.order.baseline
    source, voxels = read_source(folder), load_dicom(folder)[0]
    assert refuse_other_scan(result, source, voxels) == ""
    gone = replace(result, request=replace(result.request, baseline="inputs/gone.nii.gz"))
    assert "only the grid" in refuse_other_scan(gone, source, voxels)


def test_a_follow_up_of_another_patient_is_refused_without_naming_anybody(order, series):
    error = refused(replace(order, follow_ups=(series["of another"],)))
    assert error.code == "dicom-other-patient"
    assert error.found == "another patient ID"
    assert "P-1" not in str(error)
    assert "--same-person" in error.advice


def test_people_that_a_fit_takes_for_one_are_one_here(order, series, tmp_path):
    blank = {"PatientID": "", "PatientName": "ANON", "PatientBirthDate": "", "PatientSex": ""}
    padded = {"PatientID": "p-0815", "PatientName": "Müller^ JÜRGEN^^=y"}
    folders = {"baseline": order.baseline, "blank": tmp_path / "blank", "padded": tmp_path / "padded"}
    for name, changes in (("blank", blank), ("padded", padded)):
        changed_copy(series["follow-up"], folders[name], changes)
    assert differences({name: person_of(folder) for name, folder in folders.items()}) == {}
    people = [read_source(folder).person for folder in folders.values()]
    assert refuse_other_patient(people, same_person=False) == []


def test_another_sex_is_another_patient_as_for_a_fit(order, series, tmp_path):
    folder = changed_copy(series["follow-up"], tmp_path / "other", {"PatientSex": "F"})
    assert refused(replace(order, follow_ups=(folder,))).found == "another sex"


def changed_copy(series, folder, changes):
    for path in sorted(series.iterdir()):
        image = pydicom.dcmread(path)
        for keyword, value in changes.items():
            setattr(image, keyword, value)
        folder.mkdir(exist_ok=True)
        image.save_as(folder / path.name)
    return folder


def test_the_statement_that_it_is_one_person_is_in_every_object(exported, series):
    folder = exported.order.baseline
    content = read_content(open_result(exported.order.result, "cpu"))
    follow_ups = (read_source(series["of another"]),)
    voxels = load_dicom(folder)[0]
    made = Export(content, read_source(folder), voxels, follow_ups, same_person=True)
    first = next(iter(made.objects())).dataset
    said = first.ContributingEquipmentSequence[0].ContributionDescription
    assert "differ in patient ID; whoever made this stated that they are of one person" in said
    assert first.PatientID == "P-1"


def test_a_series_without_a_frame_of_reference_is_refused(order, series, tmp_path):
    folder = Path(shutil.copytree(series["baseline"], tmp_path / "short"))
    for path in folder.iterdir():
        image = pydicom.dcmread(path)
        del image.FrameOfReferenceUID
        image.save_as(path)
    error = refused(replace(order, baseline=folder))
    assert (error.code, error.found) == ("dicom-header-short", "no FrameOfReferenceUID")


def test_a_file_that_is_no_pdf_leaves_nothing_behind(order, tmp_path):
    result = Path(shutil.copytree(order.result, tmp_path / "result"))
    (result / "report.pdf").write_bytes(b"<html>")
    assert refused(replace(order, result=result)).code == "not-a-pdf"


def test_folders_of_others_are_not_written_to(order, series, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    for taken in (tmp_path / "mine", order.result, series["baseline"]):
        before = sorted(taken.iterdir())
        with pytest.raises(InputError) as caught:
            export(replace(order, output=taken))
        assert caught.value.code == "output-not-empty"
        assert sorted(taken.iterdir()) == before


def test_the_same_export_again_makes_nothing_anew(exported):
    before = {path: path.stat().st_mtime_ns for path in exported.folder.path.rglob("*")}
    _, stored = export(exported.order)
    assert stored == exported.stored
    assert {path: path.stat().st_mtime_ns for path in exported.folder.path.rglob("*")} == before


def test_another_export_into_the_same_folder_is_refused(exported):
    with pytest.raises(InputError) as caught:
        export(replace(exported.order, values="uint16"))
    assert caught.value.code == "output-other-export"


def test_an_object_that_was_changed_is_not_sent(exported, tmp_path):
    copy = Path(shutil.copytree(exported.folder.path, tmp_path / "copy"))
    with (copy / "measurements.dcm").open("ab") as file:
        file.write(b"\0\0")
    with pytest.raises(InputError) as caught:
        export(replace(exported.order, output=copy))
    assert (caught.value.code, caught.value.found) == ("output-damaged", "measurements.dcm")


def test_regions_without_their_segmentation_are_told_without_voxels(exported, tmp_path):
    content = replace(read_content(open_result(exported.order.result, "cpu")), regions=None)
    folder = exported.order.baseline
    said: list[str] = []
    objects = Export(content, read_source(folder), load_dicom(folder)[0])
    made = {each.name: each.dataset for each in _first(objects, said)}
    assert "segmentation_regions.dcm" not in made
    groups = made["measurements.dcm"].ContentSequence[-1].ContentSequence
    with_voxels = [any(item.ValueType == "IMAGE" for item in group.ContentSequence) for group in groups]
    assert with_voxels == [True, False, False] * 3
    assert any("segmentation" in text for text in said)


def _first(made, said):
    """Yield the objects up to the report: the pictures take longest."""
    for each in made.objects(said.append):
        yield each
        if each.name == "measurements.dcm":
            return


def test_a_series_is_searched_for_below_the_folder_as_a_fit_does(order, tmp_path):
    shutil.copytree(order.baseline, tmp_path / "visit" / "export" / "series")
    folder, stored = export(replace(order, baseline=tmp_path / "visit"))
    assert folder.path == order.output
    assert stored
