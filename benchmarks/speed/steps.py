"""Seconds a step, and what share of it the matrix products would take at the machine's peak."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.speed import plain_autograd
from LongitudinalINRLib.core import regularisers
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.core.network import DisplacementNetwork, Jet
from LongitudinalINRLib.core.problem import FitProblem

PEAK_SIZE = {"cpu": 2048, "cuda": 8192}


@dataclass(frozen=True)
class StepSpeed:
    """How fast a preset steps.

    Parameters
    ----------
    seconds : float
        Of one step, median.
    gigaflops : float
        Of its matrix products, forward and backward.
    share_of_peak : float
        Their rate over that of one large matrix product on the same device.
    """

    seconds: float
    gigaflops: float
    share_of_peak: float


def median_seconds(work: Callable[[], object], device: str, repeats: int) -> float:
    """Time a piece of work, the first calls left out."""
    times = []
    for _ in range(repeats + 3):
        _wait(device)
        start = time.perf_counter()
        work()
        _wait(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times[3:])


def peak_gigaflops(device: str) -> float:
    """Return the rate of a large single-precision matrix product."""
    size = PEAK_SIZE.get(device, 2048)
    a = torch.randn(size, size, device=device)
    return 2e-9 * size**3 / median_seconds(lambda: a @ a, device, 10)


def step_speed(
    problem: FitProblem, config: FitConfig, device: str, peak: float, repeats: int = 30
) -> StepSpeed:
    """Time the steps of a fit."""
    descent = Descent(problem.to(device), config)
    seconds = median_seconds(descent.step, device, repeats)
    with FlopCounterMode(display=False) as counter:
        descent.step()
    gigaflops = counter.get_total_flops() * 1e-9
    return StepSpeed(seconds, gigaflops, gigaflops / seconds / peak)


def regulariser_seconds(
    config: FitConfig, device: str, points: int, times: int, repeats: int = 20
) -> dict[str, float]:
    """Time the regularisers and their gradient with streams and with plain autograd, on the same points.

    Returns
    -------
    dict
        Seconds by way, and ``difference``: the largest between their derivatives, relative.
    """
    generator = torch.Generator().manual_seed(0)
    network = DisplacementNetwork(config).to(device)
    with torch.no_grad():
        network.out.weight.copy_(1e-3 * torch.randn(network.out.weight.shape, generator=generator))
    x = (2 * torch.rand(points, 3, generator=generator) - 1).to(device)
    t = torch.linspace(0.0, 1.0, times).to(device)

    def work(derivatives: Callable[[DisplacementNetwork, Tensor, Tensor], Jet]) -> Callable[[], None]:
        def once() -> None:
            network.zero_grad(set_to_none=True)
            found = derivatives(network, x, t)
            loss = (
                regularisers.SPATIAL_FORMS[config.spatial_form](found, config.spatial_of)
                + regularisers.temporal(found)
                + regularisers.monotonic(found)
            )
            torch.autograd.backward(loss)

        return once

    by_streams, by_autograd = DisplacementNetwork.jet, plain_autograd.jet
    ours, theirs = by_streams(network, x, t), by_autograd(network, x, t)
    difference = max(
        float((a - b).detach().abs().max() / b.detach().abs().max())
        for a, b in zip(ours, theirs, strict=True)
    )
    return {
        "streams": median_seconds(work(by_streams), device, repeats),
        "autograd": median_seconds(work(by_autograd), device, repeats),
        "difference": difference,
    }


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()
