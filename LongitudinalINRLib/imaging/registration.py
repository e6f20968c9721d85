"""The search for a linear transform between two scans, by SimpleITK, from coarse to fine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import Cancelled, InputError
from LongitudinalINRLib.imaging.itk import RAS_FROM_LPS, shrunk, to_itk, transform_from_itk, transform_to_itk
from LongitudinalINRLib.imaging.volume import Volume

_SAMPLING_SEED = 7
_SMALLEST_COMMON_SHARE = 0.05


@dataclass(frozen=True)
class Level:
    """One resolution of the search; lengths in mm. Steps shrink by `relaxation` where the direction turns."""

    edge_mm: float
    metric: Literal["mutual-information", "correlation"]
    samples: int
    first_step_mm: float
    last_step_mm: float
    relaxation: float
    iterations: int


# Mutual information finds the way from afar; correlation, the engine's own similarity, is sharper at the end.
# Patience pays at the coarsest level, where an iteration costs little and another start may be the right one.
COARSEST = Level(8.0, "mutual-information", 30_000, 4.0, 0.1, 0.75, 100)
MIDDLE = Level(4.0, "mutual-information", 60_000, 1.0, 0.03, 0.5, 60)
FINEST = (
    Level(2.0, "correlation", 60_000, 0.5, 0.01, 0.5, 50),
    Level(1.0, "correlation", 60_000, 0.1, 0.004, 0.5, 30),
)
_STEEPNESS_OF_A_TOP = 1e-6
"""Of the similarity: the steps end a search, not a slope that is called level too soon."""


class Search:
    """The images of one registration and the question whether to go on.

    Parameters
    ----------
    follow_up, baseline : Volume
        Moving and fixed scan, each on its own grid.
    mask : Volume
        On the baseline grid: the only voxels that count.
    should_stop : callable, optional
        Asked at every iteration.
    """

    def __init__(
        self, follow_up: Volume, baseline: Volume, mask: Volume, should_stop: Callable[[], bool] | None
    ):
        self._moving = sitk.Cast(to_itk(follow_up), sitk.sitkFloat32)
        fixed = sitk.Cast(to_itk(baseline), sitk.sitkFloat32)
        inside = to_itk(mask.with_array(mask.array.astype(np.uint8)))
        box = _bounding_box(mask.array)
        self._fixed, self._mask = fixed[box], inside[box]
        self._centre = (RAS_FROM_LPS[:3, :3] @ centroid_mm(mask)).tolist()
        self._should_stop = should_stop or (lambda: False)
        self._failure: RuntimeError | None = None

    def best_matrix(self, kind: Literal["rigid", "affine"]) -> NDArray[np.float64]:
        """Search from several starts at the coarsest level, then refine the best of them.

        Returns
        -------
        ndarray, shape (4, 4)
            Baseline RAS mm to follow-up RAS mm.

        Raises
        ------
        Cancelled
            Within one iteration of being asked to stop.
        InputError
            If the scans share too little for any start.
        """
        tried = [(self._refine(start, COARSEST), start) for start in self._starts()]
        score, rigid = min(tried, key=lambda pair: pair[0])
        scores = [score, self._refine(rigid, MIDDLE)]
        transform = _as_affine(rigid) if kind == "affine" else rigid
        scores += [self._refine(transform, level) for level in FINEST]
        if not np.isfinite(scores).all():
            raise _no_common_part() from self._failure
        return transform_from_itk(transform)

    def refined(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Improve a rigid matrix that is nearly right, at the finest levels alone.

        Returns
        -------
        ndarray, shape (4, 4)
            As of `best_matrix`.

        Raises
        ------
        Cancelled, InputError
            As of `best_matrix`.
        """
        rigid = sitk.Euler3DTransform()
        rigid.SetCenter(self._centre)
        lps = transform_to_itk(matrix)
        rigid.SetMatrix(lps.GetMatrix(), tolerance=1e-6)
        centred = np.subtract(lps.TransformPoint(self._centre), self._centre)
        rigid.SetTranslation(centred.tolist())
        if not np.isfinite([self._refine(rigid, level) for level in FINEST]).all():
            raise _no_common_part() from self._failure
        return transform_from_itk(rigid)

    def _starts(self) -> list[sitk.Euler3DTransform]:
        """As the headers say; fields of view centred on each other; centres of brightness on each other."""
        initializer = sitk.CenteredTransformInitializerFilter
        headers = sitk.Euler3DTransform()
        headers.SetCenter(self._centre)
        starts = [headers]
        for operation in (initializer.GEOMETRY, initializer.MOMENTS):
            centred = sitk.CenteredTransformInitializer(
                self._fixed, self._moving, sitk.Euler3DTransform(), operation
            )
            start = sitk.Euler3DTransform(headers)
            start.SetTranslation(sitk.Euler3DTransform(centred).GetTranslation())
            starts.append(start)
        return starts

    def _refine(self, transform: sitk.Transform, level: Level) -> float:
        """Improve a transform in place; a lower score is better, infinity says that the scans do not meet."""
        fixed, moving = shrunk(self._fixed, level.edge_mm), shrunk(self._moving, level.edge_mm)
        mask = sitk.Resample(self._mask, fixed, sitk.Transform(), sitk.sitkNearestNeighbor)
        masked = int(sitk.GetArrayViewFromImage(mask).sum())
        method = _method(level, share=min(1.0, level.samples / max(masked, 1)))
        method.SetMetricFixedMask(mask)
        method.SetInitialTransform(transform, inPlace=True)
        stopped = []

        def look() -> None:
            if self._should_stop():
                stopped.append(True)
                method.StopRegistration()

        if self._should_stop():
            raise Cancelled
        method.AddCommand(sitk.sitkIterationEvent, look)
        try:
            method.Execute(fixed, moving)
        except RuntimeError as error:  # what ITK says when the samples leave the scan or see only air
            self._failure = error
            return float("inf")
        finally:
            method.RemoveAllCommands()  # it and `look` hold each other, and with them both scans
        if stopped:
            raise Cancelled
        seen = min(1.0, method.GetMetricNumberOfValidPoints() / max(1.0, min(level.samples, masked)))
        return float(method.GetMetricValue() * seen) if seen > _SMALLEST_COMMON_SHARE else float("inf")


def _method(level: Level, share: float) -> sitk.ImageRegistrationMethod:
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfWorkUnits(1)  # sums in one order: the same bits every time
    if level.metric == "correlation":
        method.SetMetricAsCorrelation()
    else:
        method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=32)
    method.MetricUseFixedImageGradientFilterOff()
    method.MetricUseMovingImageGradientFilterOff()
    # ITK jitters random samples off the grid, so that both scans are interpolated alike.
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(share, _SAMPLING_SEED)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=level.first_step_mm,
        minStep=level.last_step_mm,
        numberOfIterations=level.iterations,
        relaxationFactor=level.relaxation,
        gradientMagnitudeTolerance=_STEEPNESS_OF_A_TOP,
    )
    method.SetOptimizerScalesFromPhysicalShift()
    return method


def _as_affine(rigid: sitk.Euler3DTransform) -> sitk.AffineTransform:
    affine = sitk.AffineTransform(3)
    affine.SetCenter(rigid.GetCenter())
    affine.SetMatrix(rigid.GetMatrix())
    affine.SetTranslation(rigid.GetTranslation())
    return affine


def _bounding_box(mask: NDArray[np.generic]) -> tuple[slice, ...]:
    seen = [np.flatnonzero(counts) for counts in _counts(mask)]
    return tuple(slice(int(where[0]), int(where[-1]) + 1) for where in seen)


def centroid_mm(mask: Volume) -> NDArray[np.float64]:
    """Return the middle of a mask in RAS mm."""
    middle = [counts @ np.arange(len(counts)) / counts.sum() for counts in _counts(mask.array)]
    return np.asarray(mask.affine[:3] @ np.append(middle, 1.0))


def _counts(mask: NDArray[np.generic]) -> list[NDArray[np.int64]]:
    """Return how many voxels each slice of a mask holds, along each axis."""
    rows = np.count_nonzero(mask, axis=2)
    return [rows.sum(axis=1), rows.sum(axis=0), np.count_nonzero(mask, axis=(0, 1))]


def _no_common_part() -> InputError:
    return InputError(
        "alignment-failed",
        "The follow-up could not be aligned to the baseline.",
        expected="two scans that show the same brain",
        found="too few points of the brain mask inside the follow-up",
        advice="Check that both scans cover the brain, or align them beforehand and choose 'none' here.",
    )
