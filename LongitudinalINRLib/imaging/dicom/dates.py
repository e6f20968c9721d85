"""When a scan was made, as its DICOM header says. Needs the standard library alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements

Changed = Literal["", "MODIFIED", "REMOVED"]

FIRST_MRI_YEAR = 1980
_SOURCES = (
    ("acquisition", tags.ACQUISITION_DATE),
    ("acquisition", tags.ACQUISITION_DATE_TIME),
    ("series", tags.SERIES_DATE),
    ("study", tags.STUDY_DATE),
)


@dataclass(frozen=True)
class HeaderDate:
    """The day of a scan.

    Parameters
    ----------
    day : date, optional
        None where the header has none that can be one.
    source : str
        Which date it is: of the acquisition, else of the series, else of the study.
    changed : str
        What the header says was done to its dates to hide the person (Longitudinal Temporal Information
        Modified): MODIFIED where all were shifted, REMOVED where what stands there means nothing.
    """

    day: date | None = None
    source: str = ""
    changed: Changed = ""


def header_date(elements: Elements) -> HeaderDate:
    """Return the date of an image; one before there was MRI, or in the future, was shifted."""
    said = elements.text(tags.DATES_CHANGED).upper()
    changed = cast(Changed, said if said in ("MODIFIED", "REMOVED") else "")
    for source, tag in _SOURCES:
        day = _day(elements.text(tag))
        if day is not None:
            unlikely = day.year < FIRST_MRI_YEAR or day > date.today()
            return HeaderDate(day, source, changed or ("MODIFIED" if unlikely else ""))
    return HeaderDate(changed=changed)


def _day(text: str) -> date | None:
    """Read the day of DICOM's DA and DT, and of the older form with points."""
    match = re.match(r"(\d{4})[-.]?(\d{2})[-.]?(\d{2})", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
