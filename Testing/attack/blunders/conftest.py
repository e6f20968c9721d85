"""A person made from the built-in anatomy, scanned four times as it shrinks, in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.core.config import FitConfig, Stage
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry
from LongitudinalINRLib.simulate.builtin import builtin_subject
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.subject import simulate_subject

VOXEL_MM = 4.0
MONTHS = (0.0, 12.0, 24.0, 36.0)
CONFIG = FitConfig(
    preset="preview",
    widths=(48, 48),
    steps=120,
    similarity_points=2048,
    derivative_points=64,
    drawn_times=1,
    stages=(Stage(0.3, 4.0), Stage(0.7, 1.0)),
)


@dataclass(frozen=True)
class Person:
    """The files of a person's scans, by the month they were taken."""

    scans: dict[float, Path]
    labels: Path
    volumes: dict[float, Volume]

    def request(self, months: dict[float, float], **replaced: Path) -> Request:
        """Return a request with the months as typed; ``month_24=path`` takes another file for that scan."""
        files = self.scans | {float(name.removeprefix("month_")): path for name, path in replaced.items()}
        entries = sorted((typed, files[taken]) for taken, typed in months.items())
        return Request(
            str(self.scans[0.0]),
            tuple(ScanEntry(str(path), typed) for typed, path in entries),
            labels=str(self.labels),
            config=CONFIG,
            device="cpu",
            outputs=Outputs(report=False),
        )


@pytest.fixture(scope="session")
def a_person(tmp_path_factory: pytest.TempPathFactory) -> Person:
    folder = tmp_path_factory.mktemp("person")
    average, regions = builtin_subject(VOXEL_MM)
    random = np.random.default_rng(4)
    moves = [ndimage.gaussian_filter(random.normal(size=average.shape), 3.0) for _ in range(3)]
    places = np.indices(average.shape) + np.stack([3.0 / VOXEL_MM * m / m.std() for m in moves])
    t1, labels = (
        volume.with_array(ndimage.map_coordinates(volume.array, places, order=order))
        for volume, order in ((average, 1), (regions, 0))
    )
    rates = {label: 2.0 * rate for label, rate in DEFAULT_RATES.items()}
    # Smoother than usual: on the lattice that this needs, the change is simulated in a fifth of the time.
    subject = simulate_subject(
        t1, labels, MONTHS, noise=0.01, seed=1, rates_percent_per_year=rates, smoothness_mm=8.0
    )
    scans = {month: folder / f"t{month:02.0f}.nii.gz" for month in MONTHS}
    for month, volume in zip(MONTHS, subject.scans, strict=True):
        write_volume(volume, scans[month])
    write_volume(subject.labels[0], folder / "labels.nii.gz")
    return Person(scans, folder / "labels.nii.gz", dict(zip(MONTHS, subject.scans, strict=True)))
