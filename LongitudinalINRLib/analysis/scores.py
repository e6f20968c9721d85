"""Scores of a |J| map against a known truth, inside the brain mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.points import Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import SMALLEST_JACOBIAN, TimeKind

SMALLEST_REGION_ML = 0.5
"""Smaller regions do not enter the region error: a few voxels at the border decide about them."""

"""Where a logarithm is taken, folded voxels count as this small; `folded_voxels` says how many there are."""


@dataclass(frozen=True)
class TimeScore:
    """Scores at one month, as ``evaluate`` prints them; None where the truth that it needs is not given.

    Parameters
    ----------
    months, kind : float, str
        The month since baseline and whether it is observed, interpolated or extrapolated.
    rmse_log_jacobian : float or None
        Root of the mean squared error of log |J| over the voxels of the mask.
    correlation : float or None
        Pearson's, of log |J| with the true one; None where either does not vary.
    region_error_points : float or None
        Mean over regions of at least 0.5 mL of the absolute error of the volume change, in percentage points.
    folded_voxels : int
        Voxels of the mask with |J| <= 0.
    dice : float or None
        Mean Dice overlap of the labels.
    """

    months: float
    kind: TimeKind
    rmse_log_jacobian: float | None
    correlation: float | None
    region_error_points: float | None
    folded_voxels: int
    dice: float | None = None


def score_month(
    months: float,
    kind: TimeKind,
    jacobian: Volume,
    mask: Volume,
    *,
    truth: Volume | None = None,
    labels: Volume | None = None,
    dice: float | None = None,
) -> TimeScore:
    """Score one |J| map.

    Parameters
    ----------
    months, kind : float, str
        The month of the map and its kind.
    jacobian, truth : Volume
        |J| found and true, on the baseline grid.
    mask : Volume
        Boolean; voxels outside do not count.
    labels : Volume, optional
        Integer labels on the baseline grid, for the region error.
    dice : float, optional
        Mean Dice, passed through.
    """
    inside = mask.array.astype(bool)
    found = jacobian.array[inside].astype(np.float64)
    folded = int(np.count_nonzero(found <= 0))
    if truth is None:
        return TimeScore(months, kind, None, None, None, folded, dice)
    true = truth.array[inside].astype(np.float64)
    region_error = (
        None if labels is None else region_error_points(found, true, RegionSet.from_labels(labels, mask))
    )
    return TimeScore(
        months, kind, rmse_log_jacobian(found, true), correlation(found, true), region_error, folded, dice
    )


def rmse_log_jacobian(found: Values, true: Values) -> float:
    """Return the root mean squared error of log |J| over voxels; both of shape (N,)."""
    return float(np.sqrt(np.mean((log_jacobian(found) - log_jacobian(true)) ** 2)))


def correlation(found: Values, true: Values) -> float | None:
    """Return Pearson's correlation of log |J| over voxels, both of shape (N,); None if either is constant."""
    deviations = [values - values.mean() for values in (log_jacobian(found), log_jacobian(true))]
    norms = [float(np.linalg.norm(deviation)) for deviation in deviations]
    if min(norms) <= 1e-12 * len(found):
        return None
    return float(deviations[0] @ deviations[1] / (norms[0] * norms[1]))


def region_error_points(found: Values, true: Values, regions: RegionSet) -> float | None:
    """Return the mean absolute error of regional volume change, in percentage points.

    Parameters
    ----------
    found, true : ndarray, shape (N,)
        |J| at the voxels of ``regions``.
    regions : RegionSet
        Regions smaller than 0.5 mL and the whole mask do not enter; None if no region is left.
    """
    large = regions.counts * regions.grid.voxel_volume_ml >= SMALLEST_REGION_ML
    large[0] = False
    errors = 100.0 * np.abs(regions.means(found) - regions.means(true))[large]
    return float(errors.mean()) if len(errors) else None


def log_jacobian(jacobian: Values) -> Values:
    """Return log |J| of values of any shape; folded ones count as `SMALLEST_JACOBIAN`."""
    return np.asarray(np.log(np.maximum(jacobian, SMALLEST_JACOBIAN)))
