"""Fitting, or going on with a fit that was interrupted."""

from __future__ import annotations

from LongitudinalINRLib.core.fit import FitProgress, FitResult, fit
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.jobs.checkpoint import load_checkpoint, save_checkpoint
from LongitudinalINRLib.jobs.job import Job


def fit_or_resume(job: Job, problem: FitProblem, device: str) -> FitResult:
    """Fit the model, from the folder's checkpoint where it is one of this fit.

    Parameters
    ----------
    job : Job
        The request at work.
    problem : FitProblem
        The scans.
    device : str
        Where to compute.
    """
    key, path = job.fit_key(), job.folder.checkpoint

    def on_progress(progress: FitProgress) -> None:
        job.reporter.progress(
            progress.step / progress.steps,
            step=progress.step,
            steps=progress.steps,
            losses=progress.losses,
            seconds_left=progress.seconds_left,
        )

    result = fit(
        problem,
        job.request.config,
        device=device,
        on_progress=on_progress,
        should_stop=job.reporter.should_stop,
        resume_from=load_checkpoint(key, path),
        on_checkpoint=lambda state: save_checkpoint(state, key, path),
        checkpoint_seconds=job.checkpoint_seconds,
    )
    if result.batch_halvings:
        job.reporter.warn(
            f"Memory ran short: the fit went on with 1/{2**result.batch_halvings} of the points a step."
        )
    if result.rate_scale < 1:
        job.reporter.warn(
            "The loss became infinite or not a number once: the fit went back to its last good state "
            "and on with half the learning rate."
        )
    return result
