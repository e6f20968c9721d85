"""Does it matter which scan is the baseline? ``python -m benchmarks.accuracy.symmetry --output FOLDER``.

Fitted both ways, the Jacobian determinants of a point and of where it went must multiply to 1. A method whose
product is not 1 on average finds change where there is none (asymmetry bias).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.fitting import Fitted, fitted
from benchmarks.accuracy.prepared import BASELINE, Prepared, prepare
from benchmarks.accuracy.tables import table
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.scores import counted_regions, sample_weights
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.files import write_text

SUBJECTS = ("default", "still", "two-scans")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--only", nargs="*", default=SUBJECTS, choices=SUBJECTS)
    options = parser.parse_args()
    found = {
        spec.name: measure(prepare(spec, options.output / "subjects"), options.output / "models")
        for spec in REPORTING
        if spec.name in options.only
    }
    head = ["subject", *next(iter(found.values()))]
    text = table(head, [[name, *(f"{value:.4f}" for value in row.values())] for name, row in found.items()])
    kept = json.dumps({"found": found, "table": text}, indent=1)
    write_text(options.output / "symmetry.json", kept)
    print(text)


def swapped(subject: Prepared) -> Prepared:
    """Return the same scans with time running backwards: the last is the baseline; its truth is not known."""
    last = max(subject.scans)
    matrices = {BASELINE: np.eye(4), **subject.matrices}
    back = np.linalg.inv(matrices[last])
    months = sorted(subject.scans, reverse=True)
    return Prepared(
        f"{subject.name}-swapped",
        {last - month: subject.scans[month] for month in months},
        {last - month: subject.labels[month] for month in months},
        {last - month: matrices[month] @ back for month in months if month != last},
        {},
    )


def measure(subject: Prepared, models: Path) -> dict[str, float]:
    """Fit a subject both ways and compare, over the whole time between first and last scan."""
    last = max(subject.scans)
    forward = _fit(subject, models / f"{subject.name}-observed-standard.safetensors")
    backwards = swapped(subject)
    backward = _fit(backwards, models / f"{subject.name}-swapped-standard.safetensors")
    points_mm = subject.regions.points_mm(subject.sample)
    to_last = subject.matrices[last]
    moved_mm = PointEvaluator(forward.model).warp(points_mm, last)
    there_mm = moved_mm @ to_last[:3, :3].T + to_last[:3, 3]
    log_forward = np.log(forward.jacobian(points_mm, last))
    log_backward = np.log(backward.jacobian(there_mm, last))
    log_product = log_forward + log_backward
    weights = sample_weights(subject.regions, subject.sample)
    regions = counted_regions(subject.regions)
    by_region = subject.regions.means(log_product, subject.sample)[regions]
    log_true = np.log(subject.true_jacobian(last))

    def rmse(estimate: np.ndarray) -> float:
        return float(np.sqrt(np.average((estimate - log_true) ** 2, weights=weights)))

    return {
        "mean of forward x backward": float(np.exp(np.average(log_product, weights=weights))),
        "median over regions": float(np.exp(np.median(by_region))),
        "region farthest from 1": float(np.exp(by_region[np.abs(by_region).argmax()])),
        "RMSE log\\|J\\| forward": rmse(log_forward),
        "RMSE backward": rmse(-log_backward),
        "RMSE of their mean": rmse(0.5 * (log_forward - log_backward)),
    }


def _fit(subject: Prepared, file: Path) -> Fitted:
    return fitted(subject, preset("standard"), subject.follow_up_months, file)


if __name__ == "__main__":
    main()
