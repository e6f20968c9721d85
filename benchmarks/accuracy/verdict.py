"""What was asked of our method beside what was found, and whether it is better than the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from benchmarks.accuracy.cases import Kind
from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.columns import COLUMNS, CORRELATION, FOLDED, REGION_ERROR, RMSE, SIGNS
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import table

CHANGING = {spec.name for spec in REPORTING if spec.changes}
MONOTONIC = {spec.name for spec in REPORTING if spec.changes and spec.monotonic}
ASKED = (
    ("region error, observed (points)", "0.6", REGION_ERROR, "observed", CHANGING),
    ("region error, interpolated", "0.8", REGION_ERROR, "interpolated", CHANGING),
    ("region error, extrapolated", "2.0", REGION_ERROR, "extrapolated", CHANGING),
    ("RMSE of log\\|J\\|, observed", "0.010", RMSE, "observed", CHANGING),
    ("correlation, observed (at least)", "0.95", CORRELATION, "observed", CHANGING),
    ("sign consistency, monotonic truth (at least)", "0.97", SIGNS, "observed", MONOTONIC),
)


def reached(ours: Sequence[Row]) -> str:
    """Return a table of what was asked of `standard` and what was found on the reporting subjects."""
    lines = []
    for what, asked, column, kind, names in ASKED:
        own = [row for row in ours if row.kind == kind and row.subject in names]
        lines.append([what, asked, column.cell(column.over_subjects(own))])
    still = [row.score for row in ours if row.subject not in CHANGING and row.kind == "observed"]
    largest = max((abs(change) for s in still for change in s.found_percent.values()), default=float("nan"))
    lines.append(["largest region change on unchanged subjects", "0.3", f"{largest:.2f}"])
    lines.append(["folded voxels (%)", "0", FOLDED.cell(FOLDED.over_subjects(ours))])
    return table(["what", "asked", "found"], lines)


def against_others(rows: Sequence[Row]) -> str:
    """Return a table of our median over the changing subjects and that of the best other method."""
    lines = []
    for kind in get_args(Kind):
        own = [row for row in rows if row.kind == kind and row.subject in CHANGING]
        methods = list(dict.fromkeys(row.method for row in own))
        for column in COLUMNS:
            if column.distance is None:
                continue
            medians = {m: column.over_subjects([row for row in own if row.method == m]) for m in methods}
            known = {method: value for method, value in medians.items() if value is not None}
            distances = {method: column.distance(value) for method, value in known.items()}
            ours = distances.pop(OURS, None)
            if ours is None or not distances:
                continue
            best = min(distances, key=distances.__getitem__)
            better = "yes" if ours < distances[best] else "**no**"
            shown = (column.cell(known[OURS]), column.cell(known[best]))
            lines.append([kind, column.name, *shown, best, better])
    return table(["months", "measure", "ours", "best of the others", "which", "better"], lines)
