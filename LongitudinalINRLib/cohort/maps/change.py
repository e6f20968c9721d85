"""A person's change at the voxels of the template, asked of the model itself: no map is resampled.

log|J| is carried over as it is, without modulation: it stays the change of the person's own tissue, and is not
multiplied by the volume change of the registration to the template.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.scores import log_jacobian
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.maps.person import placement_path
from LongitudinalINRLib.cohort.maps.placement import Placement
from LongitudinalINRLib.cohort.maps.reach import reached
from LongitudinalINRLib.cohort.maps.space import TemplateSpace
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.words import MONTHS_PER_YEAR

MONTHS_BEYOND = 1.0
"""How far beyond the last scan a person still counts: visits are not made to the day."""

Values = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Change:
    """A person's change at the voxels of the template, NaN where there is no data.

    Parameters
    ----------
    yearly : ndarray, shape (V,)
        log|J| at the last scan, per year.
    log_jacobian : ndarray, shape (T, V)
        log|J| at the months asked for; NaN throughout at those after the last scan.
    """

    yearly: Values
    log_jacobian: Values


def change_in_template(
    person: PersonFolder,
    months: Sequence[float],
    space: TemplateSpace,
    should_stop: Callable[[], bool] | None = None,
) -> Change:
    """Ask a person's model for the change at each voxel of the template.

    Parameters
    ----------
    person : PersonFolder
        Fitted, and carried to the template (see `person.carry_to_template`).
    months : sequence of float
        Since the baseline.
    space : TemplateSpace
        The voxels.
    should_stop : callable, optional
        Asked at every chunk of points.

    Raises
    ------
    InputError
        The fit is damaged.
    Cancelled
        When `should_stop` said so.
    """
    result = open_result(person.job.path, device="cpu")
    placement = Placement.from_bytes(placement_path(person).read_bytes())
    points_mm, has_data = reached(placement(space.points_mm), result)
    evaluator = PointEvaluator(result.model, should_stop)
    last = max(result.model.observed_months)

    def at(month: float) -> Values:
        values = np.full(len(points_mm), np.nan, np.float32)
        values[has_data] = log_jacobian(evaluator.jacobian(points_mm[has_data], month))
        return values

    known = {month: at(month) for month in {last, *months} if 0 < month <= last + MONTHS_BEYOND}
    unchanged = np.where(has_data, 0.0, np.nan).astype(np.float32)
    none = np.full(len(points_mm), np.nan, np.float32)
    found = [unchanged if month == 0 else known.get(month, none) for month in months]
    stacked = np.stack(found) if found else np.zeros((0, len(points_mm)), np.float32)
    return Change(known[last] * np.float32(MONTHS_PER_YEAR / last), stacked)
