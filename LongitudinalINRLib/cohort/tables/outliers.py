"""Who stands apart from all others in a number that tells how good the scans are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.tables.person_row import QUALITY_COLUMNS, PersonRow

FEWEST = 8
"""Of fewer people nobody can be said to stand apart."""

FAR = 5.0
"""Robust z-score, |x - median| / (1.4826 MAD), beyond which a person stands apart (Iglewicz and Hoaglin,
"How to Detect and Handle Outliers", 1993, take 3.5; of eight numbers of many people some are beyond that by
chance)."""

_MAD_TO_SD = 1.4826


def with_outliers(people: Sequence[PersonRow]) -> list[PersonRow]:
    """Return the people with the names of the numbers by which they stand apart."""
    names: list[list[str]] = [[] for _ in people]
    for column in QUALITY_COLUMNS:
        values = np.array([getattr(person, column) for person in people], dtype=np.float64)
        for index in np.flatnonzero(_stands_apart(values)):
            names[index].append(column)
    return [replace(person, outlying=" ".join(told)) for person, told in zip(people, names, strict=True)]


def _stands_apart(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    known = values[np.isfinite(values)]
    if len(known) < FEWEST:
        return np.zeros(len(values), dtype=bool)
    middle = np.median(known)
    spread = _MAD_TO_SD * np.median(np.abs(known - middle))
    return np.asarray(np.isfinite(values) & (np.abs(values - middle) > FAR * spread) & (spread > 0))
