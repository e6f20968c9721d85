"""Months between scans by the dates of their headers."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.dates import HeaderDate, header_date
from LongitudinalINRLib.imaging.dicom.elements import Elements
from LongitudinalINRLib.jobs.intervals import interval_notes, months_between

FIRST = HeaderDate(date(2019, 3, 1), "acquisition")


def later(days, changed=""):
    return HeaderDate(FIRST.day + timedelta(days), "acquisition", changed)


def header(**values):
    elements = Elements("a.dcm", "<")
    elements.values = {getattr(tags, name): value.encode() for name, value in values.items()}
    return elements


DATES = {
    "of the acquisition first": (
        HeaderDate(date(2020, 2, 29), "acquisition"),
        {"ACQUISITION_DATE": "20200229", "SERIES_DATE": "20200228", "STUDY_DATE": "20200227"},
    ),
    "and time in one": (
        HeaderDate(date(2020, 2, 29), "acquisition"),
        {"ACQUISITION_DATE_TIME": "20200229101500.25", "STUDY_DATE": "20200227"},
    ),
    "then of the series": (
        HeaderDate(date(2020, 2, 28), "series"),
        {"ACQUISITION_DATE": "", "SERIES_DATE": "2020.02.28", "STUDY_DATE": "20200227"},
    ),
    "then of the study": (
        HeaderDate(date(2020, 2, 27), "study"),
        {"SERIES_DATE": "20200230", "STUDY_DATE": "20200227"},
    ),
    "none": (HeaderDate(), {"STUDY_DATE": "unknown"}),
    "shifted": (
        HeaderDate(date(2020, 2, 27), "study", "MODIFIED"),
        {"STUDY_DATE": "20200227", "DATES_CHANGED": "MODIFIED"},
    ),
    "before there was MRI": (HeaderDate(date(1900, 1, 1), "study", "MODIFIED"), {"STUDY_DATE": "19000101"}),
    "removed": (
        HeaderDate(date(2020, 1, 1), "study", "REMOVED"),
        {"STUDY_DATE": "20200101", "DATES_CHANGED": "REMOVED"},
    ),
    "as they were": (
        HeaderDate(date(2020, 2, 27), "study"),
        {"STUDY_DATE": "20200227", "DATES_CHANGED": "UNMODIFIED"},
    ),
}


@pytest.mark.parametrize("case", DATES)
def test_the_date_of_a_header(case):
    expected, values = DATES[case]
    assert header_date(header(**values)) == expected


@pytest.mark.parametrize(("days", "months"), [(1, 0.03), (81, 2.66), (366, 12.02), (1461, 48.0)])
def test_months_are_days_over_30_4375_to_a_hundredth(days, months):
    assert months_between(FIRST, later(days), "follow-up 1") == months


def test_every_day_of_a_century_has_months_of_its_own():
    months = [months_between(FIRST, later(days), "follow-up 1") for days in range(1, 36_525)]
    assert len(set(months)) == len(months)


@pytest.mark.parametrize(
    ("first", "second", "code", "found"),
    [
        (FIRST, HeaderDate(), "dates-missing", "no date in the header of follow-up 1"),
        (HeaderDate(), FIRST, "dates-missing", "no date in the header of the baseline"),
        (
            FIRST,
            later(81, "REMOVED"),
            "dates-missing",
            "a header of follow-up 1 that says that its dates were removed",
        ),
        (FIRST, later(-365), "dates-order", "follow-up 1 365 days (11.99 months) before the baseline"),
        (FIRST, FIRST, "dates-order", "follow-up 1 on the day of the baseline"),
    ],
)
def test_an_interval_that_is_not_known_or_runs_backwards_is_refused(first, second, code, found):
    with pytest.raises(InputError) as refused:
        months_between(first, second, "follow-up 1")
    assert (refused.value.code, refused.value.found) == (code, found)
    assert "--follow-up MONTHS:PATH" in refused.value.advice


def test_typed_months_that_the_dates_contradict_by_more_than_a_month_are_warned_about_with_both():
    assert interval_notes(FIRST, later(366), "scan-1", 12.0, typed=True) == []
    assert interval_notes(FIRST, later(366), "scan-1", 13.0, typed=True) == []
    (note,) = interval_notes(FIRST, later(366), "scan-1", 24.0, typed=True)
    assert note.startswith(
        "scan-1: 24 months after the baseline as given, 12.02 by the dates of the headers."
    )
    (note,) = interval_notes(FIRST, later(-366, "MODIFIED"), "scan-1", 12.0, typed=True)
    assert "-12.02 by the dates of the headers, which were changed to hide the person" in note
    assert interval_notes(FIRST, later(366, "REMOVED"), "scan-1", 24.0, typed=True) == []
    assert interval_notes(HeaderDate(), later(366), "scan-1", 24.0, typed=True) == []


def test_shifted_dates_that_are_used_are_warned_about():
    assert interval_notes(FIRST, later(366), "scan-1", 12.02, typed=False) == []
    (note,) = interval_notes(FIRST, later(366, "MODIFIED"), "scan-1", 12.02, typed=False)
    assert note.startswith("scan-1: ")
    assert "12.02 months hold only where both scans were shifted alike" in note
