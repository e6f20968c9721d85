"""What a person's fit becomes in the cohort's folder, and whose the files there are."""

from __future__ import annotations

import csv
import json

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.cohort.derivatives.names import PersonNames, month_entity
from LongitudinalINRLib.cohort.derivatives.regions import COLUMNS
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import NOT_PUBLISHED

ANAT = "sub-01/ses-M00/anat/sub-01_ses-M00"
OF_MODEL = {
    "sub-01.html",
    f"{ANAT}_space-T1w_desc-brain_mask.json",
    f"{ANAT}_space-T1w_desc-brain_mask.nii.gz",
    f"{ANAT}_desc-longitudinal_regions.json",
    f"{ANAT}_desc-longitudinal_regions.tsv",
    *(
        f"{ANAT}_from-month0{month}_to-month000_mode-image_xfm.{ending}"
        for month in (12, 24)
        for ending in ("json", "txt")
    ),
}
OF_MAPS = {
    f"{ANAT}_space-T1w_desc-month0{month}_{suffix}.{ending}"
    for month in ("00", "12", "24")
    for suffix in ("jacobian", "jacobianrate")
    for ending in ("json", "nii.gz")
}
A_MAP = f"{ANAT}_space-T1w_desc-month012_jacobian.nii.gz"


def test_a_model_alone_is_a_mask_a_table_alignments_and_a_page(the_person):
    assert the_person.files() == OF_MODEL


def test_a_map_says_its_month_its_sources_and_its_space(person_with_maps):
    about = json.loads((person_with_maps.out / A_MAP.replace(".nii.gz", ".json")).read_text("utf-8"))
    scan = "bids:raw:sub-01/ses-M{0}/anat/sub-01_ses-M{0}_T1w.nii.gz".format
    assert (about["Months"], about["Kind"], about["Units"]) == (12.0, "observed", "1")
    assert about["Sources"] == [scan("00"), scan("12"), scan("24")]
    assert about["SpatialReference"] == scan("00")


def test_a_map_is_stored_once(person_with_maps):
    of_job = person_with_maps.folder.job.maps / "jacobian_012.0mo.nii.gz"
    assert (person_with_maps.out / A_MAP).samefile(of_job)


def test_the_table_holds_the_numbers_of_the_fit_and_describes_every_column(the_person):
    with (the_person.out / f"{ANAT}_desc-longitudinal_regions.tsv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file, delimiter="\t"))
    with the_person.folder.job.regions.open(encoding="utf-8") as file:
        fitted = list(csv.DictReader(file))
    about = json.loads((the_person.out / f"{ANAT}_desc-longitudinal_regions.json").read_text("utf-8"))
    plain = {"": "n/a", "True": "true", "False": "false"}
    assert published == [{name: plain.get(cell, cell) for name, cell in row.items()} for row in fitted]
    assert set(published[0]) == set(about) - {"Description", "Sources"} <= set(COLUMNS)


def test_an_alignment_is_one_that_itk_resamples_with(the_person):
    path = the_person.out / f"{ANAT}_from-month024_to-month000_mode-image_xfm.txt"
    transform = sitk.ReadTransform(str(path))
    matrix = np.array(json.loads(path.with_suffix(".json").read_text("utf-8"))["Matrix"])
    ras_from_lps = np.diag([-1.0, -1.0, 1.0])
    point = np.array([10.0, -20.0, 5.0])
    moved = ras_from_lps @ (matrix[:3, :3] @ ras_from_lps @ point + matrix[:3, 3])
    np.testing.assert_allclose(transform.TransformPoint(point.tolist()), moved, atol=1e-9)


@pytest.mark.parametrize(
    ("months", "label"),
    [(0, "month000"), (24.0, "month024"), (13.25, "month013p25"), (1.5, "month001p5"), (120, "month120")],
)
def test_a_month_is_named_by_letters_and_digits_alone(months, label):
    assert month_entity(months) == label
    assert label.isalnum()


def test_publishing_again_writes_nothing_but_a_page_of_another_day(a_person):
    def written():
        files = (path for path in a_person.out.rglob("sub-01*_*") if path.is_file())
        return {path: path.stat().st_mtime_ns for path in files}

    before = written()
    assert a_person.run()[0] == 0
    assert written() == before
    assert len(before) > len(OF_MODEL)


def test_more_is_kept_without_another_fit(the_person, person_with_maps):
    fitted, now = (person.folder.job.model_weights for person in (the_person, person_with_maps))
    assert now.stat().st_mtime_ns == fitted.stat().st_mtime_ns
    assert person_with_maps.files() == OF_MODEL | OF_MAPS
    assert np.asarray(nib.load(person_with_maps.out / A_MAP).dataobj).std() > 0


def test_less_removes_our_maps_from_both_places_and_nobody_else_s_files(a_person_with_maps):
    person = a_person_with_maps
    fitted = person.folder.job.model_weights.stat().st_mtime_ns
    note = f"{ANAT}_notes.txt"
    (person.out / note).write_text("mine", "utf-8")
    (person.out / A_MAP).unlink()
    (person.out / A_MAP).write_bytes(b"drawn by hand")
    person.keep("model")
    assert person.run()[0] == 0
    assert person.files() == OF_MODEL | {A_MAP, note}
    assert (person.out / A_MAP).read_bytes() == b"drawn by hand"
    assert [path.name for path in person.folder.job.maps.glob("*")] == []
    assert person.folder.job.model_weights.stat().st_mtime_ns == fitted


def test_with_all_the_page_leads_to_the_interactive_report(a_person):
    page = a_person.folder.cohort.page("01")
    link = 'href="people/sub-01/fit/report.html"'
    assert link not in page.read_text("utf-8")
    a_person.keep("all")
    assert a_person.run()[0] == 0
    assert link in page.read_text("utf-8")
    assert a_person.folder.job.report.exists()


def test_a_changed_table_is_kept_under_another_name_and_a_page_that_is_gone_made_again(a_person, warnings_of):
    path = a_person.out / f"{ANAT}_desc-longitudinal_regions.tsv"
    ours = path.read_bytes()
    path.write_bytes(ours + b"a note\n")
    a_person.folder.cohort.page("01").unlink()
    code, told = a_person.run()
    assert code == 0
    assert a_person.folder.cohort.page("01").exists()
    assert path.read_bytes() == ours
    assert path.with_name(f"{path.name}.kept-1").read_bytes() == ours + b"a note\n"
    assert any("kept as" in text for text in warnings_of(told))


def test_a_name_that_somebody_took_fails_with_a_code_of_its_own_and_only_publishing_is_done_again(a_person):
    a_person.keep("maps")
    taken = a_person.out / A_MAP
    taken.write_bytes(b"somebody's")
    code, told = a_person.run()
    assert code == NOT_PUBLISHED
    assert isinstance(told[-1], events.Failed)
    outcome = read_outcome(a_person.folder)
    assert outcome is not None
    assert (outcome.code, outcome.error, outcome.is_final) == (NOT_PUBLISHED, "output-taken", False)
    assert taken.read_bytes() == b"somebody's"
    taken.unlink()
    written = a_person.folder.job.results.stat().st_mtime_ns
    code, told = a_person.run()
    assert code == 0
    assert not any(isinstance(event, events.Progress) for event in told)
    assert a_person.folder.job.results.stat().st_mtime_ns == written
    assert a_person.files() == OF_MODEL | OF_MAPS


def test_a_person_without_sessions_has_none_in_names(the_person):
    plan = the_person.plan
    scans = tuple(scan.model_copy(update={"session": None}) for scan in plan.scans)
    names = PersonNames(the_person.folder, plan.model_copy(update={"scans": scans}))
    path = names.map(13.25, "jacobian").relative_to(the_person.out)
    assert path.as_posix() == "sub-01/anat/sub-01_space-T1w_desc-month013p25_jacobian.nii.gz"
    path = names.transform(13.25).relative_to(the_person.out)
    assert path.as_posix() == "sub-01/anat/sub-01_from-month013p25_to-month000_mode-image_xfm.txt"
