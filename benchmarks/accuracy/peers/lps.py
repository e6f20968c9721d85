"""The boundary to programs built on ITK: their points and displacements are LPS mm, ours RAS mm."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.peers.pair import Displacement
from LongitudinalINRLib.imaging.itk import RAS_FROM_LPS
from LongitudinalINRLib.imaging.volume import Volume

THREADS = 2
"""What every method is given."""


@dataclass(frozen=True, eq=False)
class Geometry:
    """Where a grid lies, as ITK says it.

    Parameters
    ----------
    origin, spacing : tuple of float
        LPS mm.
    direction : ndarray, shape (3, 3)
        A unit vector along each axis of the grid, in its columns.
    """

    origin: tuple[float, ...]
    spacing: tuple[float, ...]
    direction: NDArray[np.float64]

    @classmethod
    def of(cls, grid: Volume) -> Geometry:
        """Return the geometry of a volume's grid."""
        affine, spacing = RAS_FROM_LPS @ grid.affine, grid.voxel_sizes_mm
        return cls(tuple(affine[:3, 3].tolist()), tuple(spacing.tolist()), affine[:3, :3] / spacing)


def in_ras(displacement_lps: NDArray[np.floating]) -> Displacement:
    """Return displacements, shape (..., 3), in RAS."""
    return np.asarray(displacement_lps * np.diag(RAS_FROM_LPS)[:3], dtype=np.float32)


def limit_threads() -> None:
    """Hold the ITK inside a package to our number of threads; to be called before its first filter runs."""
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = str(THREADS)
