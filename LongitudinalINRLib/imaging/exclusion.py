"""The part of the brain in which scans are not compared: lesions, cavities, vessels after contrast agent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_QUIET_SHARE = 0.1


def excluded_from(labels: Volume, baseline: Volume) -> Volume:
    """Turn a mask or a segmentation into where scans are not compared.

    Parameters
    ----------
    labels : Volume
        Every label is left out.
    baseline : Volume
        The scan it belongs to; the same voxels, in any axis order.

    Returns
    -------
    Volume
        bool, on the baseline grid.

    Raises
    ------
    InputError
        If it lies in another space or selects nothing.
    """
    found = on_grid(labels, baseline, "The region to leave out").array.astype(np.int64) > 0
    if not found.any():
        raise InputError(
            "exclude-empty",
            "The region to leave out is empty.",
            expected="voxels above 0 where the scans are not to be compared",
            found="no voxel above 0",
            advice="Check that this is the right file, or ask for no region to be left out.",
        )
    return baseline.with_array(found)


def compared_brain(mask: Volume, exclude: Volume | None) -> Volume:
    """Return the brain without what is left out.

    Parameters
    ----------
    mask, exclude : Volume
        bool, on the baseline grid.

    Raises
    ------
    InputError
        If nothing is left.
    """
    if exclude is None:
        return mask
    left = mask.array.astype(bool) & np.logical_not(exclude.array)
    if not left.any():
        raise InputError(
            "exclude-everything",
            "The region to leave out covers the whole brain mask.",
            expected="brain in which the scans can be compared",
            found="no voxel of the mask outside the region",
            advice="Give the lesion alone, not the brain; check that mask and region were not exchanged.",
        )
    return mask.with_array(left)


def excluded_ml(mask: Volume, exclude: Volume | None) -> float:
    """Return the volume of the brain that is left out, in mL."""
    if exclude is None:
        return 0.0
    return float((mask.array.astype(bool) & exclude.array).sum()) * mask.voxel_volume_ml


def exclusion_warnings(mask: Volume, exclude: Volume | None, labels: Volume | None) -> list[str]:
    """Return what the person should know about the region that is left out.

    Parameters
    ----------
    mask, exclude : Volume
        bool, on the baseline grid.
    labels : Volume or None
        Regions that are measured, on the same grid.
    """
    if exclude is None:
        return []
    inside = mask.array.astype(bool)
    if not (inside & exclude.array).any():
        return [
            "The region to leave out lies outside the brain mask, expected is a part of the brain: nothing "
            "is left out. Check that it was drawn on the baseline."
        ]
    warnings = []
    share = float(exclude.array[inside].mean())
    if share > LARGEST_QUIET_SHARE:
        warnings.append(
            f"{share:.0%} of the brain is left out of the comparison: its change there is what its "
            "surroundings and smoothness say, not a measurement."
        )
    if labels is not None and (cut := _regions_cut(labels, inside, exclude)):
        warnings.append(
            f"More than {LARGEST_QUIET_SHARE:.0%} of these regions is left out of the comparison; their "
            f"change is carried over from their surroundings: labels {', '.join(map(str, cut))}."
        )
    return warnings


def _regions_cut(labels: Volume, inside: NDArray[np.bool_], exclude: Volume) -> list[int]:
    """Return the labels of which more than a tenth is left out."""
    numbers, codes = np.unique(labels.array[inside], return_inverse=True)
    totals = np.bincount(codes)
    lost = np.bincount(codes, weights=exclude.array[inside])
    return [
        int(number)
        for number, share in zip(numbers, lost / totals, strict=True)
        if number != 0 and share > LARGEST_QUIET_SHARE
    ]
