"""Volume change on one slice: found by a method, or true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks.accuracy.experiments.plane_maps import percent_on_planes
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Estimate, Values
from LongitudinalINRLib.analysis.figures.planes import Plane
from LongitudinalINRLib.imaging.volume import Volume

Pixels = NDArray[np.float64]
NOTHING = np.nan


def found_percent(subject: Prepared, estimate: Estimate, plane: Plane, months: float) -> Pixels:
    """Return the volume change found, in percent, shape (H, W), NaN outside the brain."""
    ((found,),) = percent_on_planes(
        lambda points_mm: estimate.jacobian(points_mm, months)[None], [plane], subject.mask
    )
    return found


def found_percent_per_year(subject: Prepared, estimate: Estimate, plane: Plane, months: float) -> Pixels:
    """Return the rate of change found, in percent of the baseline's volume per year."""
    return found_percent(subject, _RatePerYear(estimate), plane, months)


def true_percent(subject: Prepared, plane: Plane, months: float) -> Pixels | None:
    """Return the true volume change in percent, or None where it is not known."""
    if months not in subject.jacobians:
        return None
    inside = plane.sample(subject.mask, order="nearest") > 0.5
    return np.where(inside, 100.0 * (plane.sample(subject.jacobians[months]) - 1.0), NOTHING)


@dataclass(frozen=True, eq=False)
class OnGrid:
    """|J| maps by month, as other programs give them, that answer at points."""

    maps: dict[float, Volume]

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at points, interpolated linearly."""
        volume = self.maps[months]
        to_voxel = np.linalg.inv(volume.affine)
        index = points_mm @ to_voxel[:3, :3].T + to_voxel[:3, 3]
        return np.asarray(ndimage.map_coordinates(volume.array, index.T, order=1, mode="nearest"), np.float64)


@dataclass(frozen=True, eq=False)
class _RatePerYear:
    """Answers with one plus the rate per year, so that the rate can be drawn as a change is."""

    estimate: Estimate

    def jacobian(self, points_mm: Values, months: float) -> Values:
        return 1.0 + 12.0 * self.estimate.rate(points_mm, months)
