"""The loss of one step: similarity at random points and the four regularisers."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from LongitudinalINRLib.core import regularisers
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.intensity_model import contrast_columns, drift_basis, unexplained
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.core.problem import FitProblem
from LongitudinalINRLib.core.published import loss_weights
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.sharpness import laplacian
from LongitudinalINRLib.core.similarity import MEASURES, log_ncc
from LongitudinalINRLib.core.time_axis import TimeAxis

MOSTLY = 0.5
"""Of a point's surroundings that must count for it to be compared."""

TRUSTED_RESIDUAL = 0.15
"""Root of the share left unexplained up to which it counts as noise: scans of 1 mm leave 0.04; slices of
3 mm, whose partial volume is no noise either, 0.16."""

DOUBT = 1.5
"""Power with which the spatial term grows beyond it. Where a contrast agent was given and nothing changed,
the power 1 left changes of 2.7 points, 1.5 left 0.36, and 2 next to nothing, be change there or not."""


class Objective:
    """Evaluates the terms of the loss on freshly drawn points.

    Parameters
    ----------
    problem : FitProblem
        Scans, smoothed as the stage of the fit asks.
    config : FitConfig
        Similarity, weights, number of points.
    domain, axis : Domain, TimeAxis
        Model coordinates.
    sampler : BrainSampler
        Where the points come from.
    """

    def __init__(
        self, problem: FitProblem, config: FitConfig, domain: Domain, axis: TimeAxis, sampler: BrainSampler
    ):
        self.problem = problem
        self.config = config
        self.domain = domain
        self.axis = axis
        self.sampler = sampler
        blurred = any(scan.other_sharpness for scan in problem.follow_ups)
        self._laplacian = laplacian(problem.baseline) if blurred else None

    def terms(self, network: DisplacementNetwork) -> dict[str, Tensor]:
        """Return the unweighted terms by name."""
        terms = {"similarity": self._similarity(network)}
        points = self.domain.to_model(self.sampler.points(self.config.derivative_points))
        jet = network.jet(points, self._times(points))
        terms["spatial"] = regularisers.SPATIAL_FORMS[self.config.spatial_form](jet, self.config.spatial_of)
        terms["temporal"] = regularisers.temporal(jet)
        terms["monotonic"] = regularisers.monotonic(jet)
        if self.config.identity == "soft":
            terms["identity"] = regularisers.identity(network(points, points.new_zeros(1)))
        return terms

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        """Return the weighted sum of the terms."""
        weights = loss_weights(self.config, len(self.problem.follow_ups))
        by_name = {
            "identity": weights.lambda_,
            "spatial": weights.alpha * self._doubt(terms["similarity"]),
            "temporal": weights.beta,
            "monotonic": weights.gamma,
        }
        return sum(
            (by_name[name] * term for name, term in terms.items() if name in by_name), terms["similarity"]
        )

    def _doubt(self, similarity: Tensor) -> float:
        """Return how many times more the spatial term weighs because the scans differ by more than change.

        What neither change nor the scanner explains, such as contrast agent, is no white noise: neighbouring
        points tell the same story, and count for less than the similarity thinks.
        """
        if self.config.similarity != "log-ncc":
            return 1.0
        return math.pow(max(1.0, math.exp(float(similarity.detach())) / TRUSTED_RESIDUAL), DOUBT)

    def _similarity(self, network: DisplacementNetwork) -> Tensor:
        points_mm, stands_for = self._similarity_points()
        times = points_mm.new_tensor([self.axis.to_model(months) for months in self.problem.months])
        flat = points_mm.reshape(-1, 3)
        shifts_mm = self.domain.to_mm(network(self.domain.to_model(flat), times))
        fixed, seen = trilinear(self.problem.baseline, flat)
        if self.problem.counted is not None:
            seen = seen & (trilinear(self.problem.counted, flat)[0] > MOSTLY)
        moving, weight = [], []
        for scan, shift_mm in zip(self.problem.follow_ups, shifts_mm, strict=True):
            values, inside = trilinear(scan.image, flat + shift_mm)
            moving.append(values)
            weight.append((inside & seen).to(values.dtype) * stands_for)
        followed, seen_in_both = torch.stack(moving), torch.stack(weight)
        if self.config.similarity == "log-ncc":
            residual = unexplained(*self._basis(flat, fixed, followed, seen_in_both))
            return log_ncc(residual, followed, seen_in_both)
        shape = (len(moving), *points_mm.shape[:-1])
        measure = MEASURES[self.config.similarity]
        return measure(
            fixed.expand(len(moving), -1).reshape(shape), followed.reshape(shape), seen_in_both.reshape(shape)
        )

    def _basis(
        self, flat: Tensor, fixed: Tensor, followed: Tensor, weight: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        """Return the columns that the scanner explains the follow-ups by, and who may use them."""
        columns = [drift_basis(flat, fixed, self.config.drift_degree)]
        if self.config.contrast_degree > 1:
            columns.append(contrast_columns(fixed, self.config.contrast_degree))
        if self._laplacian is None:
            return torch.cat(columns, -1), followed, weight, None
        columns.append(trilinear(self._laplacian, flat)[0].unsqueeze(-1))
        basis = torch.cat(columns, -1)
        used = torch.ones(len(followed), basis.shape[-1], dtype=torch.bool)
        used[:, -1] = torch.tensor([scan.other_sharpness for scan in self.problem.follow_ups])
        return basis, followed, weight, used

    def _similarity_points(self) -> tuple[Tensor, Tensor | float]:
        """Return points in mm, and how many points of the brain each stands for."""
        count, edge = self.config.similarity_points, self.config.patch_edge
        if self.config.similarity == "local-ncc":
            return self.sampler.patches(max(1, count // edge**3), edge, jitter=True), 1.0
        if self.config.sampling == "patches":
            return self.sampler.patches(max(1, count // edge**3), edge, jitter=False).reshape(-1, 3), 1.0
        if self.config.sampling == "edges" and self.config.similarity == "log-ncc":
            return self.sampler.points_near_edges(count, self.problem.baseline)
        return self.sampler.points(count), 1.0

    def _times(self, like: Tensor) -> Tensor:
        """Return baseline, the follow-ups and times drawn between them, in model time."""
        share = torch.rand(self.config.drawn_times, generator=self.sampler.generator)
        drawn = share * self.axis.last_observed_months
        months = [0.0, *self.problem.months, *drawn.tolist()]
        return like.new_tensor([self.axis.to_model(value) for value in months])
