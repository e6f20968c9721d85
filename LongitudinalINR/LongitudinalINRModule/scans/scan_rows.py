"""The scans as they stand in the table: which volume at which month, and what is wrong with each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import LONGEST_MONTHS, SAME_MONTH
from LongitudinalINRModule.scans.scan_export import check_scan


@dataclass(frozen=True)
class ScanRow:
    """One row of the table.

    Parameters
    ----------
    volume : vtkMRMLScalarVolumeNode or None
        None while none is chosen.
    text : str
        The months as they were typed.
    """

    volume: Any
    text: str

    @property
    def months(self) -> float | None:
        """The months as a number; None where what was typed is none."""
        try:
            months = float(self.text.strip().replace(",", "."))
        except ValueError:
            return None
        return months if math.isfinite(months) else None


@dataclass(frozen=True)
class ScanCheck:
    """What the rows of the table mean.

    Parameters
    ----------
    parts : list of str
        Of each row: its part in the series, or what is wrong with it.
    wrong : list of bool
        Whether something is wrong with each row.
    problem : str
        What is wrong with the table; empty where nothing is.
    notes : list of str
        What to know about it.
    """

    parts: list[str]
    wrong: list[bool]
    problem: str
    notes: list[str] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Whether a job can be made of the rows."""
        return not self.problem


def check_rows(rows: Sequence[ScanRow]) -> ScanCheck:
    """Say which part each row plays, and what is missing or wrong."""
    wrongs = [_wrong(row, index, rows) for index, row in enumerate(rows)]
    times = [row.months for row in rows if row.months is not None]
    first = min(times, default=0.0)
    ordered = sorted(times)
    parts = [wrong or _part(row.months, ordered) for row, wrong in zip(rows, wrongs, strict=True)]
    notes = []
    if first != 0 and not any(wrongs) and rows:
        notes.append(f"Times count from the earliest scan: month {first:g} is taken as month 0.")
    return ScanCheck(parts, [bool(wrong) for wrong in wrongs], _problem(rows, wrongs), notes)


def _part(months: float | None, ordered: Sequence[float]) -> str:
    order = 0 if months is None else ordered.index(months)
    return f"Follow-up {order}" if order else "Baseline"


def series(rows: Sequence[ScanRow]) -> list[tuple[Any, float]]:
    """Return volumes and months since the earliest, in the order of time; the rows must be usable."""
    times = [row.months for row in rows if row.months is not None]
    scans = [(row.volume, row.months - min(times)) for row in rows if row.months is not None]
    return sorted(scans, key=lambda scan: scan[1])


def _problem(rows: Sequence[ScanRow], wrongs: Sequence[str]) -> str:
    if not rows:
        return "Add the scans: a baseline and at least one follow-up of the same person."
    bad = [index + 1 for index, wrong in enumerate(wrongs) if wrong]
    if bad:
        which = f"Scan {bad[0]}" if len(bad) == 1 else "Scans " + ", ".join(map(str, bad))
        return f"{which}: {wrongs[bad[0] - 1]}"
    if len(rows) == 1:
        return "There is only a baseline. Add at least one follow-up of the same person."
    return ""


def _wrong(row: ScanRow, index: int, rows: Sequence[ScanRow]) -> str:
    if row.volume is None:
        return "Choose a volume"
    try:
        check_scan(row.volume)
    except InputError as error:
        return f"{error.message} {error.advice}"
    others = [(number, other) for number, other in enumerate(rows, start=1) if number != index + 1]
    twin = next((number for number, other in others if other.volume is row.volume), None)
    return f"Same volume as scan {twin}" if twin else _wrong_months(row, others)


def _wrong_months(row: ScanRow, others: Sequence[tuple[int, ScanRow]]) -> str:
    if not row.text.strip():
        return "Type the months since the baseline"
    months = row.months
    if months is None:
        return f"{row.text.strip()} is not a number of months"
    if abs(months) > LONGEST_MONTHS:
        return f"More than {LONGEST_MONTHS:g} months"
    times = [(number, other.months) for number, other in others if other.months is not None]
    same = next((number for number, other in times if abs(other - months) < SAME_MONTH), None)
    return f"Same month as scan {same}" if same else ""
