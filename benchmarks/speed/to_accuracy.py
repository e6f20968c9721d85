"""How long a fit needs to a given accuracy."""

from __future__ import annotations

import time

import torch

from benchmarks.accuracy.fitting import Fitted
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import score
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.jobs.start import start_of


def course(
    subject: Prepared, config: FitConfig, month: float, device: str, every: int
) -> list[dict[str, float]]:
    """Fit a subject and score it along the way; scoring does not count as time.

    Returns
    -------
    list of dict
        ``step``, ``seconds`` and ``region_error_points``.
    """
    began = time.perf_counter()
    problem = subject.problem(config, subject.follow_up_months).to(device)
    descent = Descent(problem, config, start=start_of(config))
    seconds = time.perf_counter() - began
    found = []
    while not descent.finished:
        began = time.perf_counter()
        for _ in range(min(every, descent.config.steps - descent.steps_done)):
            descent.step()
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        seconds += time.perf_counter() - began
        estimate = Fitted(descent.model(), seconds, descent.steps_done, {})
        error = score(subject, estimate, month).region_error_points
        found.append({"step": descent.steps_done, "seconds": seconds, "region_error_points": error})
    return found


def seconds_to(error_points: float, found: list[dict[str, float]]) -> float | None:
    """Return when the error fell below a bound for good; None if it never did."""
    above = [row["seconds"] for row in found if row["region_error_points"] > error_points]
    below = [row["seconds"] for row in found if not above or row["seconds"] > above[-1]]
    return below[0] if below else None
