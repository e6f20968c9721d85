"""What was asked of our method beside what was found, and whether it is better than the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import get_args

from benchmarks.accuracy.cases import Kind
from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import COLUMNS, median_over_subjects, table

DISTANCE_FROM_BEST: dict[str, Callable[[float], float]] = {
    "region error (points)": lambda value: value,
    "RMSE log\\|J\\|": lambda value: value,
    "correlation": lambda value: 1.0 - value,
    "slope": lambda value: abs(1.0 - value),
    "sign consistency": lambda value: 1.0 - value,
}


def reached(ours: list[Row]) -> str:
    """Return what was asked of `standard` beside what was found: medians over the reporting subjects."""
    changing = {spec.name for spec in REPORTING if spec.changes}
    monotonic = {spec.name for spec in REPORTING if spec.changes and spec.monotonic}

    def values(kind: str, names: set[str], value: str) -> list[float]:
        found = []
        for name in sorted(names):
            own = [row for row in ours if (row.subject, row.kind) == (name, kind)]
            known = [getattr(row.score, value) for row in own if getattr(row.score, value) is not None]
            if known:
                found.append(sum(known) / len(known))
        return found

    def middle(kind: str, value: str) -> float:
        return median(values(kind, changing, value))

    still = [
        abs(change)
        for row in ours
        if row.subject not in changing and row.kind == "observed"
        for change in row.score.found_percent.values()
    ]
    signs = {row.subject: row.sign_consistency for row in ours if row.sign_consistency is not None}
    lines = [
        ("region error, observed (points)", "0.6", f"{middle('observed', 'region_error_points'):.2f}"),
        ("region error, interpolated", "0.8", f"{middle('interpolated', 'region_error_points'):.2f}"),
        ("region error, extrapolated", "2.0", f"{middle('extrapolated', 'region_error_points'):.2f}"),
        ("RMSE of log\\|J\\|, observed", "0.010", f"{middle('observed', 'rmse_log_jacobian'):.4f}"),
        ("correlation, observed (at least)", "0.95", f"{middle('observed', 'correlation'):.3f}"),
        ("largest region change on unchanged subjects", "0.3", f"{max(still, default=float('nan')):.2f}"),
        (
            "sign consistency, monotonic truth (at least)",
            "0.97",
            f"{median(signs[name] for name in monotonic if name in signs):.3f}",
        ),
        ("folded voxels", "0", f"{100 * max(row.score.folded_share for row in ours):.3g} %"),
    ]
    return table(["what", "asked", "found"], lines)


def against_others(rows: Sequence[Row]) -> str:
    """Return a table of our median over the changing subjects and that of the best other method."""
    changing = {spec.name for spec in REPORTING if spec.changes}
    lines = []
    for kind in get_args(Kind):
        own = [row for row in rows if row.kind == kind and row.subject in changing]
        for name, column, shown in COLUMNS:
            distance = DISTANCE_FROM_BEST.get(name)
            medians = {
                method: median_over_subjects([row for row in own if row.method == method], column)
                for method in dict.fromkeys(row.method for row in own)
            }
            known = {method: value for method, value in medians.items() if value is not None}
            if distance is None or OURS not in known or len(known) < 2:
                continue
            ours = known.pop(OURS)
            distances = {method: distance(value) for method, value in known.items()}
            best = min(distances, key=distances.__getitem__)
            better = "yes" if distance(ours) < distances[best] else "**no**"
            lines.append([kind, name, format(ours, shown), format(known[best], shown), best, better])
    return table(["months", "measure", "ours", "best of the others", "which", "better"], lines)
