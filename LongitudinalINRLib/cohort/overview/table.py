"""The table of all people in one file: a memory of what their folders hold, and of nothing else."""

from __future__ import annotations

import csv
import math
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.overview.row import PersonRow, State
from LongitudinalINRLib.files import make_folder, writing

NAME = "overview.tsv"

_COLUMNS = (
    "participant_id",
    "state",
    "message",
    "months",
    "warnings",
    "mark",
)
_PERCENT, _HALF_WIDTH = "_percent", "_half_width_points"


def overview_file(cohort: CohortFolder) -> Path:
    """Return where the table lies."""
    return cohort.logs / NAME


def write_table(rows: Sequence[PersonRow], path: Path) -> None:
    """Write the table, whole or not at all: two columns for each region that anybody has."""
    regions = tuple(dict.fromkeys(name for each in {row.regions for row in rows} for name in each))
    make_folder(path.parent)
    with writing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, dialect="excel-tab", lineterminator="\n")
        table.writerow([*_COLUMNS, *(name + end for name in regions for end in (_PERCENT, _HALF_WIDTH))])
        for row in rows:
            table.writerow([*_cells(row), *_numbers(row, regions)])


def read_rows(path: Path) -> Iterator[PersonRow]:
    """Yield the people of a table that `write_table` wrote.

    Raises
    ------
    OSError
        It cannot be read.
    ValueError
        It is no such table.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines: Iterable[list[str]] = csv.reader(file, dialect="excel-tab", strict=True)
        try:
            yield from _rows(iter(lines))
        except (csv.Error, IndexError, StopIteration) as error:
            raise ValueError(str(error)) from error


def _rows(lines: Iterator[list[str]]) -> Iterator[PersonRow]:
    head = next(lines, [])
    first = len(_COLUMNS)
    if tuple(head[:first]) != _COLUMNS:
        raise ValueError("other columns")
    regions = tuple(sys.intern(name.removesuffix(_PERCENT)) for name in head[first::2])
    for line in lines:
        if len(line) != len(head):
            raise ValueError(f"a line of {len(line)} cells")
        person, state, message, months, warnings, mark = line[:first]
        changes = array("f", [float(text) if text else math.nan for text in line[first:]])
        yield PersonRow(
            person,
            _state(state),
            message,
            _number(months),
            int(warnings),
            regions=regions,
            changes=changes,
            mark=mark,
        )


def _cells(row: PersonRow) -> list[str]:
    return [row.participant, row.state, row.message, _text(row.months), str(row.warnings), row.mark]


def _numbers(row: PersonRow, regions: tuple[str, ...]) -> list[str]:
    if row.regions == regions:
        return [_text(value) for value in row.changes]
    at = {name: 2 * index for index, name in enumerate(row.regions)}
    known = [row.changes[at[name] : at[name] + 2] if name in at else (None, None) for name in regions]
    return [_text(value) for pair in known for value in pair]


def _text(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.6g}"


def _number(text: str) -> float | None:
    return float(text) if text else None


def _state(text: str) -> State:
    states: tuple[State, ...] = get_args(State)
    if text not in states:
        raise ValueError(f"the state {text!r}")
    return states[states.index(text)]
