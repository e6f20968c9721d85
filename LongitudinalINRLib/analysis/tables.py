"""CSV files whose columns are the fields of their row type.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break for a formula
and carries it out, and the name of a region can come from anywhere. Such text is written with a single quote
before it, which makes it text again, and `read_table` takes the quote off. Numbers are written as they are:
``-1.5`` stays a number.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing

GUARD = "'"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARDED = tuple(GUARD + start for start in (*_FORMULA, GUARD))


def write_table(
    rows: Sequence[Any],
    row_type: type,
    path: Path,
    place: Place = writing,
    without: Sequence[str] = (),
) -> None:
    """Write rows as CSV, whole or not at all, one column per field of the row type.

    Parameters
    ----------
    rows : sequence of dataclass instances
        All of ``row_type``.
    row_type : type
        The dataclass; names the columns even when there is no row.
    path : Path
        The file. Undefined numbers (NaN or None) are empty cells; text that a spreadsheet would take for a
        formula begins with a single quote.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).
    without : sequence of str
        Fields that get no column.
    """
    names = [field.name for field in fields(row_type) if field.name not in without]
    lines = [_line(names), *(_line([_cell(getattr(row, name)) for name in names]) for row in rows)]
    with place(path) as part:
        part.write_bytes("".join(lines).encode("utf-8", errors="backslashreplace"))


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a table that `write_table` wrote: the cells of each row by column, texts without their guard.

    Raises
    ------
    InputError
        The file is no such table.
    OSError
        It cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        try:
            names, *rows = csv.reader(file, strict=True)
            return [
                {name: unguarded(cell) for name, cell in zip(names, row, strict=True)} for row in rows if row
            ]
        except (csv.Error, ValueError) as error:
            raise InputError(
                "table-damaged",
                f"The table {path.name} cannot be read.",
                expected="a table that a fit wrote",
                found=str(error),
                advice="Choose the output folder of a finished fit; if it was changed, run the fit again.",
            ) from error


def guarded(text: str) -> str:
    """Return text as a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Left-Hippocampus")
    ("'=1+1", 'Left-Hippocampus')
    """
    # What reading would take a quote off needs one more.
    return GUARD + text if text.startswith((*_FORMULA, *_GUARDED)) else text


def unguarded(cell: str) -> str:
    """Return the text of a cell without its guard.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("-1.5"), unguarded("'tis")
    ('=1+1', '-1.5', "'tis")
    """
    return cell[1:] if cell.startswith(_GUARDED) else cell


def _line(cells: list[str]) -> str:
    """Return a row, with every cell in quotes that holds a line break of any kind."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return guarded(value)
    return f"{value:.7g}" if isinstance(value, float) else str(value)
