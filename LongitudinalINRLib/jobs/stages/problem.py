"""From volumes to what the fit sees: intensities made comparable, geometry as one matrix per scan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from LongitudinalINRLib.core.problem import FitProblem, Image, Observation
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.coverage import held_data
from LongitudinalINRLib.imaging.intensity import bias_correct, match_intensity, normalise
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.side_by_side import side_by_side
from LongitudinalINRLib.jobs.tensors import image_of


def build_problem(job: Job, mask: Volume, alignments: Mapping[float, Alignment]) -> FitProblem:
    """Return a job's scans as the fit sees them.

    Parameters
    ----------
    job : Job
        The request at work.
    mask : Volume
        Brain on the baseline's grid.
    alignments : mapping of float to Alignment
        Alignment of each follow-up, by month.
    """

    def corrected(scan: Volume, brain: Volume) -> Volume:
        job.reporter.check_stop()
        wanted = job.request.bias_correction
        return bias_correct(scan, brain, job.reporter.should_stop) if wanted else scan

    return problem_of(
        job.scans.baseline,
        job.scans.follow_ups,
        mask,
        {months: alignment.matrix for months, alignment in alignments.items()},
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
    corrected: Callable[[Volume, Volume], Volume] = lambda scan, brain: scan,
    exclude: Volume | None = None,
) -> FitProblem:
    """Return scans as the fit sees them: intensities comparable, geometry as one matrix each.

    Parameters
    ----------
    baseline, follow_ups : Volume, mapping of float to Volume
        The scans; follow-ups by month.
    mask : Volume
        Brain on the baseline's grid.
    matrices : mapping of float to ndarray, shape (4, 4)
        Baseline RAS mm to follow-up RAS mm, by month.
    leaves_drift_free : bool
        Whether the similarity takes up intensity drift; otherwise it is removed here.
    corrected : callable
        Corrects a scan, given its brain, before anything else; called from several threads.
    exclude : Volume, optional
        bool, on the baseline's grid: where the scans are not compared.
    """
    first = corrected(baseline, mask)

    def observed(months: float) -> Image:
        scan, matrix = follow_ups[months], matrices[months]
        brain = resample(mask, scan, np.asarray(np.linalg.inv(matrix)), order="nearest")
        followed = corrected(scan, brain)
        if not leaves_drift_free:
            followed = match_intensity(followed, first, mask, matrix)
        return _image(followed, brain, matrix)

    made = [partial(_image, first, mask), *(partial(observed, months) for months in follow_ups)]
    images = list(side_by_side(lambda make, _: make(), made, should_stop=lambda: False))
    return FitProblem(
        images[0],
        tuple(Observation(months, image) for months, image in zip(follow_ups, images[1:], strict=True)),
        torch.from_numpy(np.ascontiguousarray(mask.array, np.bool_)),
        None if exclude is None else image_of(exclude.with_array(np.logical_not(exclude.array))),
    )


def _image(scan: Volume, brain: Volume, matrix: NDArray[np.float64] | None = None) -> Image:
    held = held_data(scan)
    image = image_of(normalise(scan, brain), matrix)
    return image if held is None else replace(image, support=torch.from_numpy(np.ascontiguousarray(held)))
