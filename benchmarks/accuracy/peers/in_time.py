"""What the fields of a pairwise method say of months at which it saw no scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
BASELINE = 0.0
REGRESSED = ", regressed"
"""Ends the name of a method whose fields of all months are drawn together into one straight line."""


@dataclass(frozen=True, eq=False)
class FieldsInTime:
    """Displacement gradients at some voxels, linear in time between the months that were registered.

    Beyond the last of them they go on at the mean pace since the baseline, as our own do.

    Parameters
    ----------
    voxels : ndarray, shape (N,)
        Flat indices, ascending.
    gradients : mapping of float to ndarray, shape (N, 3, 3)
        du/dx at those voxels, [component, axis], by month.
    to_voxel : ndarray, shape (4, 4)
        RAS mm to voxel index of the baseline.
    shape : tuple of int
        Of the baseline's grid.
    """

    voxels: NDArray[np.int64]
    gradients: Mapping[float, Values]
    to_voxel: Values
    shape: tuple[int, int, int]

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at voxel centres."""
        gradient, _ = self._at(self._rows(points_mm), months)
        return np.asarray(np.linalg.det(np.eye(3) + gradient))

    def rate(self, points_mm: Values, months: float) -> Values:
        """Return d|J|/dt per month at voxel centres, by Jacobi's formula."""
        gradient, slope = self._at(self._rows(points_mm), months)
        deformation = np.eye(3) + gradient
        trace = np.einsum("nij,nji->n", np.linalg.inv(deformation), slope)
        return np.asarray(np.linalg.det(deformation) * trace)

    def _rows(self, points_mm: Values) -> NDArray[np.int64]:
        indices = np.rint(points_mm @ self.to_voxel[:3, :3].T + self.to_voxel[:3, 3]).astype(np.int64)
        return np.searchsorted(self.voxels, np.ravel_multi_index(tuple(indices.T), self.shape))

    def _at(self, rows: NDArray[np.int64], months: float) -> tuple[Values, Values]:
        """Return du/dx and its derivative by time, per month."""
        known = [BASELINE, *sorted(self.gradients)]
        after = int(np.searchsorted(known, months, side="left")) or 1
        start, stop = (known[after - 1], known[after]) if after < len(known) else (BASELINE, known[-1])
        first = self.gradients[start][rows] if start > BASELINE else np.zeros((len(rows), 3, 3))
        slope = (self.gradients[stop][rows] - first) / (stop - start)
        return first + (months - start) * slope, slope


class RegressedFields(FieldsInTime):
    """The same as one straight line through 0 at the baseline: least squares over all registered months.

    So a pairwise method uses every scan too. The slope is sum(t G(t)) / sum(t^2).
    """

    def _at(self, rows: NDArray[np.int64], months: float) -> tuple[Values, Values]:
        squares = sum(month**2 for month in self.gradients)
        slope = sum(month / squares * gradient[rows] for month, gradient in self.gradients.items())
        return np.asarray(months * slope), np.asarray(slope)
