"""Model coordinate of time, and which months were observed."""

from __future__ import annotations

from dataclasses import dataclass

from LongitudinalINRLib.words import TimeKind, time_kind


@dataclass(frozen=True)
class TimeAxis:
    """Months of the follow-ups and the length of the model's unit of time.

    It holds no month that is only asked for: what is asked must not change what is found.

    Parameters
    ----------
    follow_up_months : tuple of float
        Months of the follow-ups, ascending, all above 0.
    unit_months : float
        Months in one unit of model time.
    """

    follow_up_months: tuple[float, ...]
    unit_months: float

    @property
    def last_observed_months(self) -> float:
        """Month of the last scan."""
        return self.follow_up_months[-1]

    def to_model(self, months: float) -> float:
        """Map months to model time."""
        return months / self.unit_months

    def kind(self, months: float) -> TimeKind:
        """Tell whether a month has a scan, lies between scans, or after the last one."""
        return time_kind(months, self.follow_up_months)
