"""The settings of a simulation by their names, and the values they may take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.scanner import Scanner

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "smoothness_mm": (1.0, 100.0),  # the lattice gets finer with it: 1 needs 4 GB for a 1 mm brain
        "variation": (0.0, 10.0),
        "rotation_mm": (0.0, 10.0),
        "lesion_mm": (0.0, 100.0),
        "lesion_brightness": (0.01, 10.0),
        "noise": (0.0, 10.0),
        "drift": (0.0, 1.0),
        "shift_mm": (0.0, 100.0),
        "turn_degrees": (0.0, 180.0),
        "drift_wavelength_mm": (0.0, 1000.0),
        "strip_jitter_mm": (0.0, 4.0),
        "slice_mm": (0.0, 20.0),
        "gradient_nonlinearity_mm": (0.0, 10.0),
        "blur_mm": (0.0, 10.0),
        "contrast": (0.2, 5.0),
        "motion_mm": (0.0, 20.0),
    }
)
"""Least and largest value of each setting that is a number."""

EXPONENTS = (0.2, 5.0)
MOST_COURSES = 6
SCALE_PERCENT = (-20.0, 20.0)
LOWEST_RATE, HIGHEST_RATE = -99.0, 1000.0


def with_settings(change: Change, scanner: Scanner, settings: Mapping[str, Any]) -> tuple[Change, Scanner]:
    """Give settings to whichever of the two has a field of that name.

    Raises
    ------
    TypeError
        Neither has.
    """
    ours = {field.name for field in fields(Change)}
    mine = {name: value for name, value in settings.items() if name in ours}
    rest = {name: value for name, value in settings.items() if name not in ours}
    return replace(change, **mine), replace(scanner, **rest)


def checked_settings(change: Change, scanner: Scanner) -> None:
    """Refuse settings without a meaning.

    Raises
    ------
    InputError
        One of them is out of its range.
    """
    values = {name: getattr(change, name, getattr(scanner, name, None)) for name in RANGES}
    for name, value in values.items():
        check_range(name, value, *RANGES[name])
    for percent in np.atleast_1d(scanner.scale_percent):
        check_range("scale_percent", percent, *SCALE_PERCENT)
    check_range("number of own_courses", len(change.own_courses), 0, MOST_COURSES)
    for exponent in change.own_courses:
        check_range("own_courses", exponent, *EXPONENTS)
    for label, rate in change.rates_percent_per_year.items():
        check_range(f"rate of label {label}", rate, LOWEST_RATE, HIGHEST_RATE)


def check_range(name: str, value: Any, lowest: float, largest: float) -> None:
    """Refuse a number outside its range.

    Raises
    ------
    InputError
        It is not a number from the lowest to the largest.
    """
    if not (math.isfinite(value) and lowest <= value <= largest):
        raise InputError(
            "simulation-setting",
            f"The setting {name} cannot be used.",
            expected=f"a number from {lowest:g} to {largest:g}",
            found=f"{value}",
            advice="Leave it out to use the default.",
        )
