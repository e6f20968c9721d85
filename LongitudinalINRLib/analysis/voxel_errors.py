"""Error bars of a map, voxel by voxel."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.error_model import SAME_SCANNER, VOXEL, Evidence, ScannerError, half_width
from LongitudinalINRLib.imaging.volume import Volume

Array = TypeVar("Array", bound=NDArray[Any])


def voxel_half_widths(
    log_jacobian: Volume,
    mask: Volume,
    residual: float,
    voxel_mm: float,
    log_jacobian_at_last_scan: Volume | None = None,
    scanner: ScannerError = SAME_SCANNER,
) -> Volume:
    """Return the half-width of the 90 % interval of log|J|; 0 outside the mask.

    Parameters
    ----------
    log_jacobian : Volume
        The map of a month.
    mask : Volume
        Boolean, on the same grid: the brain.
    residual : float
        Root of the share of the follow-ups' variance that the fit leaves unexplained.
    voxel_mm : float
        Longest edge of the baseline's voxels, whatever the grid of the map.
    log_jacobian_at_last_scan : Volume, optional
        The map of the last scan's month, for a month beyond it.
    scanner : ScannerError
        What is known about the scanners.
    """
    everywhere = mask.array.astype(bool)
    box = _box_around(everywhere)  # half of a scan is air
    inside = everywhere[box]
    values: NDArray[np.float64] = log_jacobian.array[box].astype(np.float64)
    foretold: NDArray[np.float64] | float = 0.0
    if log_jacobian_at_last_scan is not None:
        foretold = (values - log_jacobian_at_last_scan.array[box].astype(np.float64))[inside]
    amplitude = float(np.sqrt(np.mean(values[inside] ** 2)))
    steepness = _steepness_per_mm(values, inside, log_jacobian.voxel_sizes_mm)
    widths = np.zeros(everywhere.shape, np.float32)
    evidence = Evidence(residual, amplitude, voxel_mm, scanner)
    widths[box][inside] = half_width(VOXEL, evidence, steepness[inside], foretold, change=values[inside])
    return log_jacobian.with_array(widths)


def _box_around(inside: NDArray[np.bool_]) -> tuple[slice, ...]:
    """Return the smallest box of voxels that holds a mask; an empty one is all of it."""
    found = [np.flatnonzero(inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    return tuple(slice(each[0], each[-1] + 1) if each.size else slice(None) for each in found)


def _steepness_per_mm(
    values: NDArray[np.float64], inside: NDArray[np.bool_], voxel_sizes_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the length of the gradient; towards a neighbour outside the mask the map counts as level."""
    squares = np.zeros(values.shape)
    for axis, size_mm in enumerate(voxel_sizes_mm):
        rise = np.zeros(values.shape)
        steps = np.diff(values, axis=axis)
        both = np.logical_and(*_pair(inside, axis))
        steps[~both] = 0.0
        ahead, behind = _pair(rise, axis)
        ahead += steps
        behind += steps
        squares += (rise / (2.0 * size_mm)) ** 2
    return np.asarray(np.sqrt(squares))


def _pair(array: Array, axis: int) -> tuple[Array, Array]:
    """Return the views of all but the first and all but the last along an axis."""
    along = np.moveaxis(array, axis, 0)
    return np.moveaxis(along[1:], 0, axis), np.moveaxis(along[:-1], 0, axis)  # type: ignore[return-value]
