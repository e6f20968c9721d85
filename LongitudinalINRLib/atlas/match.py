"""The registration of the template to a baseline: affine, then deformable, on voxels of 2 mm.

Both brains are compared after each voxel's value was standardised by the mean and the spread of its
surroundings. Drift of the coils and another contrast drop out of the comparison, as they do in a local
correlation, at the price of the fastest of deformable registrations, the demons [1]_.

References
----------
.. [1] Vercauteren, Pennec, Perchant, Ayache, "Non-parametric diffeomorphic image registration with the demons
   algorithm", MICCAI 2007; the variant with symmetric forces is ITK's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.brain import isotropic
from LongitudinalINRLib.imaging.itk import RAS_FROM_LPS, from_itk, to_itk
from LongitudinalINRLib.imaging.registration import centroid_mm
from LongitudinalINRLib.imaging.volume import Volume

ENGINE = "SimpleITK: affine by correlation, then symmetric-forces demons, 2 mm"
SURROUNDINGS_MM = 12.0
_LEAST_SPREAD = 0.1  # of the typical one: what is flat stays flat, and its noise is not blown up
_LARGEST_STANDARD = 3.0
_OUTSIDE = -2.0  # darker than most of the brain, as the fluid around it is
_SEED = 7
_SAMPLES = 60_000
_AFFINE_LEVELS = ((4, 60), (2, 60), (1, 20))  # voxels joined along each axis, iterations
_DEMONS_LEVELS = ((4, 40), (2, 30), (1, 15))
_FIELD_SMOOTHING_VOXELS = 1.5
_UPDATE_SMOOTHING_VOXELS = 1.0

ShouldStop = Callable[[], bool]
Tell = Callable[[float], None]
T = TypeVar("T")


def match(
    template: Volume,
    template_mask: Volume,
    baseline: Volume,
    mask: Volume,
    should_stop: ShouldStop,
    tell: Tell,
) -> tuple[sitk.Transform, float]:
    """Find where each point of the baseline's brain lies in the template.

    Parameters
    ----------
    template, template_mask, baseline, mask : Volume
        T1-weighted brains with their masks; what lies outside a mask does not matter.
    should_stop : callable
        Asked at every iteration.
    tell : callable
        Takes the share that is done, 0 to 1.

    Returns
    -------
    transform : Transform
        Baseline LPS mm to template LPS mm, the direction in which ITK resamples.
    likeness : float
        Correlation of both brains, standardised, after the registration; 1 for the same.

    Raises
    ------
    Cancelled
        Within one iteration of being asked to stop.
    """
    fixed, fixed_mask = _coarse(baseline, mask)
    moving, moving_mask = _coarse(template, template_mask)
    affine = _affine(
        standardised(fixed, fixed_mask),
        fixed_mask,
        standardised(moving, moving_mask),
        moving_mask,
        should_stop,
    )
    tell(0.3)
    there = _resampled(moving, fixed, affine)
    there_mask = _resampled(moving_mask.with_array(moving_mask.array.astype(np.float32)), fixed, affine)
    near = standardised(there, there_mask.with_array(_more_than_half(there_mask)))
    seen = standardised(fixed, fixed_mask)
    field = _demons(seen, near, should_stop, tell)
    deformed = sitk.DisplacementFieldTransform(sitk.Cast(field, sitk.sitkVectorFloat64))
    return sitk.CompositeTransform([affine, deformed]), _likeness(
        np.asarray(seen.array), np.asarray(_resampled(near, fixed, deformed).array), fixed_mask
    )


def likeness_of(
    transform: sitk.Transform, template: Volume, template_mask: Volume, baseline: Volume, mask: Volume
) -> float:
    """Return the likeness of two brains (see `match`) under a transform that something else has found."""
    fixed, fixed_mask = _coarse(baseline, mask)
    moving, moving_mask = _coarse(template, template_mask)
    there = _resampled(moving, fixed, transform)
    there_mask = _resampled(moving_mask.with_array(moving_mask.array.astype(np.float32)), fixed, transform)
    seen = standardised(fixed, fixed_mask)
    near = standardised(there, there_mask.with_array(_more_than_half(there_mask)))
    return _likeness(np.asarray(seen.array), np.asarray(near.array), fixed_mask)


def _likeness(one: NDArray[np.float32], other: NDArray[np.float32], mask: Volume) -> float:
    """Correlate two standardised brains where both are; what is very dark in the other may be its outside."""
    common = mask.array.astype(bool) & (other > _OUTSIDE / 2)
    return float(np.corrcoef(one[common], other[common])[0, 1]) if common.any() else 0.0


def _more_than_half(share: Volume) -> NDArray[np.bool_]:
    return np.asarray(np.asarray(share.array, dtype=np.float32) > 0.5)


def standardised(volume: Volume, mask: Volume) -> Volume:
    """Return (value - mean) / spread of each voxel's surroundings within the mask, float32.

    Parameters
    ----------
    volume, mask : Volume
        A scan on isotropic voxels, and its brain.
    """
    inside = mask.array.astype(bool)
    radius = SURROUNDINGS_MM / float(volume.voxel_sizes_mm[0])
    share = np.maximum(_smooth(inside.astype(np.float32), radius), 1e-3)
    values = np.where(inside, volume.array, 0.0).astype(np.float32)
    deviation = np.where(inside, values - _smooth(values, radius) / share, 0.0)
    spread = np.sqrt(_smooth(deviation**2, radius) / share)
    least = _LEAST_SPREAD * float(np.sqrt(np.mean(deviation[inside] ** 2)))
    standard = np.clip(deviation / (spread + max(least, 1e-6)), -_LARGEST_STANDARD, _LARGEST_STANDARD)
    return volume.with_array(np.where(inside, standard, _OUTSIDE).astype(np.float32))


def _smooth(values: NDArray[np.float32], radius_voxels: float) -> NDArray[np.float32]:
    return np.asarray(ndimage.gaussian_filter(values, radius_voxels, truncate=3.0))


def _coarse(volume: Volume, mask: Volume) -> tuple[Volume, Volume]:
    """Bring a scan and its mask onto isotropic voxels of 2 mm."""
    scan = from_itk(isotropic(sitk.Cast(to_itk(volume), sitk.sitkFloat32)))
    share = from_itk(isotropic(to_itk(mask.with_array(mask.array.astype(np.float32)))))
    return scan, scan.with_array(_more_than_half(share))


def _resampled(volume: Volume, like: Volume, transform: sitk.Transform) -> Volume:
    return from_itk(sitk.Resample(to_itk(volume), to_itk(like), transform, sitk.sitkLinear))


def _affine(
    fixed: Volume, fixed_mask: Volume, moving: Volume, moving_mask: Volume, should_stop: ShouldStop
) -> sitk.AffineTransform:
    """Start with centres and volumes of both masks on each other; the headers tell the orientation."""
    here, there = (RAS_FROM_LPS[:3, :3] @ centroid_mm(mask) for mask in (fixed_mask, moving_mask))
    scale = float(np.cbrt(np.count_nonzero(moving_mask.array) / np.count_nonzero(fixed_mask.array)))
    transform = sitk.AffineTransform(3)
    transform.SetCenter(here.tolist())
    transform.SetTranslation((there - here).tolist())
    transform.SetMatrix((scale * np.eye(3)).ravel().tolist())
    for factor, iterations in _AFFINE_LEVELS:
        image, other = (_shrunk(to_itk(volume), factor) for volume in (fixed, moving))
        method = _linear_method(factor, iterations, min(1.0, _SAMPLES / image.GetNumberOfPixels()))
        method.SetInitialTransform(transform, inPlace=True)
        _run(method, method.StopRegistration, lambda: method.Execute(image, other), should_stop)  # noqa: B023
    return transform


def _linear_method(factor: int, iterations: int, share: float) -> sitk.ImageRegistrationMethod:
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfWorkUnits(1)  # sums in one order: the same bits every time
    method.SetMetricAsCorrelation()
    method.MetricUseFixedImageGradientFilterOff()
    method.MetricUseMovingImageGradientFilterOff()
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(share, _SEED)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=0.5 * factor,
        minStep=0.02,
        numberOfIterations=iterations,
        relaxationFactor=0.6,
        gradientMagnitudeTolerance=1e-6,
    )
    method.SetOptimizerScalesFromPhysicalShift()
    return method


def _demons(fixed: Volume, moving: Volume, should_stop: ShouldStop, tell: Tell) -> sitk.Image:
    """Return the displacement in LPS mm on the grid of the fixed brain."""
    image, other = to_itk(fixed), to_itk(moving)
    field: sitk.Image | None = None
    for number, (factor, iterations) in enumerate(_DEMONS_LEVELS, start=1):
        coarse, coarse_other = _shrunk(image, factor), _shrunk(other, factor)
        demons = sitk.FastSymmetricForcesDemonsRegistrationFilter()
        demons.SetNumberOfIterations(iterations)
        demons.SetSmoothDisplacementField(True)
        demons.SetStandardDeviations(_FIELD_SMOOTHING_VOXELS)
        demons.SetSmoothUpdateField(True)
        demons.SetUpdateFieldStandardDeviations(_UPDATE_SMOOTHING_VOXELS)
        given = [coarse, coarse_other, *([] if field is None else [sitk.Resample(field, coarse)])]
        field = cast(sitk.Image, _run(demons, demons.Abort, lambda: demons.Execute(*given), should_stop))  # noqa: B023
        tell(0.3 + 0.7 * (number / len(_DEMONS_LEVELS)) ** 2)
    return cast(sitk.Image, field)


def _run(
    process: sitk.ProcessObject,
    stop: Callable[[], object],
    execute: Callable[[], T],
    should_stop: ShouldStop,
) -> T:
    stopped = []

    def look() -> None:
        if should_stop():
            stopped.append(True)
            stop()

    if should_stop():
        raise Cancelled
    process.AddCommand(sitk.sitkIterationEvent, look)
    try:
        result = execute()
    except RuntimeError as error:
        if stopped:  # what ITK says when a filter was told to abort
            raise Cancelled from error
        raise
    finally:
        process.RemoveAllCommands()  # it and `look` hold each other, and with them the brains
    if stopped:
        raise Cancelled
    return result


def _shrunk(image: sitk.Image, factor: int) -> sitk.Image:
    return image if factor == 1 else cast(sitk.Image, sitk.BinShrink(image, [factor] * 3))
