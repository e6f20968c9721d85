"""Error bars of the regions' volume changes."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.analysis.error_model import REGION, SAME_SCANNER, Evidence, ScannerError, half_width
from LongitudinalINRLib.analysis.points import PointEvaluator, Points, Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.scores import log_jacobian

VOXELS_PER_REGION = 200
STEP_MM = 1.5


def region_half_widths_points(
    evaluator: PointEvaluator,
    regions: RegionSet,
    months: float,
    residual: float,
    scanner: ScannerError = SAME_SCANNER,
) -> Values:
    """Return the half-width of the 90 % interval of each region's volume change, in percentage points.

    Parameters
    ----------
    evaluator : PointEvaluator
        The fitted model.
    regions : RegionSet
        The regions.
    months : float
        The month; at the baseline nothing has changed, and nothing is uncertain.
    residual : float
        Root of the share of the follow-ups' variance that the fit leaves unexplained.
    scanner : ScannerError
        What is known about the scanners.

    Returns
    -------
    ndarray, shape (1 + R,)
        The whole mask first, as everywhere in a `RegionSet`.
    """
    if months == 0:
        return np.zeros(len(regions.labels))
    sample = regions.even_sample(VOXELS_PER_REGION)
    points_mm = regions.points_mm(sample)
    jacobian = evaluator.jacobian(points_mm, months)
    squares = regions.means(log_jacobian(jacobian) ** 2, sample)
    last = max(evaluator.model.observed_months)
    foretold = np.zeros(len(regions.labels))
    if months > last:
        foretold = regions.means(jacobian - evaluator.jacobian(points_mm, last), sample)
    voxel_mm = float(regions.grid.voxel_sizes_mm.max())
    widths = half_width(
        REGION,
        Evidence(residual, float(np.sqrt(squares[0])), voxel_mm, scanner),
        regions.means(steepness_per_mm(evaluator, points_mm, months), sample),
        foretold,
        (regions.counts * regions.grid.voxel_volume_ml).astype(np.float64),
        regions.means(jacobian, sample) - 1.0,
    )
    return np.asarray(100.0 * widths)


def steepness_per_mm(evaluator: PointEvaluator, points_mm: Points, months: float) -> Values:
    """Return the length of the gradient of log|J| at points, per mm, by central differences."""
    squares = np.zeros(len(points_mm))
    for axis in np.eye(3):
        ahead, behind = (
            log_jacobian(evaluator.jacobian(points_mm + sign * STEP_MM * axis, months))
            for sign in (1.0, -1.0)
        )
        squares += ((ahead - behind) / (2.0 * STEP_MM)) ** 2
    return np.asarray(np.sqrt(squares))
