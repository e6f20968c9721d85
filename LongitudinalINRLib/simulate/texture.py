"""Noise and texture that do not move with the tissue: taken out of the source, put into the scanner."""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.space import Floats

_ITERATIONS_PER_MM = 8
_CONDUCTANCE = 1.0
_TIME_STEP = 0.05  # in voxels; ITK warns of instability from 1/16 on
_TEXTURE_MM = 0.8
_MAD_TO_SD = 1.4826


def denoised(t1: Volume, support: NDArray[np.bool_]) -> tuple[Volume, float]:
    """Smooth a scan along its edges but not across, and tell how much went.

    By anisotropic diffusion [1]_, in its curvature variant.

    Parameters
    ----------
    t1 : Volume
    support : ndarray of bool, shape of t1
        Where there is head.

    Returns
    -------
    smooth : Volume
        float32, 0 where t1 is.
    taken : float
        Robust standard deviation of what was taken out of the head.

    References
    ----------
    .. [1] P Perona, J Malik, "Scale-space and edge detection using anisotropic diffusion", IEEE
       Transactions on Pattern Analysis and Machine Intelligence 12(7), 1990.
    """
    values = t1.array.astype(np.float32)
    image = sitk.GetImageFromArray(values)
    image.SetSpacing([float(size) for size in t1.voxel_sizes_mm[::-1]])
    smallest_mm = float(t1.voxel_sizes_mm.min())
    diffusion = sitk.CurvatureAnisotropicDiffusionImageFilter()
    diffusion.SetNumberOfIterations(round(_ITERATIONS_PER_MM * max(1.0, smallest_mm)))
    diffusion.SetConductanceParameter(_CONDUCTANCE)
    diffusion.SetTimeStep(_TIME_STEP * min(1.0, smallest_mm))
    smooth = np.where(values != 0, sitk.GetArrayFromImage(diffusion.Execute(image)), 0.0).astype(np.float32)
    taken = (values - smooth)[support & (values != 0)]
    return t1.with_array(smooth), _MAD_TO_SD * float(np.median(np.abs(taken - np.median(taken))))


def scanner_texture(
    shape: tuple[int, int, int], voxel_sizes_mm: Floats, strength: float, random: np.random.Generator
) -> Floats:
    """Draw texture of a standard deviation: white noise smoothed by less than a millimetre."""
    texture = ndimage.gaussian_filter(random.normal(size=shape), _TEXTURE_MM / voxel_sizes_mm)
    return np.asarray(strength / texture.std() * texture)
