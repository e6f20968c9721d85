"""A line of ``evaluate``: what is known about one month of a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.points import Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.scores import score
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import TimeKind


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
    regions = RegionSet.from_labels(labels, mask)
    found = _values(jacobian, regions)
    folded = int(np.count_nonzero(found <= 0))
    if truth is None:
        return TimeScore(months, kind, None, None, None, folded, dice)
    scored = score(months, found, _values(truth, regions), regions)
    return TimeScore(
        months,
        kind,
        scored.rmse_log_jacobian,
        scored.correlation,
        scored.region_error_points,
        folded,
        dice,
    )


def _values(map_: Volume, regions: RegionSet) -> Values:
    return np.asarray(map_.array.ravel()[regions.voxels], np.float64)
