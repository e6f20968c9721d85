"""The space in which people are compared: an average brain on voxels of 2 mm.

It is the ICBM 2009a nonlinear symmetric template, which TemplateFlow calls MNI152NLin2009aSym, on the grid on
which nilearn gives its MNI template at 2 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.points import Points, voxel_centres_mm
from LongitudinalINRLib.atlas.maps import TEMPLATE, packaged
from LongitudinalINRLib.atlas.template import load_brain
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

SPACE = "MNI152NLin2009aSym"
VOXEL_MM = 2.0


@dataclass(frozen=True, eq=False)
class TemplateSpace:
    """The average brain and the voxels at which people are compared.

    Parameters
    ----------
    t1, brain : Volume
        The template without its skull, and its mask, bool, on voxels of 1 mm.
    mask : Volume
        bool: the same brain on the grid of the maps.
    """

    t1: Volume
    brain: Volume
    mask: Volume

    @cached_property
    def voxels(self) -> NDArray[np.int64]:
        """Flat indices of the brain's voxels on the grid of the maps, shape (V,)."""
        return np.flatnonzero(self.mask.array)

    @cached_property
    def points_mm(self) -> Points:
        """Where these voxels lie, RAS mm, shape (V, 3)."""
        return voxel_centres_mm(self.voxels, self.mask.shape, self.mask.affine)

    def volume(self, values: NDArray[np.generic], outside: float = 0.0) -> Volume:
        """Return values of the brain's voxels, shape (V,), as a map."""
        full = np.full(self.mask.array.size, outside, values.dtype)
        full[self.voxels] = values
        return self.mask.with_array(full.reshape(self.mask.shape))


def template_space(voxel_mm: float = VOXEL_MM) -> TemplateSpace:
    """Return the template's space.

    Parameters
    ----------
    voxel_mm : float
        Edge of the voxels at which people are compared.
    """
    t1, brain = load_brain()
    return TemplateSpace(t1, brain, resample(brain, _grid(voxel_mm), order="nearest"))


def _grid(voxel_mm: float) -> Volume:
    whole = packaged(TEMPLATE)
    shape = np.ceil(np.array(whole.shape) * whole.voxel_sizes_mm / voxel_mm).astype(int)
    affine = np.diag([voxel_mm, voxel_mm, voxel_mm, 1.0])
    affine[:3, 3] = whole.affine[:3, 3]
    return Volume(np.zeros(shape, bool), affine)
