"""Tables with tabs between the cells, as BIDS wants them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

UNKNOWN = "n/a"


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the text of a table; numbers that are not known become ``n/a``."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(value) for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table of ours: each row by the names of the columns."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    return f"{value:.6g}" if isinstance(value, float) else str(value)
