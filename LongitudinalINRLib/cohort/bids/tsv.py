"""Tables of BIDS: a line a row, tabs between the cells, `n/a` where nothing is known."""

from __future__ import annotations

from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import shown

LARGEST_BYTES = 200_000_000

Row = dict[str, str]


def read_tsv(path: Path, needed: tuple[str, ...] = ()) -> list[Row]:
    """Read a table; cells that are not known are empty.

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
    columns = [name.strip() for name in lines[0].split("\t")] if lines else []
    missing = [name for name in needed if name not in columns]
    if missing or len(set(columns)) < len(columns):
        raise _refused(path, f"no column {missing[0]}" if missing else "a column twice")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns):
            raise _refused(path, f"{len(cells)} cells in line {number}, {len(columns)} columns")
        known = ("" if cell.lower() == "n/a" else cell for cell in cells)
        rows.append(dict(zip(columns, known, strict=True)))
    return rows


def _refused(path: Path, found: str) -> InputError:
    return InputError(
        "table-unreadable",
        f"{path.name} cannot be used.",
        expected="a table with tabs between its cells and the names of its columns in the first line",
        found=shown(found).strip("'\""),
        advice="Correct the table.",
    )
