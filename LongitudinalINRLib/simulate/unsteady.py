"""A deformation whose regions each keep their own time: the velocity is not the same at every month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.simulate.deformation import Moment
from LongitudinalINRLib.simulate.flow import LARGEST_TURN, runge_kutta, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.timecourse import TimeCourse
from LongitudinalINRLib.simulate.velocity import VelocityField

_TOLERANCE_YEARS = 1e-4
"""By how much a step may miss the change of a course: at 1 mm a year, a tenth of a micrometre."""


@dataclass(frozen=True, eq=False)
class Current:
    """A velocity, mm per year, and the pace at which it is followed."""

    velocity: VelocityField
    course: TimeCourse


@dataclass(frozen=True, eq=False)
class UnsteadyDeformation:
    """phi_t of dx/dt = sum of s_g'(t) v_g(x).

    The currents do not commute, so phi_t is no exponential of anything: it is integrated in time, and its
    inverse from each month back to baseline.

    Parameters
    ----------
    currents : tuple of Current
        On one lattice.
    lattice : Lattice
        Where the displacement is computed.
    """

    currents: tuple[Current, ...]
    lattice: Lattice

    def at(self, months: Sequence[float]) -> Iterator[Moment]:
        """Integrate the flow and its inverse to each month, in the order given."""
        nodes = self.lattice.nodes_mm()
        state, now = with_log_jacobian(nodes), 0.0
        for month in months:
            state, now = self.carried(state, now, month), month
            origins = self.carried(nodes, month, 0.0)
            jacobian = np.exp(state[3])
            rate = jacobian * self._velocity(month).divergence(state[:3])
            yield Moment(self.lattice, month, origins - nodes, state[:3] - nodes, jacobian, rate)

    def carried(self, state: Floats, begin_months: float, end_months: float) -> Floats:
        """Carry points from one month to another, before or after it.

        Parameters
        ----------
        state : ndarray, shape (3, ...) or (4, ...)
            As in `flow`.
        begin_months, end_months : float
        """
        for begin, end in self._steps(begin_months, end_months):
            if end == begin:
                continue
            first, middle, last = (self._velocity(t) for t in (begin, 0.5 * (begin + end), end))
            state = runge_kutta(first, middle, last, state, end - begin)
        return state

    def _steps(self, begin: float, end: float) -> Iterator[tuple[float, float]]:
        """Halve the way until a step turns little and Simpson's rule knows how far each course goes."""
        middle, turn, missed = 0.5 * (begin + end), 0.0, 0.0
        for current in self.currents:
            course, pace = current.course, current.course.years_per_month
            years = course.years(end) - course.years(begin)
            simpson = (end - begin) / 6.0 * (pace(begin) + 4.0 * pace(middle) + pace(end))
            turn += abs(years) * current.velocity.steepness
            missed = max(missed, abs(simpson - years))
        if turn <= LARGEST_TURN and missed <= _TOLERANCE_YEARS:
            yield begin, end
        else:
            yield from self._steps(begin, middle)
            yield from self._steps(middle, end)

    def _velocity(self, months: float) -> VelocityField:
        """Return the velocity at a month, mm per month."""
        fields = [current.velocity for current in self.currents]
        paces = [current.course.years_per_month(months) for current in self.currents]
        coefficients = np.zeros_like(fields[0].coefficients)
        for field, pace in zip(fields, paces, strict=True):
            coefficients += np.float32(pace) * field.coefficients
        steepness = sum(abs(pace) * field.steepness for field, pace in zip(fields, paces, strict=True))
        return VelocityField(fields[0].lattice, coefficients, steepness)
