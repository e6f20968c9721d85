from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedScan, write_plan
from LongitudinalINRLib.jobs.runner import LIBRARY_PARENT

STAND_IN = Path(__file__).parent / "stand_in"


@pytest.fixture
def stand_in(monkeypatch) -> str:
    """Return the module that stands in for the process of a person, found by every child process."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(STAND_IN), str(LIBRARY_PARENT)]))
    monkeypatch.delenv("OMP_NUM_THREADS")
    return "stand_in_person"


@pytest.fixture
def cohort(tmp_path) -> CohortFolder:
    """Return a cohort whose path has a space and a quote in it."""
    return CohortFolder(tmp_path / "it's a cohort")


@pytest.fixture
def people(cohort) -> Callable[..., list[PersonFolder]]:
    """Return a function that gives people with these labels plans that only the stand-in can follow."""

    def make(*labels: str) -> list[PersonFolder]:
        for label in labels:
            plan = PersonPlan(
                participant=label, bids_folder="/", scans=(), labels_from="none", keep="model", request={}
            )
            write_plan(plan, cohort.person(label))
        return [cohort.person(label) for label in labels]

    return make


@pytest.fixture
def real_person(cohort, tiny_subject) -> Callable[..., PersonFolder]:
    """Return a function that plans a tiny fit, with some changes, for a real person's process."""

    def make(label: str, **changes: object) -> PersonFolder:
        request = json.loads(dataclasses.replace(tiny_subject.usual, **changes).to_json())
        visits = [
            (request["baseline"], 0.0),
            *((each["path"], each["months"]) for each in request["follow_ups"]),
        ]
        scans = tuple(
            PlannedScan(session=None, path=path.lstrip("/"), months=months, months_from="given")
            for path, months in visits
        )
        plan = PersonPlan(
            participant=label,
            bids_folder="/",
            scans=scans,
            labels_from="none",
            keep="model",
            request=request,
        )
        write_plan(plan, cohort.person(label))
        return cohort.person(label)

    return make


def starts(person: PersonFolder) -> int:
    """Return how often the stand-in was started for a person."""
    file = person.path / "starts"
    return len(file.read_text().splitlines()) if file.exists() else 0


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something that another process brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def at_work(cohort: CohortFolder) -> dict[str, int]:
    """Return the process of each person that the stand-in is at."""
    found = {path.parent.name: path.read_text() for path in cohort.people.glob("*/at-work")}
    return {name: int(text) for name, text in found.items() if text}
