"""The maps a result can hold: how each is named, centred and written in percent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

QuantityName = Literal["jacobian", "log-jacobian", "rate"]


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
    """

    name: QuantityName
    title: str
    legend: str
    centre: float
    half_range: float
    neutral_half_width: float

    def percent(self, value: float) -> float:
        """Write a value as people read it: volume change in percent, or percent per year for the rate."""
        if self.name == "jacobian":
            return 100.0 * (value - 1.0)
        if self.name == "log-jacobian":
            return 100.0 * math.expm1(value)
        return 1200.0 * value


JACOBIAN = Quantity("jacobian", "Jacobian", "Volume change", 1.0, 0.20, 0.02)
LOG_JACOBIAN = Quantity("log-jacobian", "log Jacobian", "Volume change", 0.0, 0.20, 0.02)
RATE = Quantity("rate", "Rate of change", "Change per year", 0.0, 0.10 / 12.0, 0.01 / 12.0)
QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in (JACOBIAN, LOG_JACOBIAN, RATE)}
