"""Following a velocity field: where each point goes, and by how much its surroundings grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.velocity import VelocityField

LARGEST_TURN = 0.7
"""Steepness times the years of one step: measured on a whole brain, the error stays below 1e-5 mm."""


Step = Callable[[VelocityField, Floats, float], Floats]
"""Carries a state along a steady field for a time."""


def classical(velocity: VelocityField, state: Floats, duration: float) -> Floats:
    """Carry a state over one step of the classical fourth-order Runge-Kutta method."""
    return runge_kutta(velocity, velocity, velocity, state, duration)


def midpoint(velocity: VelocityField, state: Floats, duration: float) -> Floats:
    """Carry a state over one step of the midpoint method: half the work, for slow fields."""
    middle = state + 0.5 * duration * velocity(state)
    return np.asarray(state + duration * velocity(middle))


def flow(
    velocity: VelocityField, start: Floats, years: Sequence[float], step: Step = classical
) -> Iterator[Floats]:
    """Carry points along the field, if asked with the log determinant of the map on the way.

    Integrates d(x)/ds = v(x) and d(log|J|)/ds = div v(x). The determinant is an exponential, so no point can
    ever fold.

    Parameters
    ----------
    velocity : VelocityField
    start : ndarray, shape (3, ...) or (4, ...)
        Places at year 0 in RAS mm; with a fourth row, where the log determinant starts: at 0.
    years : sequence of float
        Where to stop and report, in this order; negative years give the inverse map.
    step : callable
        `classical`, or `midpoint`.

    Yields
    ------
    ndarray, shape of start
        Places and, with a fourth row, log|J|.
    """
    state, now = start, 0.0
    for target in years:
        steps = int(np.ceil(abs(target - now) * velocity.steepness / LARGEST_TURN - 1e-9))
        for _ in range(steps):
            state = step(velocity, state, (target - now) / steps)
        now = target
        yield state


def with_log_jacobian(places_mm: Floats) -> Floats:
    """Add the row of log|J| = 0 of the identity to places of shape (3, ...)."""
    return np.concatenate([places_mm, np.zeros((1, *places_mm.shape[1:]))])


def runge_kutta(
    first: VelocityField, middle: VelocityField, last: VelocityField, state: Floats, duration: float
) -> Floats:
    """Carry a state over one step, given the velocity at its beginning, middle and end.

    The unit of the duration is that of the velocities.
    """
    one = first(state)
    two = middle(state + 0.5 * duration * one)
    three = middle(state + 0.5 * duration * two)
    four = last(state + duration * three)
    return np.asarray(state + duration / 6.0 * (one + 2.0 * two + 2.0 * three + four))
