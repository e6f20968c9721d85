"""Fitting, or going on with a fit that was interrupted."""

from __future__ import annotations

from LongitudinalINRLib.core.config import FitConfig, preset
from LongitudinalINRLib.core.fit import FitProgress, FitResult, fit
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.jobs.checkpoint import load_checkpoint, save_checkpoint
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.start import start_of


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
    key = job.fit_key()
    for warning in settings_warnings(job.request.config):
        job.reporter.warn(warning)

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
        start=start_of(job.request.config),
        resume_from=load_checkpoint(key, job.folder, job.reporter.warn),
        on_checkpoint=lambda state: save_checkpoint(state, key, job.folder),
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


def settings_warnings(config: FitConfig) -> list[str]:
    """Return what the person should know about settings that do not go together."""
    own = preset(config.preset)
    warnings = []
    if config.similarity != own.similarity and config.weights == own.weights:
        warnings.append(
            f"The weights of the preset {config.preset} are made for {own.similarity}. With "
            f"{config.similarity} they pull towards no change many times harder: change is underestimated "
            "unless alpha, beta and gamma are lowered, for ncc about a hundredfold."
        )
    if config.identity == "hard" and config.weights.lambda_ > 0:
        warnings.append(
            "The weight lambda does nothing with a hard identity, which is exact at month 0; "
            "it goes with a soft one."
        )
    return warnings
