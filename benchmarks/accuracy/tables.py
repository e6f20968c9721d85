"""The rows of a run as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import mean, median
from typing import get_args

from benchmarks.accuracy.cases import Kind
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.rows import Row

Column = tuple[str, Callable[[Sequence[Row]], float | None], str]


def by_subject(rows: Sequence[Row]) -> str:
    """Return a table of every subject, method and kind of month; the mean over its months."""
    lines = []
    for subject, method, kind in dict.fromkeys((r.subject, r.method, r.kind) for r in rows):
        own = [r for r in rows if (r.subject, r.method, r.kind) == (subject, method, kind)]
        lines.append([subject, method, kind, *_cells(own)])
    return table(["subject", "method", "months", *(name for name, _, _ in COLUMNS)], lines)


def summary(rows: Sequence[Row], specs: Sequence[SubjectSpec]) -> str:
    """Return a table of every method and kind of month: medians over the changing subjects; worst folding."""
    changing = {spec.name for spec in specs if spec.changes}
    lines = []
    for method in dict.fromkeys(row.method for row in rows):
        for kind in get_args(Kind):
            own = [r for r in rows if r.method == method and r.kind == kind and r.subject in changing]
            if own:
                values = [
                    column(own) if name == FOLDED else median_over_subjects(own, column)
                    for name, column, _ in COLUMNS
                ]
                lines.append(
                    [method, kind, str(len({r.subject for r in own}))]
                    + [_cell(value, shown) for value, (_, _, shown) in zip(values, COLUMNS, strict=True)]
                )
    return table(["method", "months", "subjects", *(name for name, _, _ in COLUMNS)], lines)


def median_over_subjects(
    rows: Sequence[Row], column: Callable[[Sequence[Row]], float | None]
) -> float | None:
    """Return the median over subjects of a column's value for each."""
    by_name = [
        column([r for r in rows if r.subject == name]) for name in dict.fromkeys(r.subject for r in rows)
    ]
    known = [value for value in by_name if value is not None]
    return median(known) if known else None


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


def _cells(rows: Sequence[Row]) -> list[str]:
    return [_cell(value(rows), shown) for _, value, shown in COLUMNS]


def _cell(value: float | None, shown: str) -> str:
    return "" if value is None else format(value, shown)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


FOLDED = "folded (%)"
COLUMNS: tuple[Column, ...] = (
    ("region error (points)", lambda rows: mean(r.score.region_error_points for r in rows), ".2f"),
    ("RMSE log\\|J\\|", lambda rows: mean(r.score.rmse_log_jacobian for r in rows), ".4f"),
    ("correlation", lambda rows: _mean([r.score.correlation for r in rows]), ".3f"),
    ("slope", lambda rows: _mean([r.score.slope for r in rows]), ".2f"),
    (FOLDED, lambda rows: 100 * max(r.score.folded_share for r in rows), ".3f"),
    ("sign consistency", lambda rows: _mean([r.sign_consistency for r in rows]), ".3f"),
    ("seconds", lambda rows: mean(r.seconds for r in rows), ".0f"),
)
