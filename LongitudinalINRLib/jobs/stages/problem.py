"""From volumes to what the fit sees: intensities made comparable, geometry as one matrix per scan."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from LongitudinalINRLib.core.problem import FitProblem, Observation
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.intensity import bias_correct, match_intensity, normalise
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.tensors import image_of


def build_problem(job: Job, mask: Volume, alignments: Mapping[float, Alignment]) -> FitProblem:
    """Return the scans as the fit sees them.

    Parameters
    ----------
    job : Job
        The request at work.
    mask : Volume
        Brain on the baseline's grid.
    alignments : mapping of float to Alignment
        Alignment of each follow-up, by month.
    """
    baseline = _corrected(job, job.scans.baseline, mask)
    follow_ups = []
    for months, scan in job.scans.follow_ups.items():
        job.reporter.check_stop()
        matrix = alignments[months].matrix
        brain = resample(mask, scan, np.asarray(np.linalg.inv(matrix)), order="nearest")
        followed = _corrected(job, scan, brain)
        if not job.request.config.leaves_drift_free:
            followed = match_intensity(followed, baseline, mask, matrix)
        follow_ups.append(Observation(months, image_of(normalise(followed, brain), matrix)))
    return FitProblem(
        image_of(normalise(baseline, mask)),
        tuple(follow_ups),
        torch.from_numpy(mask.array.astype(bool)),
        job.request.horizon_months,
    )


def _corrected(job: Job, scan: Volume, brain: Volume) -> Volume:
    return bias_correct(scan, brain, job.reporter.should_stop) if job.request.bias_correction else scan
