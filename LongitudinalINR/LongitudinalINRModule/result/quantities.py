"""The maps a result can hold: how each is named, centred and written in percent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

QuantityName = Literal["jacobian", "log-jacobian", "rate", "interval"]


@dataclass(frozen=True)
class Quantity:
    """A scalar map of volume change.

    Parameters
    ----------
    name : str
        The map's name in files, attributes and on the command line.
    title : str
        What people read, also as the name of nodes; plain letters, because it becomes the name of a file.
    legend : str
        Title of the colour legend, with the unit of its labels.
    centre : float
        Value of no change; the value outside the mask.
    half_range : float
        Default distance from the centre to either end of the colours.
    neutral_half_width : float
        Default distance from the centre within which nothing is drawn.
    one_sided : bool
        Whether it has no sign: it then counts from the centre upwards.
    """

    name: QuantityName
    title: str
    legend: str
    centre: float
    half_range: float
    neutral_half_width: float
    one_sided: bool = False

    def percent(self, value: float) -> float:
        """Write a value as people read it: volume change in percent, or percent per year for the rate.

        The interval's half-width of log|J| is told in hundredths, which differ from percent of volume by less
        than the interval itself is known.
        """
        if self.name == "jacobian":
            return 100.0 * (value - 1.0)
        if self.name == "rate":
            return 1200.0 * value
        return 100.0 * (value if self.one_sided else math.expm1(value))

    def distance(self, percent: float) -> float:
        """Return how far from no change a value lies that people read as a percent."""
        if self.name == "jacobian":
            return percent / 100.0
        if self.name == "rate":
            return percent / 1200.0
        return percent / 100.0 if self.one_sided else math.log1p(percent / 100.0)

    def range(self, half_range: float) -> tuple[float, float]:
        """Return the values at both ends of the colours."""
        return self.centre if self.one_sided else self.centre - half_range, self.centre + half_range


JACOBIAN = Quantity("jacobian", "Jacobian", "Volume change", 1.0, 0.20, 0.02)
LOG_JACOBIAN = Quantity("log-jacobian", "log Jacobian", "Volume change", 0.0, 0.20, 0.02)
RATE = Quantity("rate", "Rate of change", "Change per year", 0.0, 0.10 / 12.0, 0.01 / 12.0)
INTERVAL = Quantity("interval", "Interval", "90 % interval", 0.0, 0.10, 0.0, one_sided=True)
QUANTITIES: dict[str, Quantity] = {
    quantity.name: quantity for quantity in (JACOBIAN, LOG_JACOBIAN, RATE, INTERVAL)
}
