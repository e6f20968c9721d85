"""Tables of BIDS: a line a row, tabs between the cells, `n/a` where nothing is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import shown

LARGEST_BYTES = 200_000_000

UNKNOWN = "n/a"

Row = dict[str, str]


def read_tsv(path: Path, needed: tuple[str, ...] = ()) -> list[Row]:
    """Read a table; cells that are not known are empty, and quotes around a text are no part of it.

    Parameters
    ----------
    path : Path
        The file.
    needed : tuple of str
        Columns that it must have.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, lacks a column, or a row has another number of cells.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise ValueError(f"more than {LARGEST_BYTES} bytes")
        lines = content.decode("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise _refused(path, (isinstance(error, OSError) and error.strerror) or str(error)) from error
    columns = _cells(lines[0]) if lines else []
    missing = [name for name in needed if name not in columns]
    if missing or len(set(columns)) < len(columns):
        raise _refused(path, f"no column {missing[0]}" if missing else "a column twice")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = _cells(line)
        if len(cells) != len(columns):
            raise _refused(path, f"{len(cells)} cells in line {number}, {len(columns)} columns")
        known = ("" if cell.lower() == UNKNOWN else cell for cell in cells)
        rows.append(dict(zip(columns, known, strict=True)))
    return rows


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the text of a table; numbers that are not known become ``n/a``."""
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(value) for value in row) for row in rows]
    return "\n".join(lines) + "\n"


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.split("\t")]
    return [_unquoted(cell) for cell in cells] if '"' in line else cells


def _unquoted(text: str) -> str:
    """Return a text without the quotes that R and others write around it."""
    inner = text[1:-1]
    return inner.strip() if text == f'"{inner}"' and '"' not in inner else text


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _refused(path: Path, found: str) -> InputError:
    return InputError(
        "table-unreadable",
        f"{path.name} cannot be used.",
        expected="a table with tabs between its cells and the names of its columns in the first line",
        found=shown(found).strip("'\""),
        advice="Correct the table.",
    )
