from __future__ import annotations

import errno
import os

from LongitudinalINRLib.cohort.bids.index import Person, Session, index, participants_in


def paths(found):
    return {
        (person.label, session.label): [scan.path.rpartition("/")[2] for scan in session.scans]
        for person in found.people
        for session in person.sessions
    }


def told(found):
    return {note.where: note.message for note in found.notes}


def test_scans_are_found_with_and_without_folders_of_sessions(data_set):
    data_set.scan("01", "M00", "_acq-mprage_run-1")
    data_set.scan("01", "M12")
    data_set.scan("02", None)
    data_set.write("sub-01/ses-M00/anat/sub-01_ses-M00_T2w.nii.gz")
    data_set.write("sub-01/ses-M00/anat/sub-01_ses-M00_T1w.nii")
    data_set.write("sub-01/ses-M24/func/sub-01_ses-M24_task-rest_bold.nii.gz")
    data_set.write("sub-03/sub-03_sessions.tsv")

    found = index(data_set.path)

    assert paths(found) == {
        ("01", "M00"): ["sub-01_ses-M00_T1w.nii", "sub-01_ses-M00_acq-mprage_run-1_T1w.nii.gz"],
        ("01", "M12"): ["sub-01_ses-M12_T1w.nii.gz"],
        ("01", "M24"): [],
        ("02", None): ["sub-02_T1w.nii.gz"],
    }
    assert found.people[-1] == Person("03", ())
    assert found.notes == ()
    assert found.people[0].sessions[0].scans[1].entities == {
        "sub": "01",
        "ses": "M00",
        "acq": "mprage",
        "run": "1",
    }


def test_what_is_odd_is_told_and_passed_by(data_set):
    taken = data_set.scan("01", "M00")
    hidden = "sub-01/ses-M00/anat/._sub-01_ses-M00_T1w.nii.gz"
    others = "sub-01/ses-M00/anat/sub-02_ses-M00_T1w.nii.gz"
    unnamed = "sub-01/ses-M00/anat/copy of_T1w.nii.gz"
    for name in (hidden, others, unnamed, "sub-01 old/anat/x", "sub-01/anat/sub-01_T1w.nii.gz"):
        data_set.write(name)
    not_fetched = data_set.path / "sub-01/ses-M00/anat/sub-01_ses-M00_run-2_T1w.nii.gz"
    not_fetched.symlink_to("../../.git/annex/objects/x")
    (data_set.path / "sub-01/ses-M12").symlink_to("ses-M12")
    (data_set.path / "sub-04").symlink_to("nowhere")

    found = index(data_set.path)

    assert [scan.path for scan in found.people[0].sessions[0].scans] == [taken]
    notes = told(found)
    assert set(notes) == {
        hidden,
        others,
        unnamed,
        "sub-01 old",
        "sub-01/anat",
        "sub-01/ses-M12",
        "sub-04",
        str(not_fetched.relative_to(data_set.path)),
    }
    assert "was the data set fetched" in notes[str(not_fetched.relative_to(data_set.path))]


def test_links_to_scans_and_folders_are_followed(data_set, tmp_path):
    kept = tmp_path / "elsewhere"
    (kept / "anat").mkdir(parents=True)
    (kept / "scan").touch()
    (kept / "anat" / "sub-01_ses-M00_T1w.nii.gz").symlink_to(kept / "scan")
    (data_set.path / "sub-01").mkdir()
    (data_set.path / "sub-01/ses-M00").symlink_to(kept)

    assert paths(index(data_set.path)) == {("01", "M00"): ["sub-01_ses-M00_T1w.nii.gz"]}


def test_a_folder_that_cannot_be_read_stops_nobody_else(data_set, monkeypatch):
    data_set.scan("01", "M00")
    data_set.scan("02", "M00")
    scandir = os.scandir

    def refusing(path):
        if "sub-01/ses-M00" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = index(data_set.path)

    assert paths(found) == {("01", "M00"): [], ("02", "M00"): ["sub-02_ses-M00_T1w.nii.gz"]}
    assert told(found) == {"sub-01/ses-M00/anat": "cannot be read (Permission denied): passed by"}


def test_what_bidsignore_names_is_no_part_of_the_data_set(data_set):
    for person in ("01", "02", "pilot1"):
        data_set.scan(person, "M00")
    data_set.scan("01", "M00", "_acq-test")
    data_set.scan("02", "M06")
    data_set.write(
        ".bidsignore", "# trials\nsub-pilot*/\n*_acq-test_T1w.nii.gz\n/sub-02/**/anat\n!sub-02/ses-M06/**\n"
    )

    assert paths(index(data_set.path)) == {
        ("01", "M00"): ["sub-01_ses-M00_T1w.nii.gz"],
        ("02", "M00"): [],
        ("02", "M06"): ["sub-02_ses-M06_T1w.nii.gz"],
    }


def test_only_the_people_asked_for_are_looked_at(data_set):
    for person in ("01", "02"):
        data_set.scan(person, "M00")
    data_set.scan("01 bad", "M00")

    assert participants_in(data_set.path) == ["01", "02"]
    assert [person.label for person in index(data_set.path, {"02"}).people] == ["02"]
    assert isinstance(index(data_set.path, {"02"}).people[0].sessions[0], Session)
