from __future__ import annotations

import dataclasses
import json

import pytest

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import Outcome, write_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, digest_of, write_plan
from LongitudinalINRLib.cohort.settled import settled, try_again


@pytest.fixture
def plan(tiny_subject, tmp_path) -> PersonPlan:
    request = dataclasses.replace(tiny_subject.usual, baseline=str(tmp_path / "scan.nii.gz"))
    return PersonPlan(
        participant="01",
        bids_folder="/",
        scans=(),
        labels_from="none",
        keep="model",
        request=json.loads(request.to_json()),
    )


@pytest.fixture
def person(plan, tmp_path):
    (tmp_path / "scan.nii.gz").touch()
    person = CohortFolder(tmp_path / "out").person("01")
    write_plan(plan, person)
    person.job.path.mkdir()
    person.job.results.touch()
    person.job.model_weights.touch()
    person.published.touch()
    person.cohort.page("01").touch()
    return person


def _ended(person, plan, code, error=""):
    outcome = Outcome(plan=digest_of(plan), code=code, error=error)
    write_outcome(outcome, person)
    return outcome


def test_a_person_who_was_never_done_is_not_settled(person):
    assert settled(person) is None


@pytest.mark.parametrize("code", [0, 2])
def test_done_and_bad_input_are_settled(person, plan, code):
    outcome = _ended(person, plan, code)
    assert settled(person) == outcome


@pytest.mark.parametrize("code", [1, 3, 4, 6, 8])
def test_other_ends_are_not(person, plan, code):
    _ended(person, plan, code)
    assert settled(person) is None


def test_done_without_its_result_is_done_again(person, plan):
    _ended(person, plan, 0)
    person.job.model_weights.unlink()
    assert settled(person) is None


def test_done_without_its_page_is_published_again(person, plan):
    _ended(person, plan, 0)
    person.cohort.page("01").unlink()
    assert settled(person) is None


@pytest.mark.parametrize("error", ["output-taken", "device-missing", "disk-full", "file-missing"])
def test_what_is_no_fault_of_the_scans_is_tried_again(person, plan, error):
    _ended(person, plan, 2, error)
    assert settled(person) is None


def test_bad_input_is_tried_again_where_that_is_asked_for_and_the_done_stay(person, plan):
    outcome = _ended(person, plan, 0)
    try_again([person])
    assert settled(person) == outcome
    _ended(person, plan, 2)
    try_again([person])
    assert settled(person) is None


@pytest.mark.parametrize("code", [0, 2])
def test_another_plan_is_another_person_to_do(person, plan, code):
    _ended(person, plan, code)
    write_plan(plan.model_copy(update={"keep": "all"}), person)
    assert settled(person) is None


def test_bad_input_that_was_replaced_is_looked_at_again(person, plan, tmp_path):
    _ended(person, plan, 2)
    (tmp_path / "scan.nii.gz").write_bytes(b"another")
    assert settled(person) is None
