"""The fit: from scans to a model, with progress, checkpoints and a way back from trouble."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.core.state import FitState
from LongitudinalINRLib.errors import Cancelled, NumericalError, OutOfMemory

SNAPSHOT_STEPS = 25
HISTORY_STEPS = 10
BATCH_HALVINGS = 2


@dataclass(frozen=True)
class FitProgress:
    """Where a fit stands.

    Parameters
    ----------
    step, steps : int
        Steps done, and in all.
    seconds, seconds_left : float
        Time spent on the fit, and an estimate of what is left.
    losses : dict of float
        Unweighted terms and their weighted ``total`` at the last step.
    """

    step: int
    steps: int
    seconds: float
    seconds_left: float
    losses: dict[str, float]


@dataclass(frozen=True)
class FitResult:
    """A fitted model and how it came about.

    Parameters
    ----------
    model : FittedModel
        The model.
    history : list of dict
        Step and losses every few steps.
    seconds : float
        Time spent, interruptions left out.
    batch_halvings : int
        How often the batch was halved for want of memory.
    rate_scale : float
        1, or 0.5 after the loss left the finite numbers.
    """

    model: FittedModel
    history: list[dict[str, float]]
    seconds: float
    batch_halvings: int
    rate_scale: float


def fit(
    problem: FitProblem,
    config: FitConfig,
    *,
    device: torch.device | str = "cpu",
    on_progress: Callable[[FitProgress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    start: Mapping[str, Tensor] | None = None,
    resume_from: FitState | None = None,
    on_checkpoint: Callable[[FitState], None] | None = None,
    checkpoint_seconds: float = 30.0,
) -> FitResult:
    """Fit the displacement network to one person's scans.

    Parameters
    ----------
    problem : FitProblem
        The scans.
    config : FitConfig
        The settings.
    device : torch.device or str
        Where to compute.
    on_progress : callable, optional
        Told every few steps.
    should_stop : callable, optional
        Asked at every step.
    start : mapping of str to Tensor, optional
        Hidden layers to start from (see `Descent`).
    resume_from : FitState, optional
        A checkpoint of the same problem and configuration; the result equals that of an uninterrupted run.
    on_checkpoint : callable, optional
        Given a state every `checkpoint_seconds` and when cancelled.
    checkpoint_seconds : float
        Time between checkpoints.

    Returns
    -------
    FitResult

    Raises
    ------
    Cancelled
        If `should_stop` says so.
    OutOfMemory
        If memory ran out with the batch halved twice.
    NumericalError
        If the loss left the finite numbers again after the rate was halved.
    """
    descent = Descent(problem.to(device), config, resume_from, start)
    clock = _Clock(descent.seconds_before)
    safe = descent.state(clock.seconds)
    saved_at = time.monotonic()
    while not descent.finished:
        if should_stop is not None and should_stop():
            if on_checkpoint is not None:
                on_checkpoint(descent.state(clock.seconds))
            raise Cancelled
        try:
            losses = descent.step()
        except torch.cuda.OutOfMemoryError as error:
            _halve_batch(descent, error)
            continue
        if losses is None:
            _go_back(descent, safe)
            continue
        if descent.steps_done % SNAPSHOT_STEPS == 0:
            safe = descent.state(clock.seconds)
        if descent.steps_done % HISTORY_STEPS == 0 or descent.finished:
            descent.record(losses)
            if on_progress is not None:
                on_progress(_progress(descent, clock, losses))
        if on_checkpoint is not None and time.monotonic() - saved_at >= checkpoint_seconds:
            on_checkpoint(descent.state(clock.seconds))
            saved_at = time.monotonic()
    return FitResult(descent.model(), descent.history, clock.seconds, descent.halvings, descent.rate_scale)


class _Clock:
    """Seconds spent on the fit, those before a resume counted in."""

    def __init__(self, already: float):
        self._start = time.monotonic() - already

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start


def _progress(descent: Descent, clock: _Clock, losses: dict[str, float]) -> FitProgress:
    done, steps = descent.steps_done, descent.config.steps
    share = descent.share_done
    return FitProgress(done, steps, clock.seconds, clock.seconds * (1 - share) / share, losses)


def _halve_batch(descent: Descent, error: Exception) -> None:
    if descent.halvings >= BATCH_HALVINGS:
        raise OutOfMemory(
            "out-of-memory",
            "The device ran out of memory.",
            expected="enough memory for a quarter of the batch",
            found=str(error).splitlines()[0],
            advice="Close other programs that use the card, or lower the load: device cpu, preset preview.",
        ) from error
    torch.cuda.empty_cache()
    descent.halve_batch()


def _go_back(descent: Descent, safe: FitState) -> None:
    if descent.rate_scale < 1:
        raise NumericalError(
            "loss-not-finite",
            "The loss became infinite or not a number twice.",
            expected="a finite loss",
            found=f"none at step {descent.steps_done}",
            advice="Look for extreme voxel values in the scans, or lower the weights.",
        )
    descent.go_back(safe)
