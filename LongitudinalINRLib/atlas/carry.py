"""The regions of the average brain, carried to a baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from LongitudinalINRLib.atlas.match import ENGINE, match
from LongitudinalINRLib.atlas.refine import refined
from LongitudinalINRLib.atlas.template import load_template
from LongitudinalINRLib.imaging.itk import from_itk, to_itk
from LongitudinalINRLib.imaging.volume import Volume

LEAST_MASK_DICE = 0.85
"""Of the carried brain and the baseline's; people's are 0.92 and more."""

LEAST_LIKENESS = 0.45
"""Of the two brains after the registration: people's are 0.57 and more; those upside down, back to front or
of inverted contrast 0.28 and less, though their masks overlap by 0.93 and more."""


SMALLEST_BRAIN_ML = 250.0
"""A mask that holds less is not of a human brain, and nothing is registered to it."""


@dataclass(frozen=True, eq=False)
class CarriedRegions:
    """Approximate regions of a scan.

    Parameters
    ----------
    labels : Volume
        FreeSurfer's numbers on the grid of the scan, int16.
    mask_dice : float
        Overlap of the template's brain, carried over, with that of the scan.
    likeness : float
        Correlation of both brains after the registration (see `match`).
    engine : str
        What registered them.
    """

    labels: Volume
    mask_dice: float
    likeness: float
    engine: str

    @property
    def fits(self) -> bool:
        """Whether the template's brain lies where that of the scan does, and looks like it."""
        return self.mask_dice >= LEAST_MASK_DICE and self.likeness >= LEAST_LIKENESS


def carried_regions(
    baseline: Volume,
    mask: Volume,
    should_stop: Callable[[], bool] = lambda: False,
    tell: Callable[[float], None] = lambda _: None,
) -> CarriedRegions:
    """Carry the regions of the average brain to a scan.

    Parameters
    ----------
    baseline, mask : Volume
        T1-weighted, and its brain, bool.
    should_stop : callable
        Asked at every iteration of the registration.
    tell : callable
        Takes the share that is done, 0 to 1.

    Raises
    ------
    Cancelled
        When `should_stop` said so.
    """
    if np.count_nonzero(mask.array) * mask.voxel_volume_ml < SMALLEST_BRAIN_ML:
        return _no_regions(baseline)
    template = load_template()
    tell(0.15)
    try:
        transform, likeness = match(
            template.t1, template.mask, baseline, mask, should_stop, lambda share: tell(0.15 + 0.7 * share)
        )
    except RuntimeError:  # what ITK says of images that have nothing in common, or too few voxels
        return _no_regions(baseline)
    labels, brain = (_carried(volume, baseline, transform) for volume in (template.labels, template.mask))
    overlap = mask_dice(brain.array.astype(bool), mask.array.astype(bool))
    return CarriedRegions(refined(labels, baseline, mask), overlap, likeness, ENGINE)


def _no_regions(baseline: Volume) -> CarriedRegions:
    return CarriedRegions(baseline.with_array(np.zeros(baseline.shape, np.int16)), 0.0, 0.0, ENGINE)


def mask_dice(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return the overlap of two masks, 0 to 1."""
    return float(
        2.0 * np.count_nonzero(one & other) / max(1, np.count_nonzero(one) + np.count_nonzero(other))
    )


def _carried(volume: Volume, like: Volume, transform: sitk.Transform) -> Volume:
    return like.with_array(
        from_itk(sitk.Resample(to_itk(volume), to_itk(like), transform, sitk.sitkNearestNeighbor)).array
    )
