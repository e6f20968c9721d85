"""A tiny subject in files, for the tests that go from files to files.

The library is imported inside the fixtures: some tests in this tree prove that a panel works without it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Here and in child processes: so small fits are slower in several threads, and other tests run beside them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Where a test asks for threads, those that wait for each other must not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

if TYPE_CHECKING:
    from LongitudinalINRLib.imaging.volume import Volume
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.request import Request

SHAPE = (20, 22, 18)
VOXEL_MM = 2.0
SHRINKAGE_PER_YEAR = 0.03


@dataclass(frozen=True)
class TinySubject:
    """Files of a subject whose scans shrink towards the middle; `usual` is a fit that takes a moment."""

    folder: Path
    follow_ups: dict[float, Path]
    grid: Volume
    usual: Request

    @property
    def baseline(self) -> Path:
        return self.folder / "t00.nii.gz"

    @property
    def mask(self) -> Path:
        return self.folder / "mask.nii.gz"

    @property
    def labels(self) -> Path:
        return self.folder / "labels.nii.gz"

    def request(self, **changes: object) -> Request:
        """Return the usual request with some fields changed."""
        return replace(self.usual, **changes)


@pytest.fixture(scope="session")
def tiny_subject(tmp_path_factory: pytest.TempPathFactory) -> TinySubject:
    """Write a baseline and follow-ups at 12 and 24 months, with mask and labels."""
    import numpy as np
    from scipy import ndimage

    from LongitudinalINRLib.imaging.volume import Volume
    from LongitudinalINRLib.imaging.writing import write_volume

    folder = tmp_path_factory.mktemp("subject")
    affine = np.diag([VOXEL_MM, VOXEL_MM, VOXEL_MM, 1.0])
    affine[:3, 3] = (-19.0, -21.0, -17.0)
    centre = (np.array(SHAPE) - 1) / 2
    offsets = np.indices(SHAPE).T - centre
    radius = np.linalg.norm(offsets / (0.4 * np.array(SHAPE)), axis=-1).T
    random = np.random.default_rng(5)
    texture = ndimage.gaussian_filter(random.standard_normal(SHAPE), 1.5)
    head = np.where(radius < 1.2, 100.0 + 300.0 * texture, 0.0)
    grid = Volume(radius < 1.0, affine)
    paths = {}
    for months in (0.0, 12.0, 24.0):
        back = np.eye(3) / (1.0 - SHRINKAGE_PER_YEAR * months / 12.0)
        moved = ndimage.affine_transform(head, back, centre - back @ centre, order=1)
        paths[months] = folder / f"t{months:02.0f}.nii.gz"
        scan = grid.with_array((moved + random.normal(0, 1.0, SHAPE)).astype(np.float32))
        write_volume(scan, paths[months])
    left = (np.indices(SHAPE)[0] < centre[0]) & grid.array
    labels = np.where(left, 17, 53) * grid.array
    write_volume(grid, folder / "mask.nii.gz")
    write_volume(grid.with_array(labels), folder / "labels.nii.gz")
    follow_ups = {months: path for months, path in paths.items() if months > 0}
    return TinySubject(folder, follow_ups, grid, _usual_request(folder, follow_ups))


def _usual_request(folder: Path, follow_ups: dict[float, Path]) -> Request:
    from LongitudinalINRLib.core.config import FitConfig, Stage
    from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry

    config = FitConfig(
        preset="preview",
        widths=(16, 16),
        steps=20,
        similarity_points=256,
        derivative_points=32,
        drawn_times=1,
        stages=(Stage(1.0, 0.0),),
    )
    return Request(
        str(folder / "t00.nii.gz"),
        tuple(ScanEntry(str(path), months) for months, path in follow_ups.items()),
        labels=str(folder / "labels.nii.gz"),
        config=config,
        align="none",
        device="cpu",
        outputs=Outputs(maps_at_months=(0.0, 12.0, 18.0, 24.0), report=False),
    )


@pytest.fixture(scope="session")
def a_result(tiny_subject: TinySubject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do the usual job once, for all tests that only ask."""
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.worker import perform

    folder = JobFolder(tmp_path_factory.mktemp("fitted") / "result")
    folder.create()
    folder.manifest.write_bytes(folder.request, tiny_subject.request().to_json().encode())
    assert perform(folder, lambda event: None, lambda: False) == 0
    return folder.path


@pytest.fixture
def a_done_job(a_result: Path, tmp_path: Path) -> JobFolder:
    """Copy the usual job, done, for a test that changes it."""
    from LongitudinalINRLib.jobs.folder import JobFolder

    return JobFolder(shutil.copytree(a_result, tmp_path / "done"))


@pytest.fixture(scope="session")
def visit(tiny_subject: TinySubject, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that exports the tiny subject's scan of a month as an archive does, as of a day."""
    import nibabel as nib
    import numpy as np

    sys.path.insert(0, str(Path(__file__).parent))
    from dicom_export import add_visit

    ras_from_lps = np.diag([-1.0, -1.0, 1.0, 1.0])

    def export(month: int, day: str, more: dict | None = None, flat: bool = False) -> Path:
        image = nib.load(tiny_subject.folder / f"t{month:02d}.nii.gz")
        values = np.asarray(image.dataobj)
        voxels = np.round((values - values.min()) * 10).astype(np.uint16)
        place = tmp_path_factory.mktemp("export")
        return add_visit(place, voxels, ras_from_lps @ image.affine, str(month + 1), day, more, flat)

    return export
