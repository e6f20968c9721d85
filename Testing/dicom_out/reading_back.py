"""Objects read back by the libraries of others."""

from __future__ import annotations

from pathlib import Path

import highdicom as hd
import numpy as np
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume

RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def read_map(path: Path) -> Volume:
    """Return a parametric map as real-world values, frames where highdicom puts them."""
    found = hd.pm.pmread(path) if hasattr(hd.pm, "pmread") else hd.imread(path)
    volume = found.get_volume(dtype=np.float64, apply_real_world_transform=True)
    return Volume(volume.array, RAS_FROM_LPS @ volume.affine)


def on_grid_of(volume: Volume, grid: Volume) -> np.ndarray:
    """Return the values at the middles of another grid's voxels; they must meet the volume's own."""
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3)
    mm = index @ grid.affine[:3, :3].T + grid.affine[:3, 3]
    back = np.linalg.inv(volume.affine)
    there = mm @ back[:3, :3].T + back[:3, 3]
    assert np.abs(there - np.rint(there)).max() < 1e-3, "the grids do not meet"
    values = ndimage.map_coordinates(volume.array, np.rint(there).T, order=0, mode="constant", cval=np.nan)
    return values.reshape(grid.shape)
