"""What the numbers of a label map mean: names only where they are known, for a wrong name is worse than none.

Many programs number their regions, each its own way, and nothing in an image says which way. FreeSurfer's
names are given to a map without names of its own if all its numbers stand in FreeSurfer's table and its left
and right structures lie on their sides; every other map keeps its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.atlas import (
    BRAIN_LABEL,
    TISSUE_LABEL,
    freesurfer_names,
    region_of,
    right_partner,
    unknown_name,
)
from LongitudinalINRLib.imaging.volume import Volume


def names_of(labels: Volume | None, own: Mapping[int, str] | None = None) -> dict[int, str]:
    """Return what to call the whole mask, all tissue and every label of a map.

    Parameters
    ----------
    labels : Volume or None
        Integer labels in their place in RAS mm, 0 for background.
    own : mapping of int to str, optional
        Names that came with the map or that a person gave; labels without one are then called by their
        number, so an empty mapping gives numbers alone.
    """
    pooled = {label: region_of(label).name for label in (BRAIN_LABEL, TISSUE_LABEL)}
    if labels is None:
        return pooled
    numbers = np.unique(labels.array)
    present = [int(number) for number in numbers if number != BRAIN_LABEL]
    known = own if own is not None else freesurfer_names() if numbered_as_freesurfer(labels) else {}
    return {label: known.get(label) or unknown_name(label) for label in present} | pooled


def numbered_as_freesurfer(labels: Volume) -> bool:
    """Tell whether the numbers of a map are FreeSurfer's.

    They are if all stand in its table, at least one structure is there on both sides, and the left ones have
    their centres further to the left.

    Parameters
    ----------
    labels : Volume
        Integer labels in their place in RAS mm, 0 for background.
    """
    right_mm = _centres_to_the_right_mm(labels)
    pairs = [(left, right_partner(left)) for left in right_mm if right_partner(left) in right_mm]
    if not pairs or not right_mm.keys() <= freesurfer_names().keys():
        return False
    return all(right_mm[left] < right_mm[right] for left, right in pairs if right is not None)


def _centres_to_the_right_mm(labels: Volume) -> dict[int, float]:
    """Return how far to the right, in RAS mm, the centre of every label lies."""
    flat = labels.array.ravel()
    voxels = np.flatnonzero(flat)
    numbers, codes, counts = np.unique(flat[voxels], return_inverse=True, return_counts=True)
    indices: tuple[NDArray[np.intp], ...] = np.unravel_index(voxels, labels.shape)
    to_right_mm = labels.affine[0]
    right_mm = (
        sum(step * index for step, index in zip(to_right_mm[:3], indices, strict=True)) + to_right_mm[3]
    )
    sums = np.bincount(codes.ravel(), weights=right_mm, minlength=len(numbers))
    return {int(number): float(mean) for number, mean in zip(numbers, sums / counts, strict=True)}
