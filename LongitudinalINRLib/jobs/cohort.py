"""A table of healthy people's results: one line for each person, or for each person and region."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.analysis.norms.building import Measurement
from LongitudinalINRLib.analysis.norms.given import read_given_text
from LongitudinalINRLib.analysis.region_row import at_last_scan, read_regions
from LongitudinalINRLib.analysis.tables import unguarded
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.validation import read_request_file
from LongitudinalINRLib.json_text import shown
from LongitudinalINRLib.words import MONTHS_PER_YEAR, OLDEST_YEARS, SEXES, Sex

LARGEST_COHORT_BYTES = 100_000_000
LARGEST_CHANGE_PERCENT = 1000.0
SHORTEST_YEARS = 0.01

OF_RESULTS = ("person", "age_years", "sex", "result")
OF_REGIONS = ("person", "age_years", "sex", "region", "mean_percent_per_year")
OPTIONAL = ("label", "years")


@dataclass(frozen=True)
class _Line:
    """One line of the table: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def refused(self, expected: str, found: str) -> InputError:
        return InputError(
            "cohort-line",
            f"Line {self.number} of the cohort's table cannot be used.",
            expected=expected,
            found=shown(found),
            advice="Correct the line, or take it out.",
        )

    def number_of(self, column: str, low: float, high: float, what: str) -> float:
        try:
            value = float(self.cells[column])
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise self.refused(f"{column}: {what}, from {low:g} to {high:g}", self.cells[column])
        return value


def read_cohort(path: Path) -> list[Measurement]:
    """Read a table of healthy people.

    Parameters
    ----------
    path : Path
        CSV with the columns `OF_RESULTS`, where ``result`` is the folder of a fit or a ``regions.csv``,
        relative to the table; or `OF_REGIONS`, with ``label`` and ``years`` (between the scans) if they are
        known. Of a result, the rows of its last scan count.

    Raises
    ------
    InputError
        The table lacks a column, has an unknown one (other units), or holds what cannot be used.
    """
    lines = _lines(path)
    people: dict[str, tuple[float, Sex]] = {}
    cohort: list[Measurement] = []
    for line in lines:
        person, age_years, sex = _person(line)
        if people.setdefault(person, (age_years, sex)) != (age_years, sex):
            raise line.refused(f"one age at the baseline and one sex of person {person}", "another")
        if "result" in line.cells:
            cohort += _of_result(line, path.parent, person, age_years, sex)
        else:
            cohort.append(_of_region(line, person, age_years, sex))
    return cohort


def _lines(path: Path) -> list[_Line]:
    text = read_given_text(path, LARGEST_COHORT_BYTES, "a CSV file of healthy people")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        columns = [name.strip() for name in next(reader, [])]
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise _no_table(path, str(error)) from error
    _check_columns(path, columns)
    for number, row in rows:
        if len(row) != len(columns):
            raise _no_table(path, f"{len(row)} cells in line {number}, {len(columns)} columns")
    return [
        _Line(number, {name: unguarded(cell.strip()) for name, cell in zip(columns, row, strict=True)})
        for number, row in rows
    ]


def _check_columns(path: Path, columns: Sequence[str]) -> None:
    needed = OF_RESULTS if "result" in columns else OF_REGIONS
    allowed = {*needed, *(() if needed is OF_RESULTS else OPTIONAL)}
    missing = [name for name in needed if name not in columns]
    unknown = [name for name in columns if name not in allowed]
    if missing or unknown or len(set(columns)) < len(columns):
        parts = [f"no column {', '.join(missing)}"] if missing else []
        parts += [f"the unknown column {', '.join(map(shown, unknown[:3]))}"] if unknown else []
        raise _no_table(path, " and ".join(parts) or "a column twice")


def _person(line: _Line) -> tuple[str, float, Sex]:
    person, sex = line.cells["person"], line.cells["sex"]
    if not person:
        raise line.refused("a name or number of the person", "nothing")
    if sex not in SEXES:
        raise line.refused("sex: F or M, as the people of the cohort were recorded", sex)
    return person, line.number_of("age_years", 0, OLDEST_YEARS, "years at the baseline"), sex


def _of_region(line: _Line, person: str, age_years: float, sex: Sex) -> Measurement:
    cells = line.cells
    if not cells["region"]:
        raise line.refused("the name of a region as in regions.csv", "nothing")
    limit = LARGEST_CHANGE_PERCENT
    change = line.number_of("mean_percent_per_year", -limit, limit, "percent per year")
    label = line.number_of("label", -(2.0**31), 2.0**31, "a whole number") if cells.get("label") else None
    if label is not None and label != round(label):
        raise line.refused("label: a whole number", cells["label"])
    whole = None if label is None else int(label)
    years = None
    if cells.get("years"):
        years = line.number_of("years", SHORTEST_YEARS, OLDEST_YEARS, "years between the scans")
    return Measurement(person, age_years, sex, cells["region"], whole, change, years)


def _of_result(line: _Line, beside: Path, person: str, age_years: float, sex: Sex) -> Iterator[Measurement]:
    table, request = _table_of(line, beside / line.cells["result"])
    try:
        last = at_last_scan(read_regions(table))
    except OSError as error:
        raise line.refused("result: the folder of a finished fit, or its regions.csv", str(error)) from error
    if not last:
        raise line.refused("a result with regions at a scan after the baseline", "other months alone")
    for row in last:
        yield Measurement(
            person,
            age_years,
            sex,
            row.region,
            row.label,
            row.mean_percent_per_year,
            row.months / MONTHS_PER_YEAR,
            None if request is None else request.config.preset,
            None if request is None else request.regions_from,
        )


def _table_of(line: _Line, result: Path) -> tuple[Path, Request | None]:
    """Return the table of regions of a result, and the request of its fit where that is known."""
    if result.suffix.lower() == ".csv":
        return result, None
    folder = JobFolder(result)
    if folder.state != "finished":
        raise line.refused("result: the folder of a finished fit, or its regions.csv", line.cells["result"])
    refuse_damaged(folder, [folder.request, folder.regions])
    return folder.regions, read_request_file(folder.request)


def _no_table(path: Path, found: str) -> InputError:
    return InputError(
        "cohort-table",
        f"{path.name} is no table of healthy people.",
        expected=f"CSV with the columns {', '.join(OF_RESULTS)}; or {', '.join(OF_REGIONS)} and, if known, "
        f"{' and '.join(OPTIONAL)}. Changes are in percent per year, as in regions.csv",
        found=found,
        advice="Correct the heading or the lines; changes in other units must be converted first.",
    )
