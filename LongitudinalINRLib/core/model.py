"""The fitted model: displacement, Jacobian determinant and its rate at any point and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from LongitudinalINRLib.core import evaluation
from LongitudinalINRLib.core.config import FitConfig, config_from_dict
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.jacobian import jacobian_and_rate, jacobian_determinant
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.core.time_axis import TimeAxis
from LongitudinalINRLib.core.weights import check_tensors
from LongitudinalINRLib.words import TimeKind

INVERSE_ITERATIONS = 30
INVERSE_TOLERANCE_MM = 1e-4


class FittedModel:
    """u(x, t) of one person, in mm and months.

    Points are RAS mm in the baseline's space, shape (N, 3); phi_t(x) = x + u(x, t) takes a baseline point to
    its place in the scan at t. Results have the type and the device of the points.

    Parameters
    ----------
    network : DisplacementNetwork
        The fitted network.
    config : FitConfig
        What it was fitted with.
    domain, axis : Domain, TimeAxis
        Its model coordinates.
    """

    def __init__(self, network: DisplacementNetwork, config: FitConfig, domain: Domain, axis: TimeAxis):
        self.network = network.eval().requires_grad_(False)
        self.config = config
        self.domain = domain
        self.axis = axis

    @property
    def observed_months(self) -> tuple[float, ...]:
        """Months of the follow-ups."""
        return self.axis.follow_up_months

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.network.out.weight.device

    def kind(self, months: float) -> TimeKind:
        """Tell whether a month is observed, interpolated or extrapolated."""
        return self.axis.kind(months)

    def displacement(self, points_mm: Tensor, months: float) -> Tensor:
        """Return u in mm, shape (N, 3)."""
        moved = evaluation.displacement(self.network, *self._coordinates(points_mm, months))
        return self.domain.to_mm(moved).to(points_mm)

    def displacement_and_velocity(
        self, parts_mm: Iterable[Tensor], months: Sequence[float]
    ) -> Iterator[list[Tensor]]:
        """Yield for each part of points (N, 3) u in mm beside du/dt in mm per month (N, 6) at each month."""
        times = self.network.out.weight.new_tensor([self.axis.to_model(month) for month in months])
        for found in evaluation.with_velocities(self.network, map(self._points, parts_mm), times):
            yield [
                torch.cat((self.domain.to_mm(value), self.domain.to_mm(velocity) / self.axis.unit_months), -1)
                for value, velocity in found
            ]

    def jacobian_determinant(self, points_mm: Tensor, months: float) -> Tensor:
        """Return |J| of phi_t, shape (N,)."""
        du_dx = evaluation.spatial_derivatives(self.network, *self._coordinates(points_mm, months))
        return jacobian_determinant(du_dx).to(points_mm)

    def rate(self, points_mm: Tensor, months: float) -> Tensor:
        """Return d|J|/dt per month, shape (N,)."""
        return self.jacobian_and_rate(points_mm, months)[1]

    def jacobian_and_rate(self, points_mm: Tensor, months: float) -> tuple[Tensor, Tensor]:
        """Return |J| and d|J|/dt per month, both shape (N,), in one pass."""
        points, time = self._coordinates(points_mm, months)
        with torch.no_grad():
            jet = self.network.jet(points, time.reshape(1))
        determinant, rate = jacobian_and_rate(jet.dx[0], jet.dxdt[0])
        return determinant.to(points_mm), (rate / self.axis.unit_months).to(points_mm)

    def warp(self, points_mm: Tensor, months: float) -> Tensor:
        """Return phi_t(x): where baseline points are at t, RAS mm, shape (N, 3)."""
        return points_mm + self.displacement(points_mm, months)

    def inverse_warp(self, points_mm: Tensor, months: float) -> Tensor:
        """Return phi_t^-1(y): which baseline points are at y at t, RAS mm, shape (N, 3).

        Fixed-point iteration x <- y - u(x, t); it converges where |du/dx| < 1, as it is for change of the
        size seen between scans.
        """
        origin = points_mm
        for _ in range(INVERSE_ITERATIONS):
            update = points_mm - self.displacement(origin, months)
            step_mm = float((update - origin).abs().max()) if len(update) else 0.0
            origin = update
            if step_mm < INVERSE_TOLERANCE_MM:
                break
        return origin

    def tensors(self) -> dict[str, Tensor]:
        """Return the network's weights by name, on the CPU."""
        return {name: value.detach().cpu().contiguous() for name, value in self.network.state_dict().items()}

    def metadata(self) -> dict[str, Any]:
        """Return all but the weights, as JSON values."""
        return {"config": asdict(self.config), "domain": asdict(self.domain), "time_axis": asdict(self.axis)}

    @classmethod
    def from_parts(
        cls, tensors: dict[str, Tensor], metadata: dict[str, Any], device: torch.device | str = "cpu"
    ) -> FittedModel:
        """Rebuild a model from its weights and metadata.

        Raises
        ------
        ValueError
            The weights are not those of the metadata's network, or not finite.
        """
        config: FitConfig = config_from_dict(metadata["config"])
        network = DisplacementNetwork(config)
        check_tensors(tensors, network)
        network.load_state_dict(tensors)
        domain = Domain(tuple(metadata["domain"]["centre_mm"]), metadata["domain"]["half_extent_mm"])
        time_axis = metadata["time_axis"]
        axis = TimeAxis(tuple(time_axis["follow_up_months"]), time_axis["unit_months"])
        return cls(network.to(device), config, domain, axis)

    def _points(self, points_mm: Tensor) -> Tensor:
        return self.domain.to_model(points_mm).to(self.network.out.weight.dtype).to(self.device)

    def _coordinates(self, points_mm: Tensor, months: float) -> tuple[Tensor, Tensor]:
        points = self._points(points_mm)
        return points, points.new_tensor(self.axis.to_model(months))
