"""The coefficients of the error model, from errors that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from LongitudinalINRLib.analysis.error_model import Coefficients

if TYPE_CHECKING:
    from benchmarks.accuracy.coverage import Sample

LEVEL = 0.9
SMALLEST = 1e-6


def calibrated(samples: Sequence[Sample], sized: bool) -> Coefficients:
    """Find the coefficients under which the errors are likeliest, then scale them to hold 90 %.

    Parameters
    ----------
    samples : sequence of Sample
        Months of the tuning subjects.
    sized : bool
        Whether the error shrinks with the size: regions, not voxels.
    """
    within = [sample for sample in samples if sample.kind != "extrapolated"]
    beyond = [sample for sample in samples if sample.kind == "extrapolated"]

    def coefficients(free: np.ndarray) -> Coefficients:
        detail, leak, floor = np.exp(free[:3]).tolist()
        residual, voxel, size = free[3:].tolist()
        return Coefficients(detail, leak, floor, size if sized else 0.0, residual, voxel, 0.0)

    def surprise(free: np.ndarray) -> float:
        total = 0.0
        for sample in within:
            deviation = sample.half_widths(coefficients(free)) + SMALLEST
            surprises = np.log(deviation) + 0.5 * (sample.errors / deviation) ** 2
            total += float(np.average(surprises, weights=sample.weights))
        return total / len(within)

    start = np.array([np.log(0.1), np.log(0.5), np.log(0.001), 0.5, 0.5, 0.3])
    likeliest = coefficients(minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 5000}).x)
    scale = _quantile([(np.abs(s.errors) / s.half_widths(likeliest), s.weights) for s in within])
    scaled = replace(
        likeliest,
        detail=scale * likeliest.detail,
        leak_mm=scale * likeliest.leak_mm,
        floor=scale * likeliest.floor,
    )
    return _with_foretold(scaled, beyond) if beyond else scaled


def _with_foretold(found: Coefficients, beyond: Sequence[Sample]) -> Coefficients:
    def widened(share: float) -> Coefficients:
        return replace(found, foretold=share)

    def miss(share: float) -> float:
        coverage = np.mean([sample.coverage(widened(share)) for sample in beyond])
        return float((coverage - LEVEL) ** 2 + 1e-6 * share)

    return widened(float(minimize_scalar(miss, bounds=(0.0, 3.0), method="bounded").x))


def _quantile(ratios: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the weighted quantile, every month counting alike."""
    values = np.concatenate([ratio for ratio, _ in ratios])
    weights = np.concatenate([weight / weight.sum() for _, weight in ratios])
    order = np.argsort(values)
    passed = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(passed, LEVEL)])
