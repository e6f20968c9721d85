"""The state of a running fit and one step of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate

import torch
from torch import Tensor

from LongitudinalINRLib.core import state as snapshots
from LongitudinalINRLib.core.config import FitConfig, Stage
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.core.objective import Objective
from LongitudinalINRLib.core.optimisers import make_optimisers
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.schedule import Schedule
from LongitudinalINRLib.core.smoothing import smooth_problem
from LongitudinalINRLib.core.state import FitState
from LongitudinalINRLib.core.time_axis import TimeAxis
from LongitudinalINRLib.words import MONTHS_PER_YEAR

OTHER_WORK = 0.25
"""What a step takes beside the similarity, as a share of what that takes at all its points: 24 of 96 ms with
three follow-ups on two cores."""


class Descent:
    """A fit between two steps.

    Parameters
    ----------
    problem : FitProblem
        The scans, on the device to compute on.
    config : FitConfig
        The settings.
    resume_from : FitState, optional
        Where to go on.
    start : mapping of str to Tensor, optional
        Weights of the hidden layers to start from, by their names in the network; those drawn from the seed
        when not given.
    """

    def __init__(
        self,
        problem: FitProblem,
        config: FitConfig,
        resume_from: FitState | None = None,
        start: Mapping[str, Tensor] | None = None,
    ):
        self.problem = problem
        self.config = config
        self.domain = Domain.around(problem.mask.shape, problem.voxel_to_world)
        self.axis = time_axis(problem, config)
        self.generator = torch.Generator().manual_seed(config.seed)
        self.sampler = BrainSampler(problem, self.generator)
        self.network = DisplacementNetwork(config).to(problem.mask.device)
        if start is not None:
            self.network.load_state_dict({**self.network.state_dict(), **start})
        self.optimisers = make_optimisers(self.network, config)
        self.schedule = Schedule(config.steps, round(config.fall_share * config.steps))
        work = (OTHER_WORK + self._stage_of(step).points_share for step in range(config.steps))
        self._work = list(accumulate(work, initial=0.0))
        self.history: list[dict[str, float]] = []
        self.steps_done = 0
        self.seconds_before = 0.0
        self.rate_scale = 1.0
        self.halvings = 0
        self._objective: tuple[Stage, Objective] | None = None
        if resume_from is not None:
            self._restore(resume_from)

    @property
    def finished(self) -> bool:
        """Whether every step is done."""
        return self.steps_done >= self.config.steps

    @property
    def share_done(self) -> float:
        """Share of the work that is done: a step that draws fewer points takes less."""
        return self._work[self.steps_done] / self._work[-1]

    def step(self) -> dict[str, float] | None:
        """Take one step and return its terms; None, and no step, if it is not finite."""
        objective = self._stage_objective()
        terms = objective.terms(self.network)
        total = objective.total(terms)
        losses = {name: float(term.detach()) for name, term in {**terms, "total": total}.items()}
        if not math.isfinite(losses["total"]):
            return None
        self.network.zero_grad(set_to_none=True)
        torch.autograd.backward(total)
        if not all(
            weight.grad is None or weight.grad.isfinite().all() for weight in self.network.parameters()
        ):
            return None
        factor = self.schedule.factor(self.steps_done)
        for optimiser in self.optimisers:
            optimiser.step(optimiser.peak_rate * self.rate_scale * factor)
        self.steps_done += 1
        return losses

    def record(self, losses: dict[str, float]) -> None:
        """Keep the losses of the last step for the history."""
        self.history.append({"step": float(self.steps_done), **losses})

    def halve_batch(self) -> None:
        """Draw half as many points from now on."""
        self.halvings += 1
        self._objective = None

    def go_back(self, safe: FitState) -> None:
        """Return to a safe state with half the learning rate."""
        scale = self.rate_scale / 2
        self._restore(safe)
        self.rate_scale = scale

    def state(self, seconds: float) -> FitState:
        """Return a snapshot from which an equal fit can go on."""
        scalars = {
            "steps_done": self.steps_done,
            "rate_scale": self.rate_scale,
            "halvings": self.halvings,
            "seconds": seconds,
            "history": list(self.history),
        }
        return snapshots.capture(self.network, self.optimisers, self.generator, scalars)

    def model(self) -> FittedModel:
        """Return the model as it now is, apart from the fit."""
        network = DisplacementNetwork(self.config).to(self.problem.mask.device)
        network.load_state_dict(self.network.state_dict())
        return FittedModel(network, self.config, self.domain, self.axis)

    def _restore(self, state: FitState) -> None:
        snapshots.restore(state, self.network, self.optimisers, self.generator)
        scalars = state.scalars
        self.steps_done = int(scalars["steps_done"])
        self.rate_scale = float(scalars["rate_scale"])
        self.halvings = int(scalars["halvings"])
        self.seconds_before = float(scalars["seconds"])
        self.history = list(scalars["history"])
        self._objective = None

    def _stage_of(self, step: int) -> Stage:
        end = 0.0
        for stage in self.config.stages:
            end += stage.share
            if step < round(end * self.config.steps):
                return stage
        return self.config.stages[-1]

    def _stage_objective(self) -> Objective:
        """Return the objective of the present stage."""
        stage = self._stage_of(self.steps_done)
        if self._objective is None or self._objective[0] is not stage:
            batch = 0.5**self.halvings
            config = replace(
                self.config,
                similarity_points=max(1, round(self.config.similarity_points * stage.points_share * batch)),
                derivative_points=max(1, round(self.config.derivative_points * batch)),
            )
            smoothed = self._smoothed(stage.smoothing_mm)
            self._objective = stage, Objective(smoothed, config, self.domain, self.axis, self.sampler)
        return self._objective[1]

    def _smoothed(self, smoothing_mm: float) -> FitProblem:
        """Return the scans, smoothed; those of the stage before, where it smoothed them alike."""
        if self._objective is not None and self._objective[0].smoothing_mm == smoothing_mm:
            return self._objective[1].problem
        self._objective = None  # or its smoothed scans would be held beside the new ones
        return smooth_problem(self.problem, smoothing_mm)


def time_axis(problem: FitProblem, config: FitConfig) -> TimeAxis:
    """Return the model's time for a problem."""
    last = problem.months[-1]
    unit = last if config.time_unit == "last-observed" else MONTHS_PER_YEAR
    return TimeAxis(problem.months, unit)
