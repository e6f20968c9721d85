"""What a table of regions says in two sentences: what changed beyond its error, and what did not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MOST_NAMED = 4
SMALLEST_ML = 0.5
"""Smaller regions are counted but not named: their means are of a few hundred voxels."""

MINUS = "−"


@dataclass(frozen=True)
class Change:
    """The change of a region.

    Parameters
    ----------
    name : str
        As people read it.
    percent : float
        Volume change since the baseline.
    interval_points : float
        Half-width of its 90 % interval, percentage points; NaN where it is not known.
    baseline_ml : float
        Volume at the baseline.
    """

    name: str
    percent: float
    interval_points: float
    baseline_ml: float

    @property
    def is_beyond(self) -> bool:
        """Whether the interval does not hold no change."""
        return abs(self.percent) > self.interval_points

    @property
    def text(self) -> str:
        """Name, change and interval: ``left hippocampus −4.2 ± 1.1 %``."""
        signed = f"{self.percent:+.1f}".replace("-", MINUS)
        return f"{self.name} {signed} ± {self.interval_points:.1f} %"


def changed_text(changes: Sequence[Change]) -> str:
    """Name the regions that changed most, of those beyond their intervals.

    Parameters
    ----------
    changes : sequence of Change
        One for each region, wholes such as the brain left out.
    """
    if not _known(changes):
        return "With these settings the error of the changes is not known."
    beyond = [change for change in _known(changes) if change.is_beyond]
    named = sorted(_large(beyond), key=lambda change: -abs(change.percent))[:MOST_NAMED]
    if not named:
        return "No region has changed beyond its 90 % interval."
    others = len(beyond) - len(named)
    more = f", and {others} other{'s' if others > 1 else ''}" if others else ""
    return f"Changed beyond their 90 % intervals: {', '.join(change.text for change in named)}{more}."


def unchanged_text(changes: Sequence[Change]) -> str:
    """Say how many regions cannot be told from no change; empty where there is none, or no interval."""
    known = _known(changes)
    within = [change for change in known if not change.is_beyond]
    if not within:
        return ""
    if len(within) == len(known):
        return "What was measured may as well be no change: every region lies within its 90 % interval."
    they_lie = "it lies within its interval" if len(within) == 1 else "they lie within their intervals"
    return f"{len(within)} of {len(known)} regions may as well not have changed: {they_lie}."


def _known(changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if not math.isnan(change.interval_points)]


def _large(changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.baseline_ml >= SMALLEST_ML]
