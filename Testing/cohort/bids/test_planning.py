from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from LongitudinalINRLib.cohort.bids.choice import Wanted
from LongitudinalINRLib.cohort.bids.given_months import read_given_months
from LongitudinalINRLib.cohort.bids.left_out import read_left_out
from LongitudinalINRLib.cohort.bids.options import Options
from LongitudinalINRLib.cohort.bids.place import check_bids, check_output
from LongitudinalINRLib.cohort.bids.planning import plan_cohort
from LongitudinalINRLib.cohort.bids.writing import write_logs, writing_plans
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.plan import read_plan, request_of
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import NormsEntry, Outputs, Request, ScanEntry


@pytest.fixture
def write(data_set, cohort):
    """Return a function that plans everybody with some options, and writes that."""

    def make(**options):
        with writing_plans(cohort) as take:
            made = plan_cohort(data_set.path, cohort, Options(**options), take)
        write_logs(made, data_set.path, cohort)
        return made

    return make


def reasons(plan):
    return {one.participant: one.reason for one in plan.left_out}


def test_a_person_gets_the_request_that_the_options_ask_for(data_set, cohort, plan, write):
    data_set.person("01")
    config = replace(preset("preview"), seed=3)
    asked = {
        "config": config,
        "align": "rigid-scaled",
        "scanner": "same",
        "device": "cpu",
        "regions": "none",
        "bias_correction": True,
    }

    (planned,), _ = plan(**asked)
    write(**asked)
    written = read_plan(cohort.person("01"))

    scans = [
        data_set.path / f"sub-01/ses-{label}/anat/sub-01_ses-{label}_T1w.nii.gz" for label in ("M00", "M12")
    ]
    assert written == planned
    assert request_of(written) == Request(
        str(scans[0]),
        (ScanEntry(str(scans[1]), 11.99),),
        config=config,
        align="rigid-scaled",
        scanner="same",
        device="cpu",
        bias_correction=True,
        outputs=Outputs(maps=(), report=False),
    )
    assert (written.labels_from, written.keep, written.labels) == ("none", "model", None)
    assert [(scan.session, scan.months, scan.months_from) for scan in written.scans] == [
        ("M00", 0.0, "acq_time"),
        ("M12", 11.99, "acq_time"),
    ]


@pytest.mark.parametrize(
    ("keep", "outputs"),
    [("model", Outputs(maps=(), report=False)), ("maps", Outputs(report=False)), ("all", Outputs())],
)
def test_what_is_kept_decides_what_a_job_writes(data_set, plan, keep, outputs):
    data_set.person("01")

    assert request_of(plan(keep=keep)[0][0]).outputs == outputs


def test_one_bad_person_stops_nobody_else(data_set, plan):
    data_set.person("good")
    data_set.person("lone", {"M00": "1900-01-01"})
    data_set.person("twice", {"M00": "1900-01-01", "M12": "1900-01-01"})
    data_set.person("back", {"M00": "1901-01-01", "M12": "1900-01-01"})
    data_set.person("old", {"M00": "1700-01-01", "M12": "1900-01-01"})
    data_set.scan("dateless", "M00")
    data_set.scan("dateless", "M12")
    data_set.write("bad/x")
    data_set.write("sub-none/func/x")
    data_set.person("damaged")
    data_set.write("sub-damaged/sub-damaged_sessions.tsv", "session_id\tacq_time\nses-M00\n")

    people, made = plan()

    assert [person.participant for person in people] == ["good"]
    assert reasons(made) == {
        "lone": "one-scan",
        "twice": "same-time",
        "back": "times-against-labels",
        "old": "months-out-of-range",
        "dateless": "no-times",
        "none": "no-scan",
        "damaged": "no-times",
    }
    assert all(one.message and one.what_to_do for one in made.left_out)


def test_a_missing_baseline_is_told_where_months_are_given(data_set, plan):
    data_set.person("01", {"M06": "1900-01-01", "M12": "1901-01-01"})

    assert reasons(plan(months=read_given_months(None, True))[1]) == {"01": "no-baseline"}


def test_a_session_without_a_scan_is_told(data_set, plan):
    data_set.person("01")
    data_set.write("sub-01/ses-M24/func/x")

    people, made = plan()

    assert len(people[0].scans) == 2
    assert [(note.where, note.message) for note in made.notes] == [
        ("sub-01/ses-M24", "no T1w scan that can be taken: the session is left out")
    ]


def test_people_and_sessions_are_asked_for_with_and_without_prefix(data_set, plan):
    for person in ("01", "02", "03"):
        data_set.person(person, {"M00": "1900-01-01", "M06": "1900-07-01", "M12": "1901-01-01"})

    people, _ = plan(participants=["01", "sub-03"], sessions=["ses-M00", "M12"])

    assert [person.participant for person in people] == ["01", "03"]
    assert [scan.session for scan in people[0].scans] == ["M00", "M12"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ({"participants": ["1"]}, "sub-01"),
        ({"sessions": ["m00"]}, "ses-M00"),
        ({"participants": ["sub-oasis12"]}, "sub-OASIS12"),
    ],
)
def test_an_unknown_label_is_refused_with_those_written_nearly_so(data_set, plan, asked, near):
    data_set.person("01")
    data_set.person("OASIS12")

    with pytest.raises(InputError) as error:
        plan(**asked)

    assert error.value.code == "unknown-label"
    assert near in error.value.expected


def test_norms_take_age_and_sex_from_the_tables_and_people_without_them_get_no_centiles(
    data_set, plan, tmp_path
):
    for person in ("01", "02", "03"):
        data_set.person(person)
    data_set.sessions("03", {"M00": "1900-01-01", "M12": "1901-01-01"})
    data_set.table(
        "sub-03/sub-03_sessions.tsv",
        ["session_id", "acq_time", "age"],
        ["ses-M00", "1900-01-01", "70.4"],
        ["ses-M12", "1901-01-01", "71.4"],
    )
    data_set.table(
        "participants.tsv",
        ["participant_id", "age", "sex"],
        ["sub-01", "71", "female"],
        ["sub-02", "n/a", "M"],
        ["sub-03", "70", "M"],
    )
    norms = tmp_path / "norms.json"

    people, made = plan(norms=norms)

    assert [request_of(person).norms for person in people] == [
        NormsEntry(str(norms), 71.0, "F"),
        None,
        NormsEntry(str(norms), 70.4, "M"),
    ]
    assert [note.message for note in made.notes] == ["no age in participants.tsv: no centiles"]


def test_a_plan_is_renewed_where_a_scan_was_exchanged_and_left_alone_otherwise(data_set, cohort, write):
    data_set.person("01")
    folder = cohort.person("01")
    write()
    os.utime(folder.plan, ns=(1, 1))
    write()
    assert folder.plan.stat().st_mtime_ns == 1

    before = read_plan(folder)
    data_set.write(before.scans[1].path, "another scan")
    write()

    assert folder.plan.stat().st_mtime_ns > 1
    assert read_plan(folder).scans[1].stamp != before.scans[1].stamp


def test_who_is_left_out_now_has_no_plan_and_who_was_not_looked_at_keeps_the_line(data_set, cohort, write):
    for person in ("01", "02"):
        data_set.person(person)
    data_set.person("03", {"M00": "1900-01-01"})
    write()
    (data_set.path / "sub-01/ses-M12/anat/sub-01_ses-M12_T1w.nii.gz").unlink()

    write(participants=["01", "02"])

    assert list(cohort.participants()) == ["02"]
    assert {one.participant: one.reason for one in read_left_out(cohort.left_out)} == {
        "01": "one-scan",
        "03": "one-scan",
    }
    assert json.loads(cohort.index.read_text())["left_out"] == 1


def test_a_person_with_a_result_keeps_the_plan_and_is_marked_in_the_log(data_set, cohort, write):
    for person in ("01", "02"):
        data_set.person(person)
    write()
    results = cohort.person("01").job.results
    results.parent.mkdir()
    results.touch()
    (data_set.path / "sub-01/ses-M12/anat/sub-01_ses-M12_T1w.nii.gz").unlink()

    write()

    assert list(cohort.participants()) == ["01", "02"]
    assert [one.participant for one in read_left_out(cohort.left_out)] == ["01"]


@pytest.mark.parametrize("wrong", ["an option", "nothing mounted"])
def test_what_leaves_everybody_out_changes_no_plan_and_no_log(data_set, cohort, write, wrong):
    data_set.person("01")
    data_set.person("02", {"M00": "1900-01-01"})
    write()
    before = {path: path.read_bytes() for path in cohort.path.rglob("*") if path.is_file()}
    if wrong == "nothing mounted":
        for scan in data_set.path.rglob("*.nii.gz"):
            scan.unlink()

    plan = write(wanted=Wanted("x") if wrong == "an option" else Wanted())

    assert plan.people == ()
    assert {path: path.read_bytes() for path in cohort.path.rglob("*") if path.is_file()} == before


def test_the_index_leads_to_the_input_from_where_it_lies(data_set, cohort, write):
    data_set.person("01")
    write()

    assert json.loads(cohort.index.read_text())["bids_folder"] == "../bids"


def test_only_a_bids_folder_is_taken(data_set, tmp_path):
    check_bids(data_set.path)
    for folder in (tmp_path, tmp_path / "nowhere", data_set.path / "dataset_description.json"):
        with pytest.raises(InputError, match="is not a BIDS folder"):
            check_bids(folder)


def test_results_are_written_beside_the_scans_or_below_derivatives(data_set, cohort, write, tmp_path):
    check_output(CohortFolder(data_set.path / "derivatives" / "new"), data_set.path)
    check_output(cohort, data_set.path)
    data_set.person("01")
    write()
    (cohort.path / "README.md").touch()
    check_output(cohort, data_set.path)  # a cohort's own folder is taken again

    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").touch()
    link = tmp_path / "link"
    link.symlink_to(data_set.path)
    for folder in (
        data_set.path,
        link,
        tmp_path,
        data_set.path / "sub-01",
        data_set.path / "results",
        foreign,
    ):
        with pytest.raises(InputError) as error:
            check_output(CohortFolder(folder), Path(data_set.path))
        assert error.value.code in ("output-is-input", "output-taken")
