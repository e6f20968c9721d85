"""Erosion, dilation and their combinations with a ball whose radius is in mm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]


def depth_mm(mask: Mask, edge_mm: float) -> NDArray[np.float64]:
    """Return the distance to the nearest voxel outside the mask; the end of the array is not an outside.

    Parameters
    ----------
    mask : ndarray of bool, shape (I, J, K)
        On isotropic voxels.
    edge_mm : float
        Voxel edge.
    """
    if mask.all():
        return np.full(mask.shape, np.inf)
    return np.asarray(ndimage.distance_transform_edt(mask, sampling=edge_mm))


def eroded(mask: Mask, radius_mm: float, edge_mm: float) -> Mask:
    """Remove what lies within a radius of the outside."""
    return np.asarray(depth_mm(mask, edge_mm) > radius_mm)


def dilated(mask: Mask, radius_mm: float, edge_mm: float) -> Mask:
    """Add what lies within a radius of the mask."""
    if not mask.any():
        return mask
    return np.asarray(ndimage.distance_transform_edt(~mask, sampling=edge_mm) <= radius_mm)


def closed(mask: Mask, radius_mm: float, edge_mm: float) -> Mask:
    """Fill gaps narrower than twice a radius."""
    margin = int(np.ceil(radius_mm / edge_mm)) + 1
    grown = dilated(np.pad(mask, margin, mode="edge"), radius_mm, edge_mm)
    return eroded(grown, radius_mm, edge_mm)[(slice(margin, -margin),) * 3]


def component_with_most(mask: Mask, region: Mask) -> Mask:
    """Keep the connected part of a mask that holds most voxels of a region; nothing where none does."""
    labels, number = ndimage.label(mask)
    voxels = np.bincount(labels[region], minlength=number + 1)
    voxels[0] = 0
    return np.asarray(labels == voxels.argmax()) & mask
