"""How far along its path the change is at a month: linear, or any other course."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol


class TimeCourse(Protocol):
    """Maps months since baseline to the years of steady change that would have the same effect."""

    @property
    def name(self) -> str:
        """Short name, written to ``simulation.json``."""

    def years(self, months: float) -> float:
        """Return the years of steady change reached; 0 at month 0, may go back again."""

    def years_per_month(self, months: float) -> float:
        """Return the derivative of `years`."""


@dataclass(frozen=True)
class Linear:
    """Change at a constant pace from baseline on."""

    name: str = "linear"

    def years(self, months: float) -> float:
        """Return the years since baseline."""
        return months / 12.0

    def years_per_month(self, months: float) -> float:
        """Return one twelfth at every month."""
        del months
        return 1.0 / 12.0


@dataclass(frozen=True)
class Power:
    """Change that speeds up or slows down and meets the steady course at a month.

    Parameters
    ----------
    exponent : float
        Of the time since it began: above 1 the change speeds up, below 1 it slows down.
    meets_linear_months : float
        Where as much has changed since baseline as at a constant pace.
    began_months : float
        How long before baseline it began; not 0 if the exponent is below 1: the first pace is infinite.
    """

    exponent: float
    meets_linear_months: float = 36.0
    began_months: float = 0.0

    @property
    def name(self) -> str:
        """Say which power it is."""
        began = f", begun {self.began_months:g} months before" if self.began_months else ""
        return f"power {self.exponent:g}{began}"

    def years(self, months: float) -> float:
        """Return the years of steady change that have the same effect."""
        grown = math.pow(months + self.began_months, self.exponent)
        return self._scale * (grown - math.pow(self.began_months, self.exponent))

    def years_per_month(self, months: float) -> float:
        """Return the pace."""
        return self._scale * self.exponent * math.pow(months + self.began_months, self.exponent - 1.0)

    @property
    def _scale(self) -> float:
        end, began = self.meets_linear_months, self.began_months
        return end / 12.0 / (math.pow(end + began, self.exponent) - math.pow(began, self.exponent))


@dataclass(frozen=True)
class Saturating:
    """Change that slows down exponentially.

    Parameters
    ----------
    time_constant_months : float
        After which the pace has fallen to 37 %.
    """

    time_constant_months: float

    @property
    def name(self) -> str:
        """Say how fast it slows down."""
        return f"saturating, {self.time_constant_months:g} months"

    def years(self, months: float) -> float:
        """Return the years of change at the first pace that have the same effect."""
        return -self.time_constant_months / 12.0 * math.expm1(-months / self.time_constant_months)

    def years_per_month(self, months: float) -> float:
        """Return the pace."""
        return math.exp(-months / self.time_constant_months) / 12.0


@dataclass(frozen=True)
class Wave:
    """A steady trend with a wave on it: pauses at a depth of 1, goes back and forth beyond.

    Parameters
    ----------
    period_months : float
        Length of the wave; the pace is the slowest at month 0 and after every period.
    depth : float
        Share by which the pace swings; above 1 the change reverses.
    """

    period_months: float
    depth: float = 1.0

    @property
    def name(self) -> str:
        """Say how long and deep the wave is."""
        return f"wave of {self.period_months:g} months, depth {self.depth:g}"

    def years(self, months: float) -> float:
        """Return the years of steady change that have the same effect."""
        angular = 2.0 * math.pi / self.period_months
        return (months - self.depth * math.sin(angular * months) / angular) / 12.0

    def years_per_month(self, months: float) -> float:
        """Return the pace."""
        return (1.0 - self.depth * math.cos(2.0 * math.pi * months / self.period_months)) / 12.0


@dataclass(frozen=True)
class SwellingThenShrinking:
    """Change one way up to a month, then back to nothing and beyond: half a sine.

    Parameters
    ----------
    peak_months : float
        Where the change turns round.
    """

    peak_months: float

    @property
    def name(self) -> str:
        """Say where it turns round."""
        return f"turns round at month {self.peak_months:g}"

    def years(self, months: float) -> float:
        """Return the years of steady change that have the same effect; 0 again at twice the peak."""
        return self.peak_months / 12.0 * math.sin(0.5 * math.pi * months / self.peak_months)

    def years_per_month(self, months: float) -> float:
        """Return the pace, negative after the peak."""
        return math.pi / 24.0 * math.cos(0.5 * math.pi * months / self.peak_months)
