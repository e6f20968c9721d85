"""Months between scans from their DICOM dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from LongitudinalINRModule.scans.dicom_tags import DATES_CHANGED, STUDY_DATE, Database, tag_value

if TYPE_CHECKING:
    import slicer

DAYS_PER_MONTH = 30.4375
MONTHS_ATTRIBUTE = "LongitudinalINR.Months"
"""Of a volume that brings its months along, as a simulated one does."""

FIRST_MRI_YEAR = 1980


@dataclass(frozen=True)
class ScanDate:
    """When a scan was made.

    Parameters
    ----------
    day : date, optional
        None where it is not known.
    remark : str
        What to know about it; empty where there is nothing.
    """

    day: date | None
    remark: str = ""


def scan_date(volume: slicer.vtkMRMLVolumeNode, database: Database | None = None) -> ScanDate:
    """Return the study date of a volume, and say when it is blank or was changed to hide the real one.

    Parameters
    ----------
    volume : vtkMRMLVolumeNode
        Loaded from DICOM or not.
    database : Database, optional
        Asked where the subject hierarchy has no date.
    """
    text = tag_value(volume, STUDY_DATE, database)
    if not text:
        return ScanDate(None, "has no study date: type its months")
    match = re.fullmatch(r"(\d{4})[-.]?(\d{2})[-.]?(\d{2})", text)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        return ScanDate(None, f"has the study date {text}, which is no date: type its months")
    if day > date.today():
        return ScanDate(day, "has a study date in the future: check the times between the scans")
    changed = tag_value(volume, DATES_CHANGED, database)
    if day.year < FIRST_MRI_YEAR or changed in ("MODIFIED", "REMOVED"):
        return ScanDate(
            day, "has a study date that was shifted to protect the person: check the times between the scans"
        )
    return ScanDate(day)


def months_since_first(dates: Sequence[ScanDate]) -> list[float | None]:
    """Return each scan's months since the earliest, days / 30.4375; None where the day is not known."""
    days = [each.day for each in dates if each.day is not None]
    first = min(days) if days else None
    return [
        None if each.day is None or first is None else (each.day - first).days / DAYS_PER_MONTH
        for each in dates
    ]
