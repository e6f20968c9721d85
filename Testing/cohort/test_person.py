from __future__ import annotations

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.person import main, run_person
from LongitudinalINRLib.cohort.plan import PersonPlan, write_plan
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import BAD_INPUT, CANCELLED
from LongitudinalINRLib.lock import hold


def _person(tmp_path):
    person = CohortFolder(tmp_path).person("01")
    plan = PersonPlan(
        participant="01", bids_folder="/", scans=(), labels_from="none", keep="model", request={}
    )
    write_plan(plan, person)
    return person


def test_a_second_process_waits_for_the_first_and_leaves_nothing_when_stopped(tmp_path):
    person, told = _person(tmp_path), []
    with hold(person.lock):
        assert run_person(person, told.append, lambda: True) == CANCELLED
    assert told == [events.Cancelled()]
    assert not person.outcome.exists()


def test_a_process_says_once_that_it_waits_for_another(tmp_path, monkeypatch):
    monkeypatch.setattr("LongitudinalINRLib.cohort.person.SECONDS_BETWEEN_LOOKS", 0.0)
    person, told, looks = _person(tmp_path), [], iter([False, False, True])
    with hold(person.lock):
        run_person(person, told.append, lambda: next(looks))
    assert told == [
        events.Warning("Another process is at this person: waiting for it to end."),
        events.Cancelled(),
    ]


def test_once_the_first_is_gone_the_second_begins(tmp_path):
    person = _person(tmp_path)
    first = hold(person.lock)
    first.__enter__()

    def first_ends() -> bool:
        first.__exit__(None, None, None)
        return False

    assert run_person(person, lambda event: None, first_ends) == BAD_INPUT
    assert person.outcome.exists()


def test_bad_input_is_said_again_without_looking_at_it_again(tmp_path):
    person = _person(tmp_path)
    assert main([str(person.path)]) == BAD_INPUT
    assert main([str(person.path)]) == BAD_INPUT
    assert read_outcome(person).attempts == 1
