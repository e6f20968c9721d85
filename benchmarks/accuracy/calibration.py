"""The coefficients of the error model, from errors that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from LongitudinalINRLib.analysis.error_model import UNKNOWN_SCANNER, Coefficients, ScannerError

if TYPE_CHECKING:
    from benchmarks.accuracy.samples import Sample

LEVEL = 0.9
SMALLEST = 1e-6
FORETOLD = "foretold"
STARTS = {"detail": 0.1, "leak_mm": 0.5, "shrinkage": 0.1, "floor": 0.001}
USUAL_START, USUAL_EXPONENT = 0.01, 0.4


def calibrated(samples: Sequence[Sample], sized: bool) -> Coefficients:
    """Find the coefficients under which the errors are likeliest, then scale them to hold 90 %.

    However many `Coefficients` has: those whose names end in ``_exponent`` are sought as they are, the
    others, which must be positive and scale the interval together, by their logarithm; the share of what is
    foretold comes last, from the months beyond the last scan.

    Parameters
    ----------
    samples : sequence of Sample
        Months of subjects with a known truth; some of them no further than the last scan.
    sized : bool
        Whether the error shrinks with the size: regions, not voxels.
    """
    within = [sample for sample in samples if sample.kind != "extrapolated"]
    beyond = [sample for sample in samples if sample.kind == "extrapolated"]
    names = [field.name for field in fields(Coefficients)]
    fixed = {FORETOLD: 0.0} if sized else {FORETOLD: 0.0, "size_exponent": 0.0}
    free_names = [name for name in names if name not in fixed]

    def coefficients(free: np.ndarray) -> Coefficients:
        values = zip(free_names, free.tolist(), strict=True)
        found = {name: value if _is_exponent(name) else float(np.exp(value)) for name, value in values}
        return Coefficients(**found, **fixed)

    def surprise(free: np.ndarray) -> float:
        total = 0.0
        for sample in within:
            deviation = sample.half_widths(coefficients(free)) + SMALLEST
            surprises = np.log(deviation) + 0.5 * (sample.errors / deviation) ** 2
            total += float(np.average(surprises, weights=sample.weights))
        return total / len(within)

    start = [
        USUAL_EXPONENT if _is_exponent(name) else np.log(STARTS.get(name, USUAL_START)) for name in free_names
    ]
    likeliest = coefficients(minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 5000}).x)
    scale = _quantile([(np.abs(s.errors) / s.half_widths(likeliest), s.weights) for s in within])
    amplitudes = {name: scale * getattr(likeliest, name) for name in free_names if not _is_exponent(name)}
    scaled = replace(likeliest, **amplitudes)
    return _with_foretold(scaled, beyond) if beyond else scaled


def widened(samples: Sequence[Sample], coefficients: Coefficients) -> ScannerError:
    """Find the factor by which the intervals of unknown scanners hold 90 % of the errors, their scale added.

    Parameters
    ----------
    samples : sequence of Sample
        Months of subjects, some of them of other scanners.
    coefficients : Coefficients
        Found on those of one scanner.
    """

    def error(factor: float) -> ScannerError:
        return replace(UNKNOWN_SCANNER, widening=factor)

    def miss(factor: float) -> float:
        coverage = np.mean([sample.coverage(coefficients, error(factor)) for sample in samples])
        return float((coverage - LEVEL) ** 2 + 1e-6 * factor)

    return error(float(minimize_scalar(miss, bounds=(1.0, 5.0), method="bounded").x))


def _is_exponent(name: str) -> bool:
    return name.endswith("_exponent")


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
