"""How much larger or smaller one scanner shows a head than another: three factors, measured on the skull.

A scanner whose gradients are not calibrated alike stretches everything that it shows, and a brain that is
shown larger has not grown. The skull tells the two apart, as in SIENA [1]_: it keeps its size while the brain
shrinks.

The search is a Gauss-Newton descent on nine parameters: three of a rotation, three of a shift, and the
logarithms of the factors along the axes of the baseline's voxels, which for most scans are those of the
scanner's gradients. Both scans are smoothed alike and read between their voxels; the derivative is the mean
of both scans' (Benhimane and Malis [2]_), so that neither is preferred; smooth gain and offset between the
scans are solved for beside it. What moves against the skull, such as eyes and skin, is weighted down (Tukey).

References
----------
.. [1] Smith et al., "Accurate, robust, and automated longitudinal and cross-sectional brain change analysis",
   NeuroImage 17(1), 2002.
.. [2] Benhimane and Malis, "Real-time image-based tracking of planes using efficient second-order
   minimization", IROS 2004.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.skull import skull_points_mm
from LongitudinalINRLib.imaging.smooth_scan import SmoothScan
from LongitudinalINRLib.imaging.volume import Volume

Values = NDArray[np.float64]

_SMOOTHINGS_MM = (2.0, 1.0)
_SMALLEST_SMOOTHING_VOXELS = 0.5
_ITERATIONS = 20
_CONVERGED = 3e-6
_STEEPEST_SHARE = 0.5
_FEWEST_POINTS = 5000
_LOWEST_CORRELATION = 0.7
_UNIT_MM = 100.0
_TUKEY_SCALES, _MAD_TO_SIGMA = 4.685, 1.4826


def measured_scale(
    follow_up: Volume,
    baseline: Volume,
    mask: Volume,
    matrix: Values,
    should_stop: Callable[[], bool] | None = None,
) -> Values | None:
    """Measure by which factors a follow-up shows the head larger than the baseline.

    Parameters
    ----------
    follow_up, baseline : Volume
        Each on its own grid.
    mask : Volume
        Brain on the baseline's grid.
    matrix : ndarray, shape (4, 4)
        A rigid alignment of the brains, baseline RAS mm to follow-up RAS mm, from which the search begins.
    should_stop : callable, optional
        Asked at every iteration; a true answer raises :class:`LongitudinalINRLib.errors.Cancelled`.

    Returns
    -------
    ndarray, shape (3,), or None
        Along the axes of the baseline's voxels; None where one of the scans shows no skull.
    """
    points_mm = skull_points_mm(baseline, mask)
    if len(points_mm) < _FEWEST_POINTS:
        return None
    frame = _Frame(_voxel_axes(baseline), points_mm.mean(axis=0))
    pose = _Pose(matrix[:3, :3] @ frame.axes, matrix[:3, :3] @ frame.centre_mm + matrix[:3, 3], np.ones(3))
    likeness = 0.0
    coarsest_mm = max(*baseline.voxel_sizes_mm, *follow_up.voxel_sizes_mm)
    for wanted_mm in _SMOOTHINGS_MM:
        sigma_mm = max(wanted_mm, _SMALLEST_SMOOTHING_VOXELS * coarsest_mm)
        edges = _edges(SmoothScan(baseline, sigma_mm), frame, points_mm)
        pose, likeness = _descended(edges, SmoothScan(follow_up, sigma_mm), pose, should_stop)
    return pose.scale if likeness > _LOWEST_CORRELATION else None


def _voxel_axes(volume: Volume) -> Values:
    """Return unit vectors along a grid's axes as columns; of a sheared grid, the nearest orthogonal ones."""
    left, _, right = np.linalg.svd(volume.affine[:3, :3] / volume.voxel_sizes_mm)
    return np.asarray(left @ right)


@dataclass(frozen=True)
class _Frame:
    """Coordinates in mm along the axes of the baseline's voxels, from the middle of the skull."""

    axes: Values
    centre_mm: Values

    def place(self, points: Values) -> Values:
        """Return where points lie in RAS mm."""
        return np.asarray(points @ self.axes.T + self.centre_mm)


@dataclass(frozen=True)
class _Edges:
    """Where the baseline is steep, for elsewhere it tells no place: points of a `_Frame`, what is there."""

    points: Values
    values: Values
    gradient: Values


def _edges(fixed: SmoothScan, frame: _Frame, points_mm: Values) -> _Edges:
    points = (points_mm - frame.centre_mm) @ frame.axes
    gradient = fixed.gradient(frame.place, points)
    steepness = np.linalg.norm(gradient, axis=1)
    steep = (steepness > np.quantile(steepness, 1 - _STEEPEST_SHARE)) & fixed.sees(points_mm)
    return _Edges(points[steep], fixed.values(points_mm[steep]), gradient[steep])


@dataclass(frozen=True)
class _Pose:
    """From places in a `_Frame` to the follow-up's RAS mm: scaled, turned, shifted."""

    turn: Values
    shift_mm: Values
    scale: Values

    def place(self, points: Values) -> Values:
        """Return where points lie in the follow-up."""
        return np.asarray((points * self.scale) @ self.turn.T + self.shift_mm)

    def stepped(self, step: Values) -> _Pose:
        """Return the pose after a shift, a turn and logarithms of factors, each along the frame's axes."""
        shift_mm, turn, growth = step.reshape(3, 3)
        return _Pose(
            self.turn @ Rotation.from_rotvec(turn).as_matrix(),
            self.shift_mm + self.turn @ (self.scale * shift_mm),
            self.scale * np.exp(growth),
        )


def _descended(
    edges: _Edges, moving: SmoothScan, pose: _Pose, should_stop: Callable[[], bool] | None
) -> tuple[_Pose, float]:
    """Return the pose under which the follow-up is most like the baseline, and their correlation there."""
    linear = np.hstack([np.ones((len(edges.points), 1)), edges.points / _UNIT_MM])
    brightness = np.hstack([linear, linear * edges.values[:, None]])
    weights = np.ones(len(edges.points))
    likeness = 0.0
    for _ in range(_ITERATIONS):
        if should_stop is not None and should_stop():
            raise Cancelled
        places_mm = pose.place(edges.points)
        seen = moving.sees(places_mm)
        if seen.sum() < _FEWEST_POINTS:
            return pose, 0.0
        weights *= seen
        values = moving.values(places_mm)
        gain = linear @ _solved(brightness, values, weights)[4:]
        gradient = (moving.gradient(pose.place, edges.points) + gain[:, None] * edges.gradient) / 2
        columns = np.hstack([-_slopes(edges.points, gradient), brightness])
        solution = _solved(columns, values, weights)
        explained = columns @ solution
        weights = _tukey(values - explained, seen)
        likeness = float(np.corrcoef(values[seen], explained[seen])[0, 1]) if gain.mean() > 0 else 0.0
        step = solution[:9] / np.repeat([1.0, _UNIT_MM, _UNIT_MM], 3)
        pose = pose.stepped(step)
        if np.abs(step[6:]).max() < _CONVERGED:
            break
    return pose, likeness


def _slopes(points: Values, gradient: Values) -> Values:
    """Return how brightness changes with a shift in mm, and a turn and a growth of 0.01, shape (N, 9)."""
    turned = np.cross(points, gradient) / _UNIT_MM
    return np.hstack([gradient, turned, gradient * points / _UNIT_MM])


def _solved(columns: Values, values: Values, weights: Values) -> Values:
    """Return the coefficients of weighted least squares."""
    weighted = columns * weights[:, None]
    return np.asarray(np.linalg.solve(weighted.T @ columns, weighted.T @ values))


def _tukey(left: Values, seen: NDArray[np.bool_]) -> Values:
    """Return the weights of Tukey's biweight: none for what is much farther off than usual."""
    sigma = _MAD_TO_SIGMA * float(np.median(np.abs(left[seen] - np.median(left[seen]))))
    ratio = left / (_TUKEY_SCALES * max(sigma, np.finfo(np.float64).tiny))
    return np.asarray(np.clip(1 - ratio**2, 0, None) ** 2 * seen)
