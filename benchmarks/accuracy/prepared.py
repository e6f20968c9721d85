"""A subject ready to be fitted: scans, alignments and truth, kept in one file so that a run can go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.arrays import write_arrays
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.cohort.physics import CONTRAST_AGENT
from benchmarks.accuracy.simulation import cropped, real_pair, simulate
from benchmarks.people import PEOPLE, USUAL
from benchmarks.subject import anatomy
from LongitudinalINRLib.analysis.appearance import compare_appearance
from LongitudinalINRLib.analysis.blur import with_blur_free
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.mask import mask_from
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.stages.problem import problem_of

VOXELS_PER_REGION = 4000
BASELINE = 0.0


@dataclass(frozen=True, eq=False)
class Prepared:
    """A subject and what is known about it.

    Parameters
    ----------
    name : str
        Of its specification.
    scans, labels : dict of float to Volume
        By month, each in its own head position; float32 and int16.
    matrices : dict of float to ndarray, shape (4, 4)
        Alignments found: baseline RAS mm to follow-up RAS mm.
    jacobians : dict of float to Volume
        True |J| on the baseline's grid, by month; empty where no truth is known.
    """

    name: str
    scans: dict[float, Volume]
    labels: dict[float, Volume]
    matrices: dict[float, NDArray[np.float64]]
    jacobians: dict[float, Volume]

    @cached_property
    def mask(self) -> Volume:
        """The brain, from the baseline's labels as a job takes it."""
        return mask_from(self.labels[BASELINE], self.scans[BASELINE])

    @cached_property
    def regions(self) -> RegionSet:
        """The baseline's regions within the mask."""
        return RegionSet.from_labels(self.labels[BASELINE], self.mask)

    @cached_property
    def sample(self) -> NDArray[np.int64]:
        """Positions in ``regions.voxels`` of the voxels that are scored."""
        return self.regions.even_sample(VOXELS_PER_REGION)

    @property
    def follow_up_months(self) -> tuple[float, ...]:
        """Months of the follow-ups."""
        return tuple(month for month in self.scans if month > BASELINE)

    def true_jacobian(self, month: float) -> NDArray[np.float64]:
        """Return the true |J| at the scored voxels."""
        voxels = self.regions.voxels[self.sample]
        return self.jacobians[month].array.ravel()[voxels].astype(np.float64)

    def problem(self, config: FitConfig, fitted_months: Iterable[float]) -> FitProblem:
        """Return the scans of some months as the fit sees them.

        Parameters
        ----------
        config : FitConfig
            Decides how intensities are treated.
        fitted_months : iterable of float
            Follow-ups to fit.
        """
        fitted = sorted(fitted_months)
        problem = problem_of(
            self.scans[BASELINE],
            {month: self.scans[month] for month in fitted},
            self.mask,
            self.matrices,
            leaves_drift_free=config.leaves_drift_free,
        )
        return with_blur_free(problem, compare_appearance(problem))


def prepare(spec: SubjectSpec, folder: Path) -> Prepared:
    """Simulate and align a subject, or read it back from the folder."""
    file = folder / f"{spec.name}.npz"
    if not file.exists():
        person = PEOPLE[spec.person]
        t1, labels = anatomy()[:2] if spec.person == USUAL else person.read()
        if spec.physics is CONTRAST_AGENT:
            truth = real_pair(spec, t1, labels, person.read_second())
        else:
            truth = simulate(spec, *cropped(t1, labels))
        _write(aligned(spec.name, truth.scans, truth.labels, truth.jacobians), file)
    return _read(spec.name, file)


def aligned(
    name: str,
    scans: dict[float, Volume],
    labels: dict[float, Volume],
    jacobians: dict[float, Volume],
) -> Prepared:
    """Align the scans of a subject to its first, as a job does."""
    unaligned = Prepared(name, scans, labels, {}, jacobians)
    matrices = {
        month: align(scans[month], scans[BASELINE], unaligned.mask).matrix
        for month in unaligned.follow_up_months
    }
    return Prepared(name, scans, labels, matrices, jacobians)


_PARTS = {"scan": np.float32, "labels": np.int16, "jacobian": np.float32}


def _write(subject: Prepared, file: Path) -> None:
    arrays: dict[str, NDArray[np.generic]] = {}
    groups: Mapping[str, dict[float, Volume]] = {
        "scan": subject.scans,
        "labels": subject.labels,
        "jacobian": subject.jacobians,
    }
    for part, volumes in groups.items():
        for month, volume in volumes.items():
            arrays[f"{part}/{month!r}"] = volume.array.astype(_PARTS[part])
            arrays[f"{part}-affine/{month!r}"] = volume.affine
    arrays |= {f"matrix/{month!r}": matrix for month, matrix in subject.matrices.items()}
    write_arrays(arrays, file)


def _read(name: str, file: Path) -> Prepared:
    with np.load(file) as arrays:

        def volumes(part: str) -> dict[float, Volume]:
            months = [key.partition("/")[2] for key in arrays.files if key.startswith(f"{part}/")]
            return {
                float(month): Volume(arrays[f"{part}/{month}"], arrays[f"{part}-affine/{month}"])
                for month in months
            }

        matrices = {
            float(key.partition("/")[2]): arrays[key] for key in arrays.files if key.startswith("matrix/")
        }
        return Prepared(name, volumes("scan"), volumes("labels"), matrices, volumes("jacobian"))
