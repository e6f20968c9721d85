"""Carried borders moved to where the scan shows them: tissue by its brightness, ventricles by their darkness.

An average brain has neither this person's folds nor the wide ventricles of an old one, and a smooth
deformation does not make them. What a voxel may become follows from the carried regions around it; which of
these it is follows from its brightness beside that of grey matter, white matter and fluid around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.itk import from_itk, shrunk, to_itk
from LongitudinalINRLib.imaging.volume import Volume

Mask = NDArray[np.bool_]
Labels = NDArray[np.int16]
Values = NDArray[np.float32]
Edges = NDArray[np.float64]
Distances = NDArray[np.float64]

_WHITE, _CORTEX, _VENTRICLES = (2, 41), (3, 42), (4, 43)  # left and right
_BESIDE_LEFT_VENTRICLE, _BESIDE_RIGHT_VENTRICLE = (2, 4, 10, 11), (41, 43, 49, 50)

_SURROUNDINGS_MM = 20.0
_COARSE_MM = 4.0
_FEW = 1e-3  # of the voxels around: fewer tell little, and the typical value counts
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

    White matter and cortex of the cerebrum are parted by brightness. A lateral ventricle is the
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
    box = _box_around(mask.array.astype(bool))
    inside = mask.array[box].astype(bool)
    carried = np.where(inside, labels.array[box], 0).astype(np.int16)
    part = Volume(np.asarray(scan.array[box], dtype=np.float32), scan.affine)
    seen = _brightness(carried, part)
    found = carried if seen is None else _moved(carried, part, seen, inside)
    whole = np.zeros(labels.shape, dtype=np.int16)
    whole[box] = found
    return labels.with_array(whole)


def _box_around(mask: Mask) -> tuple[slice, slice, slice]:
    i, j, k = ndimage.find_objects(mask.astype(np.uint8))[0]
    return i, j, k


def _brightness(carried: Labels, scan: Volume) -> Brightness | None:
    """Look at the tissue that was carried; None where the scan has not the contrast of a T1-weighted one."""
    values = np.asarray(scan.array)
    white, grey, ventricles = (np.isin(carried, labels) for labels in (_WHITE, _CORTEX, _VENTRICLES))
    if not (white.any() and grey.any() and ventricles.any()):
        return None
    typical_white, typical_grey = (float(np.median(values[where])) for where in (white, grey))
    fluid = float(np.percentile(values[ventricles], 25))
    if not fluid < typical_grey < typical_white:
        return None
    middle, darkest = (typical_white + typical_grey) / 2, (fluid + typical_grey) / 2
    dim = grey & (values < middle) & (values > darkest)
    bright = white & (values > middle)
    return Brightness(fluid, _mean_around(scan, dim), _mean_around(scan, bright))


def _mean_around(scan: Volume, chosen: Mask) -> Values:
    """Return the mean of the chosen voxels around each voxel: smooth, and so computed on coarse ones."""
    values = np.asarray(scan.array)
    typical = float(values[chosen].mean())
    image = to_itk(scan)
    total, weight = (
        from_itk(shrunk(to_itk(scan.with_array(each.astype(np.float32))), _COARSE_MM))
        for each in (np.where(chosen, values - typical, 0.0), chosen)
    )
    radius = _SURROUNDINGS_MM / total.voxel_sizes_mm
    total_around, weight_around = (
        ndimage.gaussian_filter(np.asarray(each.array), radius, truncate=2.0) for each in (total, weight)
    )
    coarse = to_itk(total.with_array(typical + total_around / (weight_around + _FEW)))
    grid = sitk.ResampleImageFilter()
    grid.SetReferenceImage(image)
    grid.SetUseNearestNeighborExtrapolator(True)
    return np.asarray(from_itk(grid.Execute(coarse)).array, dtype=np.float32)


def _moved(carried: Labels, scan: Volume, seen: Brightness, inside: Mask) -> Labels:
    edges_mm, values = scan.voxel_sizes_mm, np.asarray(scan.array)
    to_cortex = ndimage.distance_transform_edt(~np.isin(carried, _CORTEX), edges_mm)
    found: Labels = carried.copy()
    _divide_tissue(found, values, seen, inside, to_cortex, edges_mm)
    _redraw_ventricles(found, carried, values, seen, to_cortex, edges_mm)
    return found


def _divide_tissue(
    found: Labels, values: Values, seen: Brightness, inside: Mask, to_cortex: Distances, edges_mm: Edges
) -> None:
    """Part white matter, cortex and the fluid around them where any of them was carried."""
    away, nearest = ndimage.distance_transform_edt(found == 0, edges_mm, return_indices=True)
    around = np.where(inside & (away < _FLUID_REACH_MM), found[tuple(nearest)], 0)
    white = values > seen.white_border
    grey = (values > seen.towards_grey(0.5)) & ~white & (to_cortex < _CORTEX_REACH_MM)
    white |= to_cortex >= _CORTEX_REACH_MM
    for inner, outer in zip(_WHITE, _CORTEX, strict=True):
        here = (around == inner) | (around == outer)
        found[here] = np.where(grey[here], outer, np.where(white[here], inner, 0))


def _redraw_ventricles(
    found: Labels,
    carried: Labels,
    values: Values,
    seen: Brightness,
    to_cortex: Distances,
    edges_mm: Edges,
) -> None:
    """Give the fluid that hangs together with the carried ventricles to them, and what is not fluid back."""
    ventricles = np.isin(carried, _VENTRICLES)
    left, right = (np.isin(carried, labels) for labels in (_BESIDE_LEFT_VENTRICLE, _BESIDE_RIGHT_VENTRICLE))
    near = ndimage.distance_transform_edt(~ventricles, edges_mm) < _GROWTH_MM
    may_grow = near & (to_cortex > _FROM_CORTEX_MM) & (left | right)
    stays = ventricles & (values < seen.towards_grey(_STAYS_BELOW))
    parts, count = ndimage.label(stays | (may_grow & (values < seen.towards_grey(_GROWS_BELOW))))
    sizes = np.bincount(parts[stays], minlength=count + 1)
    sizes[0] = 0
    fluid = (sizes >= _SMALLEST_PART_MM3 / np.prod(edges_mm))[parts]
    found[ventricles] = np.where(left[ventricles], _WHITE[0], _WHITE[1])
    found[fluid] = np.where(left[fluid], _VENTRICLES[0], _VENTRICLES[1])
