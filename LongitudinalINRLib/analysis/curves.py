"""Region means of |J| and its rate, month by month, from an even sample of each region's voxels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.monotonicity import (
    RATE_FLOOR_PERCENT_PER_YEAR,
    SignTally,
    sampled_months,
)
from LongitudinalINRLib.analysis.points import PointEvaluator, Values
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.time_nodes import over_time

POINT_BUDGET = 600_000
"""Evaluations (voxels times months) that the curves may cost up to the last scan: half a 1 mm brain.

For 45 regions and three years that is 350 voxels a region; their mean volume change is within about 0.05
percentage points of that of all voxels.
"""

FEWEST_VOXELS, MOST_VOXELS = 100, 1000
"""Sampled voxels of a region, whatever the budget says; smaller regions are taken whole."""

LARGEST_ERROR = 1e-4
LARGEST_RATE_ERROR = 0.1 * RATE_FLOOR_PERCENT_PER_YEAR / 1200.0
"""Of |J| and its rate per month of a voxel, where a month between others is not asked itself."""


@dataclass(frozen=True, eq=False)
class RegionCurves:
    """Region means over time; position 0 of the last axis is the whole mask, as in `RegionSet`.

    Parameters
    ----------
    months : tuple of float
        Ascending: every whole month up to the last scan or month asked for, and those.
    mean_jacobian, mean_rate : ndarray, shape (T, 1 + R)
        Mean |J| and mean d|J|/dt per month.
    sign_consistency, sign_change_share : ndarray, shape (1 + R,)
        See `monotonicity`; consistency is NaN where nothing ever changes.
    """

    months: tuple[float, ...]
    mean_jacobian: Values
    mean_rate: Values
    sign_consistency: Values
    sign_change_share: Values


def region_curves(
    evaluator: PointEvaluator, regions: RegionSet, months: Iterable[float] = ()
) -> RegionCurves:
    """Follow every region from the baseline to the last scan, or the last month asked for.

    Parameters
    ----------
    evaluator : PointEvaluator
        The fitted model.
    regions : RegionSet
        Which voxels belong to which region.
    months : iterable of float
        Months wanted beside the whole ones and those of the scans.
    """
    model = evaluator.model
    counting = set(sampled_months(model.observed_months))
    named = {*map(float, months), *map(float, model.observed_months)}
    whole = map(float, range(math.floor(max(named)) + 1))
    times = sorted({*whole, *counting, *named})
    # Months that are only asked for must not change which voxels are looked at.
    per_region = POINT_BUDGET // (len(counting) * len(regions.labels))
    chosen = regions.even_sample(min(max(per_region, FEWEST_VOXELS), MOST_VOXELS))
    values = over_time(
        lambda points_mm, month: np.stack(evaluator.jacobian_and_rate(points_mm, month)),
        regions.points_mm(chosen),
        times,
        max(model.observed_months),
        (LARGEST_ERROR, LARGEST_RATE_ERROR),
    )
    tally = SignTally(len(chosen))
    for month, (_, rate) in zip(times, values, strict=True):
        if month in counting:
            tally.add(rate)
    means = np.array([[regions.means(quantity, chosen) for quantity in at_month] for at_month in values])
    return RegionCurves(
        tuple(times),
        means[:, 0],
        means[:, 1],
        regions.means(tally.consistency(), chosen),
        regions.means(tally.changes_sign().astype(np.float64), chosen),
    )
