"""The measures that methods are compared by: what is told of one subject, and of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from benchmarks.accuracy.rows import Row


@dataclass(frozen=True)
class Column:
    """A measure.

    Parameters
    ----------
    name : str
        Head of its column.
    value : callable
        From the rows of one subject, method and kind of month; None where it is not defined.
    shown : str
        Format of its cells.
    summary : callable
        What is told of several subjects.
    distance : callable, optional
        How far a value is from perfect; None where methods are not ranked by it.
    """

    name: str
    value: Callable[[Sequence[Row]], float | None]
    shown: str
    summary: Callable[[Iterable[float]], float] = median
    distance: Callable[[float], float] | None = None

    def over_subjects(self, rows: Sequence[Row]) -> float | None:
        """Return what is told of the subjects of some rows of one method and kind of month."""
        known = self.by_subject(rows)
        return self.summary(known.values()) if known else None

    def by_subject(self, rows: Sequence[Row]) -> dict[str, float]:
        """Return the value of each subject for which it is defined, of one method and kind of month."""
        names = dict.fromkeys(row.subject for row in rows)
        values = {name: self.value([row for row in rows if row.subject == name]) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def cell(self, value: float | None) -> str:
        """Return a value as it is shown."""
        return "" if value is None else format(value, self.shown)


def _known_mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def _size(value: float) -> float:
    return value


def _below_one(value: float) -> float:
    return abs(1.0 - value)


REGION_ERROR = Column(
    "region error (points)",
    lambda rows: mean(r.score.region_error_points for r in rows),
    ".2f",
    distance=_size,
)
RMSE = Column(
    "RMSE log\\|J\\|", lambda rows: mean(r.score.rmse_log_jacobian for r in rows), ".4f", distance=_size
)
CORRELATION = Column(
    "correlation", lambda rows: _known_mean(r.score.correlation for r in rows), ".3f", distance=_below_one
)
SLOPE = Column("slope", lambda rows: _known_mean(r.score.slope for r in rows), ".2f", distance=_below_one)
WORST_REGION = Column(
    "worst region (points)",
    lambda rows: max(
        abs(found - row.score.true_percent[label])
        for row in rows
        for label, found in row.score.found_percent.items()
    ),
    ".2f",
)
FOLDED = Column("folded (%)", lambda rows: 100 * max(r.score.folded_share for r in rows), ".3f", summary=max)
SIGNS = Column(
    "sign consistency", lambda rows: _known_mean(r.sign_consistency for r in rows), ".3f", distance=_below_one
)
SECONDS = Column("seconds", lambda rows: mean(r.seconds for r in rows), ".0f")
COLUMNS = (REGION_ERROR, RMSE, CORRELATION, SLOPE, FOLDED, SIGNS, SECONDS)
