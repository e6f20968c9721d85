"""Whom an experiment is run on: simulated subjects, or real ones named in a table."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.prepared import BASELINE, Prepared, aligned, prepare
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.series import Scan, Series, check_months

COLUMNS = ("subject", "group", "months", "image", "labels")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Visit:
    """One row of a subject table: when, the scan, and its segmentation where there is one."""

    months: float
    image: Path
    labels: Path | None


@dataclass(frozen=True)
class Person:
    """One subject of an experiment: simulated from a specification, or scanned.

    Parameters
    ----------
    name, group : str
        Short name, and the group that it is compared in.
    spec : SubjectSpec, optional
        What a simulated subject is made from.
    visits : tuple of Visit
        Scans of a real one, by month; the first is the baseline.
    """

    name: str
    group: str
    spec: SubjectSpec | None = None
    visits: tuple[Visit, ...] = field(default=())

    @classmethod
    def simulated(cls, spec: SubjectSpec, group: str = "simulated") -> Person:
        """Return a simulated subject."""
        return cls(spec.name, group, spec)

    def prepared(self, folder: Path) -> Prepared:
        """Return the scans, ready to be fitted; what took long is kept in the folder.

        Of real scans the alignments alone are kept: no copy of a patient's image is made.
        """
        if self.spec is not None:
            return prepare(self.spec, folder)
        scans = {visit.months: read_volume(visit.image)[0] for visit in self.visits}
        Series.validated([Scan(volume, months) for months, volume in scans.items()])
        labels = {
            visit.months: on_grid(read_labels(visit.labels)[0], scans[visit.months])
            for visit in self.visits
            if visit.labels is not None
        }
        file, made_from = folder / f"{self.name}.json", self._files()
        kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if kept.get("made_from") == made_from:
            matrices = {float(month): np.array(matrix) for month, matrix in kept["matrices"].items()}
            return Prepared(self.name, scans, labels, matrices, {})
        subject = aligned(self.name, scans, labels, {})
        matrices_kept = {str(month): matrix.tolist() for month, matrix in subject.matrices.items()}
        folder.mkdir(parents=True, exist_ok=True)
        write_text(file, json.dumps({"made_from": made_from, "matrices": matrices_kept}))
        return subject

    def _files(self) -> list[list[object]]:
        """Return what changes when a file of this person is exchanged."""
        files = [path for visit in self.visits for path in (visit.image, visit.labels) if path is not None]
        told = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]
        return [[visit.months for visit in self.visits], *told]


def from_table(path: Path) -> list[Person]:
    """Read a subject table.

    Parameters
    ----------
    path : Path
        CSV with the columns subject, group, months, image and labels, one row for each scan. Paths are
        relative to the table. Labels may be left empty for follow-ups.

    Returns
    -------
    list of Person
        In the order of the table.

    Raises
    ------
    InputError
        If the table cannot be used.
    """
    rows = _rows(path)
    names = list(dict.fromkeys(row["subject"] for _, row in rows))
    return [_person(name, [(n, row) for n, row in rows if row["subject"] == name], path) for name in names]


Row = tuple[int, dict[str, str]]


def _rows(path: Path) -> list[Row]:
    """Return the rows of the table, each with the number of its line."""
    if not path.is_file():
        raise InputError(
            "no-table",
            "There is no such subject table.",
            expected="a CSV file with the columns " + ", ".join(COLUMNS),
            found=str(path),
            advice="Check the path.",
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, skipinitialspace=True)
        header = [name.strip() for name in reader.fieldnames or ()]
        if missing := [name for name in COLUMNS if name not in header]:
            raise InputError(
                "table-columns",
                f"The subject table has no column {', '.join(missing)}.",
                expected="a first line with " + ", ".join(COLUMNS) + ", separated by commas",
                found=", ".join(header) or "an empty file",
                advice="Add the column; labels may be empty for follow-ups, but the column must be there.",
            )
        reader.fieldnames = header
        rows = [
            (reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS})
            for row in reader
            if any(isinstance(value, str) and value.strip() for value in row.values())
        ]
    if not rows:
        raise InputError(
            "table-empty",
            "The subject table has no rows.",
            expected="one row for each scan",
            found="the first line alone",
            advice="Add the scans.",
        )
    return rows


def _person(name: str, rows: Iterable[Row], table: Path) -> Person:
    visits, groups = [], []
    for line, row in rows:
        if not _NAME.fullmatch(name):
            raise _refused(
                line,
                "a subject's name cannot name a file",
                "letters, digits, '.', '_' and '-'",
                name or "nothing",
            )
        visits.append(_visit(line, row, table.parent))
        groups.append(row["group"])
    if len(set(groups)) > 1:
        raise _refused(line, f"{name} is in more than one group", "one group", ", ".join(sorted(set(groups))))
    try:
        check_months([visit.months for visit in visits])
    except InputError as error:
        raise InputError(
            error.code,
            f"Subject {name}: {error.message}",
            expected=error.expected,
            found=error.found,
            advice=error.advice,
        ) from error
    ordered = sorted(visits, key=lambda visit: visit.months)
    if ordered[0].labels is None:
        raise InputError(
            "no-baseline-labels",
            f"Subject {name} has no labels at month {BASELINE:g}.",
            expected="a segmentation of the baseline: it gives the brain and its regions",
            found="an empty cell",
            advice="Segment the baseline, with FreeSurfer, FastSurfer or SynthSeg for example.",
        )
    return Person(name, groups[0], visits=tuple(ordered))


def _visit(line: int, row: dict[str, str], folder: Path) -> Visit:
    try:
        months = float(row["months"])
    except ValueError:
        raise _refused(
            line, "the time is not a number", "months since the baseline", row["months"] or "nothing"
        ) from None
    paths = {column: folder / row[column] for column in ("image", "labels") if row[column]}
    if "image" not in paths:
        raise _refused(line, "there is no image", "the path of a scan", "an empty cell")
    for column, path in paths.items():
        if not path.exists():
            raise _refused(line, f"the {column} cannot be found", "a file, relative to the table", str(path))
    return Visit(months, paths["image"], paths.get("labels"))


def _refused(line: int, what: str, expected: str, found: str) -> InputError:
    return InputError(
        "table-row",
        f"Line {line} of the subject table: {what}.",
        expected=expected,
        found=found,
        advice="Correct the table.",
    )
