from __future__ import annotations

import os

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import Outcome, write_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, digest_of, read_plan, write_plan


def test_an_outcome_waits_for_the_disk_and_a_plan_does_not(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    person = CohortFolder(tmp_path).person("01")
    plan = PersonPlan(
        participant="01", bids_folder="/", scans=(), labels_from="none", keep="model", request={}
    )

    write_plan(plan, person)
    of_the_plan = len(flushed)
    write_outcome(Outcome(plan=digest_of(plan), code=0), person)

    assert of_the_plan == 0
    assert flushed
    person.plan.write_bytes(b"\0" * 10)  # what a power cut may leave
    write_plan(plan, person)
    assert read_plan(person) == plan
