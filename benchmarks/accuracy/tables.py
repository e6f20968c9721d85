"""The rows of a run as tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median
from typing import get_args

from benchmarks.accuracy.bootstrap import median_interval
from benchmarks.accuracy.cohort import Kind, SubjectSpec
from benchmarks.accuracy.columns import COLUMNS, REGION_ERROR, RMSE, SLOPE, WORST_REGION, Column
from benchmarks.accuracy.rows import Row


def by_subject(rows: Sequence[Row]) -> str:
    """Return a table of every subject, method and kind of month; the mean over its months."""
    lines = []
    for subject, method, kind in dict.fromkeys((r.subject, r.method, r.kind) for r in rows):
        own = [r for r in rows if (r.subject, r.method, r.kind) == (subject, method, kind)]
        lines.append([subject, method, kind, *(c.cell(c.value(own)) for c in COLUMNS)])
    return table(["subject", "method", "months", *(column.name for column in COLUMNS)], lines)


def summary(rows: Sequence[Row], specs: Sequence[SubjectSpec]) -> str:
    """Return a table of every method and kind of month: what is said of all changing subjects."""
    changing = {spec.name for spec in specs if spec.changes}
    lines = []
    for method in dict.fromkeys(row.method for row in rows):
        for kind in get_args(Kind):
            own = [r for r in rows if r.method == method and r.kind == kind and r.subject in changing]
            if own:
                counted = str(len({r.subject for r in own}))
                lines.append([method, kind, counted, *(c.cell(c.over_subjects(own)) for c in COLUMNS)])
    return table(["method", "months", "subjects", *(column.name for column in COLUMNS)], lines)


PHYSICS_MEASURES = (REGION_ERROR, WORST_REGION, RMSE, SLOPE)


def by_physics(rows: Sequence[Row], specs: Sequence[SubjectSpec]) -> str:
    """Return a table of every physics, 1 and 2 mm apart: median with its interval, and the worst subject."""
    known = {spec.name: spec for spec in specs}

    def group_of(row: Row) -> tuple[str, str, str, str, str]:
        spec = known[row.subject]
        changes = "yes" if spec.changes else "no"
        return spec.physics.name, f"{spec.voxel_mm:g} mm", changes, row.method, row.kind

    lines = []
    for group in dict.fromkeys(map(group_of, rows)):
        own = [row for row in rows if group_of(row) == group]
        counted = str(len({row.subject for row in own}))
        lines.append([*group, counted, *(with_worst(column, own) for column in PHYSICS_MEASURES)])
    head = ["physics", "voxels", "changes", "method", "months", "subjects"]
    return table([*head, *(f"{column.name}: median [95 %]; worst" for column in PHYSICS_MEASURES)], lines)


def with_worst(column: Column, rows: Sequence[Row]) -> str:
    """Return the median over subjects, its interval where there are three, and the worst and whose it is."""
    values = column.by_subject(rows)
    if not values:
        return ""
    distance = column.distance or abs
    worst = max(values, key=lambda name: distance(values[name]))
    middle = column.cell(median(values.values()))
    if len(values) == 1:
        return middle
    low, high = median_interval(tuple(values.values()))
    interval = f" [{column.cell(low)}, {column.cell(high)}]" if len(values) > 2 else ""
    return f"{middle}{interval}; {column.cell(values[worst])} {worst}"


def false_change(rows: Sequence[Row], specs: Sequence[SubjectSpec]) -> str:
    """Return a table of what each method finds in subjects that do not change."""
    still = {spec.name for spec in specs if not spec.changes}
    lines = []
    for subject, method in dict.fromkeys((r.subject, r.method) for r in rows if r.subject in still):
        own = [r for r in rows if (r.subject, r.method, r.kind) == (subject, method, "observed")]
        worst = max(abs(change) for row in own for change in row.score.found_percent.values())
        typical = mean(row.score.region_error_points for row in own)
        rmse = mean(row.score.rmse_log_jacobian for row in own)
        lines.append([subject, method, f"{worst:.2f}", f"{typical:.2f}", f"{rmse:.4f}"])
    head = ["subject", "method", "largest region change (points)", "mean (points)", "RMSE log\\|J\\|"]
    return table(head, lines)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *lines))
