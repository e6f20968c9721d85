"""What was asked of our method beside what was found, and whether it is better than the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import get_args

from benchmarks.accuracy.bootstrap import median_interval
from benchmarks.accuracy.cohort import REPORTING, SETS, Kind
from benchmarks.accuracy.columns import COLUMNS, CORRELATION, FOLDED, REGION_ERROR, RMSE, SIGNS, Column
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import table

CHANGING = {spec.name for spec in (*REPORTING, *SETS["sharp"]) if spec.changes}
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
    """Return a table of our median over the changing subjects and that of the best other method.

    Better is said only where the interval of the paired difference of the distances from perfect leaves out
    zero.
    """
    lines = []
    for kind in get_args(Kind):
        own = [row for row in rows if row.kind == kind and row.subject in CHANGING]
        methods = list(dict.fromkeys(row.method for row in own))
        for column in COLUMNS:
            if column.distance is None:
                continue
            by_method = {m: column.by_subject([row for row in own if row.method == m]) for m in methods}
            known = {method: values for method, values in by_method.items() if values}
            ours = known.pop(OURS, None)
            if ours is None or not known:
                continue
            best = min(known, key=lambda method: column.distance(median(known[method].values())))
            lines.append([kind, column.name, *_compared(column, ours, known[best]), best])
    head = ["months", "measure", "ours", "best of the others", "difference [95 %]", "better", "which"]
    return table(head, lines)


def _compared(column: Column, ours: Mapping[str, float], theirs: Mapping[str, float]) -> list[str]:
    """Return both medians, the paired difference with its interval, and what may be said of it."""
    away = column.distance or abs
    differences = [away(ours[name]) - away(theirs[name]) for name in ours if name in theirs]
    low, high = median_interval(differences)
    said = "yes" if high < 0 else "**no**" if low > 0 else "cannot be told"
    shown = [column.cell(median(values.values())) for values in (ours, theirs)]
    return [*shown, f"{column.cell(median(differences))} [{column.cell(low)}, {column.cell(high)}]", said]
