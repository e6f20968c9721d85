"""CSV files whose columns are the fields of their row type."""

from __future__ import annotations

import csv
import io
import math
import os
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any


def write_table(rows: Sequence[Any], row_type: type, path: Path) -> None:
    """Write rows as CSV, atomically, one column per field of the row type.

    Parameters
    ----------
    rows : sequence of dataclass instances
        All of ``row_type``.
    row_type : type
        The dataclass; names the columns even when there is no row.
    path : Path
        The file. Undefined numbers (NaN or None) are empty cells.
    """
    names = [field.name for field in fields(row_type)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    write_text(text.getvalue(), path)


def write_text(text: str, path: Path) -> None:
    """Write a UTF-8 file under a temporary name and rename it, so that nobody ever reads half of it."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.7g}" if isinstance(value, float) else str(value)
