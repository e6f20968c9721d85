"""What the analysis needs from a fitted model: a deformation that can be asked anywhere, at any month."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from LongitudinalINRLib.words import TimeKind


class Deformation(Protocol):
    """A continuous deformation phi_t of the baseline; the fitted model is one.

    Points are RAS mm in baseline space, shape (N, 3); months are counted from the baseline.
    """

    @property
    def observed_months(self) -> tuple[float, ...]:
        """Months of the follow-ups, ascending."""

    def jacobian_determinant(self, points_mm: Tensor, months: float) -> Tensor:
        """Return |J| of phi_t, shape (N,)."""

    def jacobian_and_rate(self, points_mm: Tensor, months: float) -> tuple[Tensor, Tensor]:
        """Return |J| and d|J|/dt per month, each of shape (N,)."""

    def warp(self, points_mm: Tensor, months: float) -> Tensor:
        """Return phi_t of the points in RAS mm, shape (N, 3)."""

    def kind(self, months: float) -> TimeKind:
        """Tell whether a month is observed, interpolated or extrapolated."""
