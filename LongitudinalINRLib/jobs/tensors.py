"""Volumes as the tensors that the numerics take."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from LongitudinalINRLib.core.problem import Image
from LongitudinalINRLib.imaging.volume import Volume


def image_of(volume: Volume, matrix: NDArray[np.float64] | None = None) -> Image:
    """Return a scan as tensors.

    Parameters
    ----------
    volume : Volume
        The scan.
    matrix : ndarray, shape (4, 4), optional
        Its alignment, baseline RAS mm to its own; the identity when not given.
    """
    to_voxel = np.linalg.inv(volume.affine)
    values = np.require(volume.array, np.float32, ["C", "W"])  # torch does not take arrays that are read-only
    return Image(
        torch.from_numpy(values), torch.from_numpy(to_voxel if matrix is None else to_voxel @ matrix)
    )


def affine_of(grid: Volume) -> Tensor:
    """Return voxel index to RAS mm of a grid, shape (4, 4), float64."""
    return torch.from_numpy(np.asarray(grid.affine, dtype=np.float64))
