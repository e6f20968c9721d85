"""The known deformation of a simulated subject: phi_t, its inverse, |J| and its rate at any month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from LongitudinalINRLib.simulate.flow import flow, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.timecourse import TimeCourse
from LongitudinalINRLib.simulate.velocity import VelocityField


@dataclass(frozen=True, eq=False)
class Shown:
    """What a scan at one month needs of the deformation: where its tissue came from.

    Parameters
    ----------
    lattice : Lattice
    months : float
    inverse_displacement : ndarray, shape (3, *lattice.shape)
        Of the inverse of phi_t at the nodes, RAS mm.
    """

    lattice: Lattice
    months: float
    inverse_displacement: Floats

    @property
    def longest_move_mm(self) -> float:
        """How far the point that moves most has moved."""
        return float(np.sqrt((self.inverse_displacement**2).sum(axis=0)).max())

    def inverse(self) -> Callable[[Floats], Floats]:
        """Return the function from places at this month to places at baseline, RAS mm of shape (3, ...)."""
        coefficients = [ndimage.spline_filter(u, order=3, mode="nearest") for u in self.inverse_displacement]

        def baseline_place(points_mm: Floats) -> Floats:
            index = self.lattice.to_index(points_mm)
            moved = [
                ndimage.map_coordinates(c, index, order=3, mode="nearest", prefilter=False)
                for c in coefficients
            ]
            return np.asarray(points_mm + np.stack(moved))

        return baseline_place


@dataclass(frozen=True, eq=False)
class Moment(Shown):
    """The deformation at one month, on the nodes of the lattice.

    Parameters
    ----------
    lattice, months, inverse_displacement
        See `Shown`.
    displacement : ndarray, shape (3, *lattice.shape)
        Of phi_t, RAS mm.
    jacobian, rate : ndarray, shape lattice.shape
        |J| of phi_t, and d|J|/dt per month.
    """

    displacement: Floats
    jacobian: Floats
    rate: Floats


@dataclass(frozen=True, eq=False)
class Deformation:
    """phi_t = exp(s(t) v): a stationary velocity followed at the pace of a time course.

    Parameters
    ----------
    velocity : VelocityField
        mm per year.
    course : TimeCourse
        s(t), in years.
    lattice : Lattice
        Where the displacement is computed.
    """

    velocity: VelocityField
    course: TimeCourse
    lattice: Lattice

    def at(self, months: Sequence[float]) -> Iterator[Moment]:
        """Integrate the flow and its inverse to each month, in the order given."""
        lattice, nodes = self.lattice, self.lattice.nodes_mm()
        years = [self.course.years(month) for month in months]
        forwards = flow(self.velocity, with_log_jacobian(nodes), years)
        backwards = flow(self.velocity, nodes, [-year for year in years])
        for month, state, origins in zip(months, forwards, backwards, strict=True):
            jacobian = np.exp(state[3])
            rate = jacobian * self.velocity.divergence(state[:3]) * self.course.years_per_month(month)
            yield Moment(lattice, month, origins - nodes, state[:3] - nodes, jacobian, rate)
