"""The map of change at the months of a report's slider, in voxels of about 2 mm, with its error bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.error_model import SAME_SCANNER, ScannerError
from LongitudinalINRLib.analysis.points import PointEvaluator, Points, Values, voxel_centres_mm
from LongitudinalINRLib.analysis.regions import GridMaps
from LongitudinalINRLib.analysis.scores import log_jacobian
from LongitudinalINRLib.analysis.voxel_errors import voxel_half_widths
from LongitudinalINRLib.imaging.volume import Volume

SPACING_MM = 2.0
"""|J| is smooth: what lies between is interpolated by whoever draws it."""

MOST_REGULAR_FRAMES = 12
FRAME_STEPS_MONTHS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120)

LARGEST_ERROR = 0.001
"""Of |J| at a month between others, which is not asked itself."""

CHECKED_POINTS = 1024

Voxels = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class MapFrames:
    """Maps of change over time on one grid.

    Parameters
    ----------
    mask : Volume
        Boolean: the brain, on the grid of the maps, which ends where it ends.
    months : tuple of float
        Of the maps, ascending, the baseline first.
    jacobian : ndarray, shape (T, I, J, K)
        |J|; 1 outside the mask.
    half_width : ndarray, shape (T, I, J, K), optional
        Half-width of the 90 % interval of log|J|; 0 outside the mask. None where it is not known.
    """

    mask: Volume
    months: tuple[float, ...]
    jacobian: Voxels
    half_width: Voxels | None

    def at(self, months: float) -> int:
        """Return which of the maps is of a month."""
        return self.months.index(months)


def frame_months(model: Deformation, asked_months: Iterable[float] = ()) -> tuple[float, ...]:
    """Return the positions of the time slider: evenly to the last scan or month asked for, and the scans."""
    asked = set(map(float, asked_months))
    scans = set(map(float, model.observed_months))
    end = max(scans | asked)
    step = next((s for s in FRAME_STEPS_MONTHS if end / s <= MOST_REGULAR_FRAMES), FRAME_STEPS_MONTHS[-1])
    return tuple(sorted({*np.arange(0, end, step).tolist(), *scans, end}))


def map_frames(
    model: Deformation,
    mask: Volume,
    months: tuple[float, ...],
    *,
    maps: Mapping[float, GridMaps] | None = None,
    residual: float | None = None,
    scanner: ScannerError = SAME_SCANNER,
    should_stop: Callable[[], bool] | None = None,
) -> MapFrames:
    """Return the maps at some months.

    The scans' months, and those that there are ``maps`` of, are known with their rates; a cubic in time leads
    from each to the next. Where it is not exact enough beside the network, at some of the voxels, the network
    is asked.

    Parameters
    ----------
    model : Deformation
        The fitted model.
    mask : Volume
        Boolean: the brain, on the baseline's grid.
    months : tuple of float
        Ascending, the baseline first.
    maps : mapping of float to GridMaps, optional
        Maps on the baseline's grid that exist already.
    residual, scanner
        As for `voxel_half_widths`; without the residual there are no error bars.
    should_stop : callable, optional
        Looked at before every chunk of work.
    """
    part = coarse_part(mask)
    coarse = part_of(mask, part)
    inside = np.flatnonzero(coarse.array)
    course = _Course(PointEvaluator(model, should_stop), coarse, inside, part, maps or {})
    # The interval beyond the last scan grows with the change at it, whether that is shown or not.
    made = tuple(sorted({*months, max(model.observed_months)}))
    flat = np.ones((len(made), coarse.array.size), np.float32)
    flat[:, inside] = course.at(made)
    jacobian = flat.reshape(len(made), *coarse.shape)
    shown = [made.index(month) for month in months]
    if residual is None:
        return MapFrames(coarse, months, jacobian[shown], None)
    voxel_mm = float(mask.voxel_sizes_mm.max())
    half_width = _half_widths(model, coarse, made, jacobian, residual, voxel_mm, scanner)
    return MapFrames(coarse, months, jacobian[shown], half_width[shown])


def measured_part(mask: Volume, valid: Volume | None) -> Volume:
    """Return the brain as far as every follow-up has data: elsewhere nothing was measured.

    Parameters
    ----------
    mask, valid : Volume
        Boolean: the brain, and where every follow-up has data, everywhere if None.
    """
    if valid is None:
        return mask
    return mask.with_array(mask.array.astype(bool) & valid.array.astype(bool))


def coarse_part(mask: Volume) -> tuple[slice, ...]:
    """Return which voxels make the grid of the maps: every n-th of the box around the mask."""
    steps = np.maximum(1, np.rint(SPACING_MM / mask.voxel_sizes_mm)).astype(int).tolist()
    inside = mask.array.astype(bool)
    found = [np.flatnonzero(inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    return tuple(
        slice(max(int(each[0]) - step, 0), int(each[-1]) + 1 + step, step)
        for each, step in zip(found, steps, strict=True)
    )


def part_of(volume: Volume, part: tuple[slice, ...]) -> Volume:
    """Return some of the voxels of a volume, where they lie."""
    affine = np.array(volume.affine)
    affine[:3, 3] += volume.affine[:3, :3] @ [each.start for each in part]
    affine[:3, :3] *= [each.step or 1 for each in part]
    return Volume(volume.array[part], affine)


class _Course:
    """|J| of the voxels of a coarse grid over time."""

    def __init__(
        self,
        evaluator: PointEvaluator,
        coarse: Volume,
        inside: NDArray[np.intp],
        part: tuple[slice, ...],
        maps: Mapping[float, GridMaps],
    ):
        self._evaluator, self._part, self._maps, self._inside = evaluator, part, maps, inside
        self._points_mm: Points = voxel_centres_mm(inside, coarse.shape, coarse.affine)
        self._checked = np.arange(0, len(inside), max(1, len(inside) // CHECKED_POINTS))

    def at(self, months: tuple[float, ...]) -> Values:
        """Return |J|, shape (T, N)."""
        scans = self._evaluator.model.observed_months
        known_months = sorted({months[0], months[-1], *scans, *self._maps} & set(months))
        known = {month: self._known(month) for month in known_months}
        found: dict[float, Values] = {month: jacobian for month, (jacobian, _) in known.items()}
        for first, last in pairwise(known_months):
            between = [month for month in months if first < month < last]
            if not between:
                continue
            ends = (known[first], known[last])
            exact = self._is_exact(first, last, *ends)
            for month in between:
                share = (month - first) / (last - first)
                found[month] = (
                    _cubic(share, last - first, *ends)
                    if exact
                    else self._evaluator.jacobian(self._points_mm, month)
                )
        return np.stack([found[month] for month in months])

    def _known(self, month: float) -> tuple[Values, Values]:
        maps = self._maps.get(month)
        if maps is None or maps.rate is None:
            return self._evaluator.jacobian_and_rate(self._points_mm, month)
        jacobian, rate = (each.array[self._part].ravel()[self._inside] for each in (maps.jacobian, maps.rate))
        return jacobian.astype(np.float64), rate.astype(np.float64)

    def _is_exact(
        self, first: float, last: float, start: tuple[Values, Values], end: tuple[Values, Values]
    ) -> bool:
        some = self._checked
        told = _cubic(0.5, last - first, (start[0][some], start[1][some]), (end[0][some], end[1][some]))
        true = self._evaluator.jacobian(self._points_mm[some], (first + last) / 2)
        return bool(np.abs(told - true).max(initial=0.0) <= LARGEST_ERROR)


def _cubic(share: float, months: float, start: tuple[Values, Values], end: tuple[Values, Values]) -> Values:
    """Return the value at a share of the way between two values with their rates (Hermite's cubic)."""
    left = 1.0 - share
    return np.asarray(
        left**2 * (1.0 + 2.0 * share) * start[0]
        + share**2 * (1.0 + 2.0 * left) * end[0]
        + months * share * left * (left * start[1] - share * end[1])
    )


def _half_widths(
    model: Deformation,
    mask: Volume,
    months: tuple[float, ...],
    jacobian: Voxels,
    residual: float,
    voxel_mm: float,
    scanner: ScannerError,
) -> Voxels:
    last = max(model.observed_months)
    logs = [mask.with_array(log_jacobian(each)) for each in jacobian]
    at_last = logs[months.index(last)]
    widths = np.zeros(jacobian.shape, np.float32)
    for index, month in enumerate(months):
        if month > 0:  # at the baseline nothing has changed, and nothing is uncertain
            beyond = at_last if month > last else None
            found = voxel_half_widths(logs[index], mask, residual, voxel_mm, beyond, scanner)
            widths[index] = found.array
    return widths
