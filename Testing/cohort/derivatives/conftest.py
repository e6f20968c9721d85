"""A cohort of one person, fitted once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.person import run_person
from LongitudinalINRLib.cohort.plan import Keep, PersonPlan, PlannedScan, read_plan, write_plan
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry


@dataclass(frozen=True)
class Person:
    """Somebody in a cohort: `run` does what the plan says and returns the exit code and the events."""

    folder: PersonFolder
    raw: Path

    @property
    def out(self) -> Path:
        return self.folder.cohort.path

    @property
    def plan(self) -> PersonPlan:
        return read_plan(self.folder)

    def keep(self, keep: Keep) -> None:
        plan = self.plan
        outputs = Outputs(maps=() if keep == "model" else ("jacobian", "rate"), report=keep == "all")
        request = replace(Request.from_json(json.dumps(plan.request)), outputs=outputs)
        plan = plan.model_copy(update={"keep": keep, "request": json.loads(request.to_json())})
        write_plan(plan, self.folder)

    def run(self) -> tuple[int, list[events.Event]]:
        told: list[events.Event] = []
        return run_person(self.folder, told.append, lambda: False), told

    def files(self) -> set[str]:
        """Return what lies in the cohort's folder outside `people`, except pictures."""
        found = (path.relative_to(self.out) for path in self.out.rglob("*") if path.is_file())
        return {path.as_posix() for path in found if path.parts[0] != "people" and path.suffix != ".webp"}


@pytest.fixture(scope="session")
def fitted_cohort(tiny_subject, tmp_path_factory) -> Path:
    """Return a folder with the input `raw` and the output `out`, in which sub-01 was fitted."""
    root = tmp_path_factory.mktemp("cohort")
    raw, scans = root / "raw", []
    months = (0.0, 12.0, 24.0)
    for month, session in zip(months, ("M00", "M12", "M24"), strict=True):
        name = f"sub-01/ses-{session}/anat/sub-01_ses-{session}_T1w.nii.gz"
        (raw / name).parent.mkdir(parents=True)
        shutil.copyfile(tiny_subject.folder / f"t{month:02.0f}.nii.gz", raw / name)
        scans.append(PlannedScan(session=session, path=name, months=month, months_from="acq_time"))
    about = {"Name": "Tiny", "BIDSVersion": "1.10.0", "DatasetType": "raw", "License": "CC0"}
    (raw / "dataset_description.json").write_text(json.dumps(about), "utf-8")
    (raw / "README.md").write_text("Made for a test. " * 10, "utf-8")
    request = tiny_subject.request(
        baseline=str(raw / scans[0].path),
        follow_ups=tuple(ScanEntry(str(raw / scan.path), scan.months) for scan in scans[1:]),
        align="rigid",
        outputs=Outputs(maps=(), report=False),
    )
    passed_over = ("sub-01/ses-M12/anat/sub-01_ses-M12_run-2_T1w.nii.gz",)
    scans[1] = scans[1].model_copy(update={"passed_over": passed_over})
    plan = PersonPlan(
        participant="01",
        bids_folder=str(raw),
        scans=tuple(scans),
        labels_from="FreeSurfer",
        keep="model",
        request=json.loads(request.to_json()),
    )
    person = CohortFolder(root / "out").person("01")
    write_plan(plan, person)
    assert run_person(person, lambda event: None, lambda: False) == 0
    return root


@pytest.fixture
def a_person(fitted_cohort: Path, tmp_path: Path) -> Person:
    """Copy the cohort, as it is after `--keep model`, for a test that changes it."""
    out = shutil.copytree(fitted_cohort / "out", tmp_path / "out")
    return Person(CohortFolder(out).person("01"), fitted_cohort / "raw")


@pytest.fixture(scope="session")
def person_with_maps(fitted_cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Go on with `--keep maps`: for a test that only looks."""
    out = shutil.copytree(fitted_cohort / "out", tmp_path_factory.mktemp("maps") / "out")
    person = Person(CohortFolder(out).person("01"), fitted_cohort / "raw")
    person.keep("maps")
    code, told = person.run()
    assert code == 0
    assert "fit" not in {event.stage for event in told if isinstance(event, events.Progress)}
    return person


@pytest.fixture
def a_person_with_maps(person_with_maps: Person, tmp_path: Path) -> Person:
    """Copy it, for a test that changes it."""
    out = shutil.copytree(person_with_maps.out, tmp_path / "out")
    return Person(CohortFolder(out).person("01"), person_with_maps.raw)


@pytest.fixture(scope="session")
def the_person(fitted_cohort: Path) -> Person:
    """Return the person of the cohort, for a test that only looks."""
    return Person(CohortFolder(fitted_cohort / "out").person("01"), fitted_cohort / "raw")


@pytest.fixture
def warnings_of() -> Callable[[list[events.Event]], list[str]]:
    return lambda told: [event.message for event in told if isinstance(event, events.Warning)]
