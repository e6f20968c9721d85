"""How far along its path the change is at a month: linear, or any other course."""

from __future__ import annotations

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
