"""Errors of fits with a known truth, beside what the error model knows of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.cases import Case, cases_of
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.fitting import Fitted, fitted
from benchmarks.accuracy.prepared import Prepared, prepare
from LongitudinalINRLib.analysis.error_model import (
    SAME_SCANNER,
    Coefficients,
    Evidence,
    ScannerError,
    half_width,
)
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.region_errors import steepness_per_mm
from LongitudinalINRLib.analysis.scores import counted_regions, sample_weights
from LongitudinalINRLib.core.config import preset

VOXELS_PER_REGION = 300
Values = np.ndarray


@dataclass(frozen=True, eq=False)
class Sample:
    """Errors of one month, and what the error model knows about them.

    Parameters
    ----------
    spec, kind, months : SubjectSpec, str, float
        Where they are from.
    evidence : Evidence
        Of the fit and the month.
    errors, changes : ndarray, shape (N,)
        Found minus true, and what was found: log|J| of voxels, or mean |J| - 1 of regions.
    steepness, foretold, volume_ml, weights : ndarray, shape (N,)
        As in `half_width`; what each counts for.
    """

    spec: SubjectSpec
    kind: str
    months: float
    evidence: Evidence
    errors: Values
    changes: Values
    steepness: Values
    foretold: Values
    volume_ml: Values
    weights: Values

    def half_widths(self, coefficients: Coefficients, scanner: ScannerError = SAME_SCANNER) -> Values:
        """Return the half-width of each interval, by what is known about the scanners."""
        return half_width(
            coefficients,
            replace(self.evidence, scanner=scanner),
            self.steepness,
            self.foretold,
            self.volume_ml,
            self.changes,
        )

    def coverage(self, coefficients: Coefficients, scanner: ScannerError = SAME_SCANNER) -> float:
        """Return the share of intervals that hold the truth."""
        held = np.abs(self.errors) <= self.half_widths(coefficients, scanner)
        return float(np.average(held, weights=self.weights))


def samples_of(
    spec: SubjectSpec, subject: Prepared, case: Case, fit: Fitted, month: float
) -> tuple[Sample, Sample]:
    """Return the voxels and the regions of a month."""
    regions, evaluator = subject.regions, PointEvaluator(fit.model)
    chosen = regions.even_sample(VOXELS_PER_REGION)
    points_mm, weights = regions.points_mm(chosen), sample_weights(regions, chosen)
    found = evaluator.jacobian(points_mm, month)
    true = subject.jacobians[month].array.ravel()[regions.voxels[chosen]].astype(np.float64)
    steepness = steepness_per_mm(evaluator, points_mm, month)
    last = max(case.fitted_months)
    before = evaluator.jacobian(points_mm, last) if month > last else found
    amplitude = float(np.sqrt(np.average(np.log(found) ** 2, weights=weights)))
    evidence = Evidence(
        math.exp(fit.losses["similarity"]), amplitude, float(subject.mask.voxel_sizes_mm.max())
    )
    counted = counted_regions(subject.regions)

    def means(values: Values) -> Values:
        return regions.means(values, chosen)[counted]

    where = (spec, case.kind, month, evidence)
    return (
        Sample(
            *where,
            np.log(found) - np.log(true),
            np.log(found),
            steepness,
            np.log(found) - np.log(before),
            np.ones(len(found)),
            weights,
        ),
        Sample(
            *where,
            means(found) - means(true),
            means(found) - 1.0,
            means(steepness),
            means(found - before),
            (regions.counts * regions.grid.voxel_volume_ml)[counted].astype(np.float64),
            np.ones(len(counted)),
        ),
    )


def collect(specs: Sequence[SubjectSpec], output: Path) -> tuple[list[Sample], list[Sample]]:
    """Return the samples of voxels and of regions of some subjects, from the suite's fits."""
    voxels, regions = [], []
    for spec in specs:
        subject = prepare(spec, output / "subjects")
        for case in cases_of(spec):
            file = output / "models" / f"{spec.name}-{case.kind}-standard.safetensors"
            fit = fitted(subject, preset("standard"), case.fitted_months, file)
            for month in case.asked_months:
                of_voxels, of_regions = samples_of(spec, subject, case, fit, month)
                voxels.append(of_voxels)
                regions.append(of_regions)
    return voxels, regions
