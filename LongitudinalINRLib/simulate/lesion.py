"""A lesion that appears: intensities change in a ball, and nothing moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.anatomy import Anatomy

_EDGE_MM = 0.7
WHITE_MATTER = (2, 41)


def with_lesion(
    anatomy: Anatomy, diameter_mm: float, brightness: float, random: np.random.Generator
) -> Anatomy:
    """Return an anatomy with a ball of another intensity deep in its white matter.

    Parameters
    ----------
    anatomy : Anatomy
    diameter_mm : float
        Of the ball; its edge is soft.
    brightness : float
        Its intensity, as a share of that of white matter.
    random : numpy Generator
        Draws the place.

    Raises
    ------
    InputError
        There is no white matter.
    """
    t1, labels = anatomy.t1, anatomy.labels
    white = np.isin(labels.array, WHITE_MATTER)
    if not white.any():
        raise InputError(
            "lesion-place",
            "There is no place for a lesion.",
            expected=f"labels of white matter: {' and '.join(map(str, WHITE_MATTER))}",
            found=f"{len(np.unique(labels.array))} other labels",
            advice="Leave the lesion out, or give a segmentation with FreeSurfer's label numbers.",
        )
    share = _ball(white, t1, diameter_mm, random)
    values = t1.array.astype(np.float64)
    painted = (1.0 - share) * values + share * brightness * float(np.median(values[white]))
    return anatomy.with_intensities(painted.astype(np.float32))


def _ball(
    white: NDArray[np.bool_], grid: Volume, diameter_mm: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Return how much of each voxel a ball fills whose centre is as deep as it can be, or deep enough."""
    sizes_mm = grid.voxel_sizes_mm
    depth_mm = ndimage.distance_transform_edt(white, sampling=sizes_mm)
    enough_mm = min(0.5 * diameter_mm + _EDGE_MM, float(depth_mm.max()))
    centre = random.choice(np.argwhere(depth_mm >= enough_mm))
    offset_mm = (np.indices(white.shape).T - centre) * sizes_mm
    inside_mm = 0.5 * diameter_mm - np.linalg.norm(offset_mm, axis=-1).T
    filled = np.clip(0.5 + inside_mm / sizes_mm.mean(), 0.0, 1.0)
    return np.asarray(ndimage.gaussian_filter(filled, _EDGE_MM / sizes_mm), dtype=np.float32)
