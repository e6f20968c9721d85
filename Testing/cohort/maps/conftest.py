"""A cohort whose people have finished fits and registrations on the disk, and a change that is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.maps import collect
from LongitudinalINRLib.cohort.maps.change import Change
from LongitudinalINRLib.cohort.maps.person import InTemplate, note_path, placement_path
from LongitudinalINRLib.cohort.maps.space import SPACE, TemplateSpace, template_space
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedScan, write_plan

VOXEL_MM = 8.0
PLACE_MM, RADIUS_MM = np.array([-28.0, -20.0, -16.0]), 18.0
"""Where patients lose more than controls: about the left hippocampus."""

LOSS_PER_YEAR, EXTRA_LOSS_PER_YEAR, SPREAD = 0.01, 0.03, 0.002


@dataclass(frozen=True)
class Truth:
    """What everybody's known change is made of, log|J| a year, and where."""

    voxel_mm: float = VOXEL_MM
    place_mm: tuple[float, ...] = tuple(PLACE_MM.tolist())
    radius_mm: float = RADIUS_MM
    loss: float = LOSS_PER_YEAR
    extra_loss: float = EXTRA_LOSS_PER_YEAR


@pytest.fixture
def truth() -> Truth:
    return Truth()


@pytest.fixture(scope="session")
def coarse() -> TemplateSpace:
    return template_space(VOXEL_MM)


@pytest.fixture
def planted(coarse) -> np.ndarray:
    return np.linalg.norm(coarse.points_mm - PLACE_MM, axis=1) < RADIUS_MM


@pytest.fixture
def cohort(tmp_path: Path) -> CohortFolder:
    return CohortFolder(tmp_path / "out")


@pytest.fixture
def people() -> pd.DataFrame:
    """Six controls and six patients of either sex and several ages."""
    groups = ["controls", "patients"] * 6
    return pd.DataFrame(
        {
            "participant_id": [f"sub-{number:02d}" for number in range(12)],
            "group": groups,
            "age_years": [60.0 + 7 * number % 11 for number in range(12)],
            "sex": ["F", "F", "M", "M"] * 3,
        }
    )


@pytest.fixture
def finished(cohort) -> Callable[..., PersonFolder]:
    """Return a function that leaves on the disk what a fit and a registration leave."""

    def finish(participant: str, months: float = 24.0, **quality: float) -> PersonFolder:
        person = cohort.person(participant)
        scans = [
            PlannedScan(session=f"{m:g}", path=f"{m:g}", months=m, months_from="given") for m in (0.0, months)
        ]
        plan = PersonPlan(
            participant=participant,
            bids_folder="in",
            scans=tuple(scans),
            labels_from="none",
            keep="model",
            request={},
        )
        write_plan(plan, person)
        person.job.path.mkdir()
        person.job.results.write_text("{}")
        person.job.model_weights.write_bytes(participant.encode())
        placement_path(person).write_bytes(b"placed")
        known = {"mask_dice": 0.97, "likeness": 0.7, "covered_share": 1.0, **quality}
        sha = hashlib.sha256(b"placed").hexdigest()
        note = InTemplate(space=SPACE, engine="demons", of=sha, placement=sha, seconds=1.0, **known)
        note_path(person).write_text(note.model_dump_json())
        return person

    return finish


@pytest.fixture
def asked(monkeypatch, planted) -> list[str]:
    """Give everybody a change that is known, and return who was asked."""
    called: list[str] = []

    def change(person, months, space, should_stop=None):
        called.append(person.participant)
        random = np.random.default_rng(int(person.participant))
        yearly = -LOSS_PER_YEAR + random.normal(0.0, SPREAD, len(space.voxels))
        if int(person.participant) % 2:
            yearly[planted] -= EXTRA_LOSS_PER_YEAR
        yearly = yearly.astype(np.float32)
        return Change(yearly, np.outer(months, yearly / 12.0).astype(np.float32))

    monkeypatch.setattr(collect, "change_in_template", change)
    return called
