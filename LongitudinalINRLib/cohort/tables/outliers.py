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

LEAST_SPREAD = {
    "unexplained_share": 0.005,
    "implausible_share": 0.002,
    "detail_ratio": 0.04,
    "grain_ratio": 0.08,
    "curved_share": 0.003,
    "alignment_similarity": 0.01,
    "folded_share": 0.0005,
    "brain_ml": 30.0,
}
"""Robust standard deviation that is taken at least: scans of one protocol may be so alike that a difference
of no consequence is five of theirs. Five of these are 0.025 of the variance, 0.01 of the brain, a fifth of
the sharpness, two fifths of the noise, 0.015 of the contrast (`jobs.stages.appearance` warns at 0.024), 0.05
of similarity, 0.0025 of the brain folded (1 % excludes), and 150 mL."""

_MAD_TO_SD = 1.4826


def with_outliers(people: Sequence[PersonRow]) -> list[PersonRow]:
    """Return the people with the names of the numbers by which they stand apart."""
    names: list[list[str]] = [[] for _ in people]
    for column in QUALITY_COLUMNS:
        values = np.array([getattr(person, column) for person in people], dtype=np.float64)
        for index in np.flatnonzero(_stands_apart(values, LEAST_SPREAD[column])):
            names[index].append(column)
    return [replace(person, outlying=" ".join(told)) for person, told in zip(people, names, strict=True)]


def _stands_apart(values: NDArray[np.float64], least_spread: float) -> NDArray[np.bool_]:
    known = values[np.isfinite(values)]
    if len(known) < FEWEST:
        return np.zeros(len(values), dtype=bool)
    middle = np.median(known)
    spread = max(_MAD_TO_SD * float(np.median(np.abs(known - middle))), least_spread)
    return np.asarray(np.isfinite(values) & (np.abs(values - middle) > FAR * spread))
