"""The range of every number of a fit's settings. Needs the standard library alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.json_text import shown

SHARES_DIFFER = 1e-6
"""The shares of the stages sum to 1 within this."""

RANGES: dict[str, tuple[float, float]] = {
    "weights.lambda_": (0, 1e9),
    "weights.alpha": (0, 1e9),
    "weights.beta": (0, 1e9),
    "weights.gamma": (0, 1e9),
    "contrast_degree": (1, 5),
    "drift_degree": (0, 4),  # the memory of the polynomials grows with its cube
    "widths.count": (2, 16),  # time joins after the first layer
    "widths.each": (1, 2048),
    "omega": (0.01, 1000),
    "steps": (1, 200_000),
    "fall_share": (0, 1),
    "learning_rate": (1e-9, 1),
    "matrix_learning_rate": (1e-9, 1),
    "weight_decay": (0, 100),
    "similarity_points": (16, 1_000_000),
    "patch_edge": (1, 64),
    "derivative_points": (1, 1_000_000),
    "drawn_times": (0, 100),
    "stages.count": (1, 20),
    "stages.each.share": (1e-6, 1),
    "stages.each.smoothing_mm": (0, 20),
    "stages.each.points_share": (1e-6, 1),
    "seed": (0, 2**63 - 1),
}
"""Lowest and highest value, both allowed; `count` is the length of a list, `each` an entry of it."""


class Outside(NamedTuple):
    """A setting that cannot be used, what it should be, and what it is."""

    name: str
    expected: str
    found: str


def first_outside(config: FitConfig) -> Outside | None:
    """Return the first setting that is out of its range, or None."""
    for name, value in numbers_of(config):
        lowest, highest = RANGES[name]
        if not lowest <= value <= highest:
            expected = f"a number from {lowest:,} to {highest:,}".replace(",", " ")
            return Outside(name.rstrip("_"), expected, shown(value))
    total = sum(stage.share for stage in config.stages)
    if abs(total - 1) > SHARES_DIFFER:
        return Outside("stages.each.share", "shares that sum to 1", f"a sum of {total:g}")
    return None


def numbers_of(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Give every number in a dataclass, and the length of every tuple, by the name that `RANGES` calls it."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers_of(getattr(value, field.name), f"{name}.{field.name}".lstrip("."))
    elif isinstance(value, tuple):
        yield f"{name}.count", len(value)
        for item in value:
            yield from numbers_of(item, f"{name}.each")
    elif isinstance(value, (int, float)):
        yield name, value
