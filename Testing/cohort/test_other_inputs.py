"""A person whose scans are exchanged, or whose baseline becomes another one, after a fit."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.person import run_person
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedLabels, PlannedScan, write_plan
from LongitudinalINRLib.cohort.settled import settled
from LongitudinalINRLib.files import sha256_of
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.failures import BAD_INPUT, CANCELLED, DONE, MACHINE
from LongitudinalINRLib.jobs.integrity import damaged
from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry

PUBLISH = "LongitudinalINRLib.cohort.derivatives.publish.publish"


@dataclass
class Someone:
    """A person of a cohort whose scans are files of their own."""

    folder: PersonFolder
    request: Request
    template: bool = False
    segmentation: Path | None = None

    @property
    def scans(self) -> list[Path]:
        return [Path(self.request.baseline), *(Path(scan.path) for scan in self.request.follow_ups)]

    def run(self, stop_in: str | None = None) -> tuple[int, list[events.Event]]:
        """Plan as `bids` does, with the stamps of today, and do it."""
        scans = tuple(
            PlannedScan(
                session=f"{index}",
                path=path.name,
                months=months,
                months_from="given",
                stamp=f"{path.stat().st_mtime_ns}",
            )
            for index, (path, months) in enumerate(zip(self.scans, self.request.months, strict=True))
        )
        plan = PersonPlan(
            participant="01",
            bids_folder=str(self.scans[0].parent),
            scans=scans,
            labels_from="none",
            keep="model",
            request=json.loads(self.request.to_json()),
            template=self.template,
            labels=None if self.segmentation is None else _planned(self.segmentation),
        )
        write_plan(plan, self.folder)
        told: list[events.Event] = []

        def should_stop() -> bool:
            return any(isinstance(event, events.Progress) and event.stage == stop_in for event in told)

        return run_person(self.folder, told.append, should_stop), told

    @property
    def identity(self) -> dict[str, str]:
        return read_identity(self.folder.job.identity)


def _planned(segmentation: Path) -> PlannedLabels:
    return PlannedLabels(path=str(segmentation), stamp=f"{segmentation.stat().st_mtime_ns}")


@pytest.fixture
def someone(tiny_subject, tmp_path, monkeypatch) -> Someone:
    monkeypatch.setattr(PUBLISH, lambda *_: [])
    for month in ("00", "12"):
        shutil.copy(tiny_subject.folder / f"t{month}.nii.gz", tmp_path)
    request = replace(
        tiny_subject.usual,
        baseline=str(tmp_path / "t00.nii.gz"),
        follow_ups=(ScanEntry(str(tmp_path / "t12.nii.gz"), 12.0),),
        outputs=Outputs(maps=(), report=False),
    )
    return Someone(CohortFolder(tmp_path / "out").person("01"), request)


def exchange(scan: Path) -> None:
    """Put a brighter scan in the place of one."""
    image = nib.load(scan)
    brighter = nib.Nifti1Image(np.asarray(image.dataobj) * np.float32(1.5), image.affine)
    nib.save(brighter, scan.with_name("other.nii.gz"))
    os.replace(scan.with_name("other.nii.gz"), scan)


def is_of(someone: Someone) -> None:
    """Assert that the result is whole, and of the scans as they are now."""
    assert someone.folder.job.state == "finished"
    assert damaged(someone.folder.job) == []
    found = {name: digest for name, digest in someone.identity.items() if name.startswith("scan-")}
    assert found == {f"scan-{index}": sha256_of(path) for index, path in enumerate(someone.scans)}
    account = read_account(someone.folder.job.fit)
    assert [scan.sha256 for scan in account.scans] == [sha256_of(path) for path in someone.scans]


def test_a_scan_that_was_exchanged_after_the_fit_is_fitted(someone):
    assert someone.run()[0] == DONE
    before = someone.folder.job.model_weights.read_bytes()
    exchange(someone.scans[1])
    assert someone.run()[0] == DONE
    is_of(someone)
    assert someone.folder.job.model_weights.read_bytes() != before

    exchange(someone.scans[1])  # seen even if the first run after it was stopped
    assert someone.run(stop_in="series")[0] == CANCELLED
    assert someone.run()[0] == DONE
    is_of(someone)


def test_a_scan_that_was_only_touched_is_not_fitted_again(someone):
    assert someone.run()[0] == DONE
    fitted = someone.folder.job.results.stat().st_mtime_ns
    os.utime(someone.scans[1], ns=(1, 1))
    code, told = someone.run()
    assert code == DONE
    assert not any(isinstance(event, events.Progress) for event in told)
    assert someone.folder.job.results.stat().st_mtime_ns == fitted


def test_regions_are_those_of_a_segmentation_that_was_made_again(someone, tiny_subject, tmp_path):
    someone.segmentation = shutil.copy(tiny_subject.labels, tmp_path / "aseg.nii.gz")
    someone.request = replace(someone.request, labels=str(someone.folder.labels))
    assert someone.run()[0] == DONE
    image = nib.load(someone.segmentation)
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj) + np.int16(1), image.affine), tmp_path / "new.nii.gz")
    os.replace(tmp_path / "new.nii.gz", someone.segmentation)
    assert someone.run()[0] == DONE
    assert {row.label for row in read_regions(someone.folder.job.regions)} == {0, 1, 18, 54}


def test_a_scan_that_was_exchanged_while_the_fit_was_stopped_is_fitted(someone):
    assert someone.run(stop_in="fit")[0] == CANCELLED
    assert someone.folder.job.identity.exists()
    exchange(someone.scans[1])
    assert someone.run()[0] == DONE
    is_of(someone)


def test_another_baseline_takes_the_place_of_the_fit_once_it_can_be_used(someone):
    assert someone.run()[0] == DONE
    before = someone.folder.job.model_weights.read_bytes()
    note = someone.folder.job.path / "note.txt"
    note.write_text("mine")
    other = someone.scans[0].with_name("defaced.nii.gz")
    other.write_text("no image")
    someone.request = replace(someone.request, baseline=str(other))
    assert someone.run()[0] == BAD_INPUT
    assert someone.folder.job.model_weights.read_bytes() == before
    assert someone.folder.job.state == "finished"

    shutil.copy(someone.scans[1].with_name("t00.nii.gz"), other)
    exchange(other)
    assert someone.run()[0] == DONE
    is_of(someone)
    assert note.read_text() == "mine"


@pytest.mark.parametrize("where", ["LongitudinalINRLib.jobs.stages.model.save", PUBLISH])
def test_a_full_disk_is_no_fault_of_the_scans_and_the_next_run_goes_on(someone, monkeypatch, where):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(where, full)
        code, told = someone.run()
    assert (code, told[-1].code) == (MACHINE, "disk-full")
    outcome = read_outcome(someone.folder)
    assert (outcome.code, outcome.error, outcome.is_final) == (MACHINE, "disk-full", False)
    assert settled(someone.folder) is None
    assert someone.run()[0] == DONE
    is_of(someone)


def test_an_outcome_that_cannot_be_written_is_no_end(someone, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("LongitudinalINRLib.cohort.person.write_outcome", full)
        someone.scans[1].rename(someone.scans[1].with_name("away.nii.gz"))
        someone.scans[1].write_text("no image")
        code, told = someone.run()
    assert (code, told[-1].code) == (MACHINE, "disk-full")
    assert read_outcome(someone.folder) is None


def test_whatever_goes_wrong_with_the_template_is_a_warning(someone, monkeypatch):
    errors = [OSError(errno.EIO, "the disk fails"), MemoryError(), RuntimeError("of a library")]

    def fail(*_: object, **__: object) -> None:
        raise errors.pop()

    monkeypatch.setattr("LongitudinalINRLib.cohort.maps.person.carry_to_template", fail)
    someone.template = True
    assert [someone.run()[0] for _ in range(3)] == [DONE, DONE, DONE]
    told = "".join(text for text in read_outcome(someone.folder).warnings if "Not registered" in text)
    for words in ("of a library", "ran out of memory", "the disk fails"):
        assert words in told
