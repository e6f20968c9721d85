"""From volumes to what the fit sees: intensities made comparable, geometry as one matrix per scan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from LongitudinalINRLib.core.problem import FitProblem, Image, Observation
from LongitudinalINRLib.imaging.coverage import held_data
from LongitudinalINRLib.imaging.intensity import bias_correct, match_intensity, normalise
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.side_by_side import side_by_side
from LongitudinalINRLib.jobs.tensors import image_of


class Preparation:
    """Makes scans as the fit sees them: intensities comparable, geometry as one matrix each.

    Each follow-up is taken as soon as it is aligned, in any order and from several threads.

    Parameters
    ----------
    baseline, follow_ups : Volume, mapping of float to Volume
        The scans; follow-ups by month.
    mask : Volume
        Brain on the baseline's grid.
    leaves_drift_free : bool
        Whether the similarity takes up intensity drift; otherwise it is removed here.
    corrected : callable
        Corrects a scan, given its brain, before anything else; called from several threads.
    exclude : Volume, optional
        bool, on the baseline's grid: where the scans are not compared.
    """

    def __init__(
        self,
        baseline: Volume,
        follow_ups: Mapping[float, Volume],
        mask: Volume,
        *,
        leaves_drift_free: bool,
        corrected: Callable[[Volume, Volume], Volume] = lambda scan, brain: scan,
        exclude: Volume | None = None,
    ):
        self._first = corrected(baseline, mask)
        self._follow_ups, self._mask, self._exclude = follow_ups, mask, exclude
        self._leaves_drift_free, self._corrected = leaves_drift_free, corrected
        self._images: dict[float, Image] = {}
        with ThreadPoolExecutor(1) as beside:
            self._baseline = beside.submit(_image, self._first, mask)
            beside.shutdown(wait=False)

    def take(self, months: float, matrix: NDArray[np.float64]) -> None:
        """Prepare a follow-up, aligned by a matrix, shape (4, 4): baseline RAS mm to its own."""
        scan = self._follow_ups[months]
        brain = resample(self._mask, scan, np.asarray(np.linalg.inv(matrix)), order="nearest")
        followed = self._corrected(scan, brain)
        if not self._leaves_drift_free:
            followed = match_intensity(followed, self._first, self._mask, matrix)
        self._images[months] = _image(followed, brain, matrix)

    def problem(self) -> FitProblem:
        """Return the scans as the fit sees them, once all are taken."""
        exclude = self._exclude
        return FitProblem(
            self._baseline.result(),
            tuple(Observation(months, self._images[months]) for months in self._follow_ups),
            torch.from_numpy(self._mask.array.astype(bool)),
            None if exclude is None else image_of(exclude.with_array(np.logical_not(exclude.array))),
        )


def preparation(job: Job, mask: Volume) -> Preparation:
    """Return the preparation of a job's scans.

    Parameters
    ----------
    job : Job
        The request at work.
    mask : Volume
        Brain on the baseline's grid.
    """

    def corrected(scan: Volume, brain: Volume) -> Volume:
        wanted = job.request.bias_correction
        return bias_correct(scan, brain, job.reporter.should_stop) if wanted else scan

    return Preparation(
        job.scans.baseline,
        job.scans.follow_ups,
        mask,
        leaves_drift_free=job.request.config.leaves_drift_free,
        corrected=corrected,
        exclude=job.scans.exclude,
    )


def problem_of(
    baseline: Volume,
    follow_ups: Mapping[float, Volume],
    mask: Volume,
    matrices: Mapping[float, NDArray[np.float64]],
    *,
    leaves_drift_free: bool,
) -> FitProblem:
    """Return scans that are aligned as the fit sees them.

    Parameters
    ----------
    baseline, follow_ups, mask, leaves_drift_free
        As for `Preparation`.
    matrices : mapping of float to ndarray, shape (4, 4)
        Baseline RAS mm to follow-up RAS mm, by month.
    """
    made = Preparation(baseline, follow_ups, mask, leaves_drift_free=leaves_drift_free)
    for _ in side_by_side(
        lambda months, _: made.take(months, matrices[months]), follow_ups, should_stop=lambda: False
    ):
        pass
    return made.problem()


def _image(scan: Volume, brain: Volume, matrix: NDArray[np.float64] | None = None) -> Image:
    held = held_data(scan)
    image = image_of(normalise(scan, brain), matrix)
    return image if held is None else replace(image, support=torch.from_numpy(held))
