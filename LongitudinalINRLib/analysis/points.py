"""Asking a deformation at many points, in chunks of bounded memory that can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.errors import Cancelled

Points = NDArray[np.float64]
Values = NDArray[np.float64]


def voxel_centres_mm(voxels: NDArray[np.int64], shape: tuple[int, int, int], affine: Values) -> Points:
    """Return the centres of voxels.

    Parameters
    ----------
    voxels : ndarray, shape (N,)
        Flat indices into an array of ``shape``, in C order.
    shape : tuple of int
        Shape (I, J, K) of the grid.
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm.

    Returns
    -------
    ndarray, shape (N, 3)
        RAS mm.
    """
    index = np.stack(np.unravel_index(voxels, shape), -1).astype(np.float64)
    return np.asarray(index @ affine[:3, :3].T + affine[:3, 3])


@dataclass(frozen=True)
class PointEvaluator:
    """A deformation that takes and gives numpy arrays, a chunk of points at a time.

    Parameters
    ----------
    model : Deformation
        What is asked.
    should_stop : callable, optional
        Looked at before every chunk; True raises `Cancelled`.
    chunk : int
        Points a chunk: the network's layers with their derivatives fit into a processor's caches.
    """

    model: Deformation
    should_stop: Callable[[], bool] | None = None
    chunk: int = 2048

    def jacobian(self, points_mm: Points, months: float) -> Values:
        """Return |J|, shape (N,)."""
        parts = [self.model.jacobian_determinant(part, months) for part in self._chunks(points_mm)]
        return _joined(parts, ())

    def jacobian_and_rate(self, points_mm: Points, months: float) -> tuple[Values, Values]:
        """Return |J| and d|J|/dt per month, each of shape (N,)."""
        parts = [self.model.jacobian_and_rate(part, months) for part in self._chunks(points_mm)]
        return _joined([jacobian for jacobian, _ in parts], ()), _joined([rate for _, rate in parts], ())

    def warp(self, points_mm: Points, months: float) -> Points:
        """Return phi_t of the points, shape (N, 3), RAS mm."""
        return _joined([self.model.warp(part, months) for part in self._chunks(points_mm)], (3,))

    def _chunks(self, points_mm: Points) -> Iterator[torch.Tensor]:
        for start in range(0, len(points_mm), self.chunk):
            if self.should_stop is not None and self.should_stop():
                raise Cancelled
            yield torch.from_numpy(points_mm[start : start + self.chunk].astype(np.float32))


def _joined(parts: list[torch.Tensor], tail: tuple[int, ...]) -> Values:
    if not parts:
        return np.zeros((0, *tail))
    return np.concatenate([part.detach().cpu().numpy() for part in parts]).astype(np.float64)
