"""Carried borders moved to where the scan shows them: tissue by its brightness, ventricles by their darkness.

An average brain has neither this person's folds nor the wide ventricles of an old one, and a smooth
deformation does not make them. What a voxel may become follows from the carried regions around it; which of
these it is follows from its brightness beside that of grey matter, white matter and fluid around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume

Mask = NDArray[np.bool_]
Labels = NDArray[np.int16]
Values = NDArray[np.float32]
Edges = NDArray[np.float64]

_LEFT_CEREBRUM, _RIGHT_CEREBRUM = (2, 3), (41, 42)
_LEFT_CEREBELLUM, _RIGHT_CEREBELLUM = (7, 8), (46, 47)
_DIVIDED = (_LEFT_CEREBRUM, _RIGHT_CEREBRUM, _LEFT_CEREBELLUM, _RIGHT_CEREBELLUM)
_VENTRICLES = (4, 43)
_BESIDE_LEFT_VENTRICLE, _BESIDE_RIGHT_VENTRICLE = (2, 4, 10, 11), (41, 43, 49, 50)

_SURROUNDINGS_MM = 20.0
_CORTEX_REACH_MM = 5.0  # beyond the carried cortex; dim white matter farther in stays white matter
_FLUID_REACH_MM = 4.0  # tissue in the carried fluid around the brain
_GROWTH_MM = 6.0
_FROM_CORTEX_MM = 3.0
_SMALLEST_PART_MM3 = 20.0
# Of the way from fluid to grey matter: a voxel that was not carried as ventricle must be darker than the
# first to become one; one that was may be as bright as the second, where choroid plexus is.
_GROWS_BELOW, _STAYS_BELOW = 0.7, 1.0


@dataclass(frozen=True, eq=False)
class Brightness:
    """What fluid looks like, and grey and white matter around each voxel; shape (I, J, K)."""

    fluid: float
    grey: Values
    white: Values

    def towards_grey(self, share: float) -> Values:
        """Return the values that lie a share of the way from fluid to grey matter."""
        return np.asarray(self.fluid + share * (self.grey - self.fluid))

    @property
    def white_border(self) -> Values:
        """Half way between grey and white matter."""
        return np.asarray((self.grey + self.white) / 2)


def refined(labels: Volume, scan: Volume, mask: Volume) -> Volume:
    """Return carried labels with their borders where the scan shows them.

    White matter and cortex, of cerebrum and cerebellum, are parted by brightness. A lateral ventricle is the
    fluid that hangs together with the carried one and lies near it, where white matter or a nucleus beside
    the ventricles was carried; what is brighter than grey matter there is no ventricle. The other structures
    stay as they were carried.

    Parameters
    ----------
    labels : Volume
        FreeSurfer's numbers, carried over.
    scan, mask : Volume
        The T1-weighted baseline and its brain, on the same grid.
    """
    inside = mask.array.astype(bool)
    carried = np.where(inside, labels.array, 0).astype(np.int16)
    values = np.asarray(scan.array, dtype=np.float32)
    edges_mm = scan.voxel_sizes_mm
    seen = _brightness(carried, values, edges_mm)
    if seen is None:
        return labels.with_array(carried)
    found = _divided(carried, values, seen, inside, edges_mm)
    _redraw_ventricles(found, carried, values, seen, edges_mm)
    return labels.with_array(found)


def _brightness(carried: Labels, values: Values, edges_mm: Edges) -> Brightness | None:
    """Look at the tissue that was carried; None where the scan has not the contrast of a T1-weighted one."""
    white, grey = np.isin(carried, (2, 41)), np.isin(carried, (3, 42))
    ventricles = np.isin(carried, _VENTRICLES)
    if not (white.any() and grey.any() and ventricles.any()):
        return None
    typical_white, typical_grey = (float(np.median(values[where])) for where in (white, grey))
    fluid = float(np.percentile(values[ventricles], 25))
    if not fluid < typical_grey < typical_white:
        return None
    middle, darkest = (typical_white + typical_grey) / 2, (fluid + typical_grey) / 2
    radius = _SURROUNDINGS_MM / edges_mm
    dim = grey & (values < middle) & (values > darkest)
    return Brightness(
        fluid, _mean_around(values, dim, radius), _mean_around(values, white & (values > middle), radius)
    )


def _mean_around(values: Values, chosen: Mask, radius_voxels: Edges) -> Values:
    weight = ndimage.gaussian_filter(chosen.astype(np.float32), radius_voxels, truncate=2.0)
    total = ndimage.gaussian_filter(
        np.where(chosen, values, 0).astype(np.float32), radius_voxels, truncate=2.0
    )
    mean = float(values[chosen].mean())
    return np.asarray((total + 1e-3 * mean) / (weight + 1e-3), dtype=np.float32)


def _divided(carried: Labels, values: Values, seen: Brightness, inside: Mask, edges_mm: Edges) -> Labels:
    """Part white matter, grey matter and fluid where any of them was carried."""
    away, nearest = ndimage.distance_transform_edt(carried == 0, edges_mm, return_indices=True)
    around = np.where(inside & (away < _FLUID_REACH_MM), carried[tuple(nearest)], 0)
    white = values > seen.white_border
    tissue = values > seen.towards_grey(0.5)
    found = carried.copy()
    for inner, outer in _DIVIDED:
        here = np.isin(around, (inner, outer))
        to_cortex = ndimage.distance_transform_edt(carried != outer, edges_mm)
        grey = tissue & ~white & (to_cortex < _CORTEX_REACH_MM)
        deep = here & (to_cortex >= _CORTEX_REACH_MM)
        found[here] = np.where(grey[here], outer, np.where(white[here] | deep[here], inner, 0))
    return found


def _redraw_ventricles(
    found: Labels, carried: Labels, values: Values, seen: Brightness, edges_mm: Edges
) -> None:
    ventricles = np.isin(carried, _VENTRICLES)
    to_cortex = ndimage.distance_transform_edt(~np.isin(carried, (3, 42)), edges_mm)
    near = ndimage.distance_transform_edt(~ventricles, edges_mm) < _GROWTH_MM
    may_grow = near & (to_cortex > _FROM_CORTEX_MM) & (values < seen.towards_grey(_GROWS_BELOW))
    stays = ventricles & (values < seen.towards_grey(_STAYS_BELOW))
    left, right = (np.isin(carried, labels) for labels in (_BESIDE_LEFT_VENTRICLE, _BESIDE_RIGHT_VENTRICLE))
    parts, count = ndimage.label(stays | (may_grow & (left | right)))
    sizes = np.bincount(parts[stays], minlength=count + 1)
    sizes[0] = 0
    fluid = (sizes >= _SMALLEST_PART_MM3 / np.prod(edges_mm))[parts]
    found[ventricles] = np.where(left[ventricles], 2, 41)
    found[fluid] = np.where(left[fluid], 4, 43)
