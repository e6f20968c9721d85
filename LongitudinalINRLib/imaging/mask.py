"""The part of the baseline in which change is measured."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.brain import find_brain
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume

PLAUSIBLE_BRAIN_ML = (700.0, 2200.0)


def mask_from(volume_or_labels: Volume, baseline: Volume) -> Volume:
    """Turn a mask, a probability map or a segmentation into the mask of the baseline.

    Parameters
    ----------
    volume_or_labels : Volume
        Everything above one half belongs to the mask: every label, and probabilities over 50 %.
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
    mask = baseline.with_array(on_grid(volume_or_labels, baseline, "The mask").array.astype(np.float32) > 0.5)
    if not mask.array.any():
        raise InputError(
            "mask-empty",
            "The mask is empty.",
            expected="voxels that belong to the brain",
            found="no voxel above 0",
            advice="Check that this is the right file, or leave it out and let the mask be estimated.",
        )
    return mask


def estimate_mask(baseline: Volume) -> tuple[Volume, list[str]]:
    """Estimate the brain when neither mask nor labels are given.

    Works on T1-weighted heads and on brains without their skull; see :mod:`LongitudinalINRLib.imaging.brain`
    for the steps.

    How well: on a skull-stripped T1 of 1 mm the Dice overlap with its FreeSurfer labels is 0.91, and 0.97
    once the sulci, which the labels leave out, are closed; the same brain put into an invented head gave the
    same. On a real head with slices of 3 mm the outline followed the brain to within a few mm but took in
    muscle of the neck and below the temporal lobes, and dura at the vertex. It is made for adults'
    T1-weighted scans; elsewhere it may work.

    Parameters
    ----------
    baseline : Volume
        The scan.

    Returns
    -------
    mask : Volume
        bool, on the baseline grid.
    warnings : list of str
        Never empty: an estimated mask has to be looked at.
    """
    found, has_skull = find_brain(baseline)
    if not found.any():
        return _object(baseline), [
            "No brain could be told apart from the rest of the scan; everything that is not air is the mask. "
            "Give a brain mask or labels."
        ]
    mask = baseline.with_array(found)
    what = "from a head with skull" if has_skull else "from a brain without skull"
    volume_ml = float(found.sum()) * baseline.voxel_volume_ml
    warnings = [
        f"The brain mask was estimated {what} ({volume_ml:.0f} mL): look at its outline; a mask or labels "
        "from a dedicated tool are more accurate."
    ]
    if not PLAUSIBLE_BRAIN_ML[0] <= volume_ml <= PLAUSIBLE_BRAIN_ML[1]:
        low, high = PLAUSIBLE_BRAIN_ML
        warnings.append(
            f"The estimated mask is not as large as a brain (expected {low:.0f} to {high:.0f} mL)."
        )
    return mask, warnings


def _object(baseline: Volume) -> Volume:
    """Everything that is brighter than the background."""
    foreground = baseline.array > baseline.array.min()
    labels, _ = ndimage.label(foreground)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return baseline.with_array(ndimage.binary_fill_holes(labels == sizes.argmax()))
