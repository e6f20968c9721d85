"""CSV files whose columns are the fields of their row type."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from LongitudinalINRLib.files import Place, writing


def write_table(rows: Sequence[Any], row_type: type, path: Path, place: Place = writing) -> None:
    """Write rows as CSV, whole or not at all, one column per field of the row type.

    Parameters
    ----------
    rows : sequence of dataclass instances
        All of ``row_type``.
    row_type : type
        The dataclass; names the columns even when there is no row.
    path : Path
        The file. Undefined numbers (NaN or None) are empty cells.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).
    """
    names = [field.name for field in fields(row_type)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    with place(path) as part:
        part.write_bytes(text.getvalue().encode("utf-8"))


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.7g}" if isinstance(value, float) else str(value)
