"""When the scans of a person were made, in months since the first: by their dates, or by ages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from LongitudinalINRLib.cohort.bids.choice import Chosen
from LongitudinalINRLib.cohort.bids.given_months import GivenMonths
from LongitudinalINRLib.cohort.bids.names import folder_of, stem_of
from LongitudinalINRLib.cohort.participants import age_of
from LongitudinalINRLib.cohort.plan import MonthsFrom
from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.intervals import DAYS_PER_MONTH, DIGITS
from LongitudinalINRLib.json_text import shown
from LongitudinalINRLib.words import MONTHS_PER_YEAR, SAME_MONTH

COARSEST_SHARE = 0.1
"""Ages count where their last digit is at most this share of the shortest interval between scans."""

_ROUNDING = 1e-9
_LABEL = re.compile(r"(\D*)(\d+)(\D*)")


@dataclass(frozen=True)
class Timed:
    """A chosen scan and its time.

    Parameters
    ----------
    chosen : Chosen
        The scan.
    months : float
        Since the first scan.
    months_from : str
        See `plan.PlannedScan`.
    """

    chosen: Chosen
    months: float
    months_from: MonthsFrom


def timed(bids_folder: Path, participant: str, chosen: Sequence[Chosen], given: GivenMonths) -> list[Timed]:
    """Return the scans of a person by their time.

    Dates come from ``acq_time`` of the sessions' scans.tsv; where one lacks it, of the person's sessions.tsv;
    then from ``age`` there, in years. What was given with an option comes before all of these.

    Raises
    ------
    InputError
        There are no times, none is month 0, two sessions are at one time, or times go against the numbers in
        the labels.
    """
    labels = [item.session for item in chosen]
    months = given.of(participant, labels)
    source: MonthsFrom = "given"
    if months is None:
        months, source = _found_months(bids_folder, participant, chosen)
    scans = sorted(
        (Timed(item, value, source) for item, value in zip(chosen, months, strict=True)),
        key=lambda scan: scan.months,
    )
    if scans[0].months > SAME_MONTH:
        raise InputError(
            "no-baseline",
            f"sub-{participant} has no scan at month 0.",
            expected="a session at month 0, from which the given months are counted",
            found=f"ses-{scans[0].chosen.session} at month {scans[0].months:g} as the first",
            advice="Add the baseline's scan, or give months (--months) from the first scan that is there.",
        )
    for one, other in pairwise(scans):
        if other.months - one.months <= SAME_MONTH:
            raise InputError(
                "same-time",
                f"Two sessions of sub-{participant} are at one time.",
                expected="sessions on different days",
                found=f"ses-{one.chosen.session} and ses-{other.chosen.session} at month {one.months:g}",
                advice="Correct the times, or leave one out with --session-label.",
            )
    if source != "given":
        _check_order(participant, [scan.chosen.session for scan in scans])
    return scans


def age_at(bids_folder: Path, participant: str, session: str | None) -> float | None:
    """Return the age of a person in years at a session, where sessions.tsv has it."""
    try:
        rows = _session_rows(bids_folder, participant)
    except InputError:
        return None
    return age_of(rows.get(session or "", {}).get("age", ""))


def _found_months(
    bids_folder: Path, participant: str, chosen: Sequence[Chosen]
) -> tuple[list[float], MonthsFrom]:
    """Return the months of the first source that tells them for every session."""
    reasons = []
    try:
        return _by_days([_scan_time(bids_folder, participant, item) for item in chosen]), "acq_time"
    except InputError as error:
        reasons.append(f"scans.tsv: {error.found}")
    try:
        rows = _session_rows(bids_folder, participant)
    except InputError as error:
        reasons.append(f"sessions.tsv: {error.found}")
    else:
        for column, read in (("acq_time", _by_days), ("age", _by_ages)):
            cells = [rows.get(item.session or "", {}).get(column, "") for item in chosen]
            try:
                return read(cells), "acq_time" if column == "acq_time" else "age"
            except InputError as error:
                reasons.append(f"{column} of sessions.tsv: {error.found}")
    raise InputError(
        "no-times",
        f"It is not known when the scans of sub-{participant} were made.",
        expected="acq_time in scans.tsv or sessions.tsv, ages with decimals in sessions.tsv, or an option",
        found="; ".join(reasons),
        advice="Give --months, or --months-from-labels where labels such as M12 are months.",
    )


def _scan_time(bids_folder: Path, participant: str, item: Chosen) -> str:
    """Return the acq_time of a scan."""
    folder = folder_of(participant, item.session)
    path = bids_folder / folder / f"{stem_of(participant, item.session)}_scans.tsv"
    name = item.scan.path.rpartition("/")[2]
    for row in read_tsv(path, ("filename",)):
        if row["filename"].rpartition("/")[2] == name:
            return row.get("acq_time", "")
    return ""


def _session_rows(bids_folder: Path, participant: str) -> dict[str, dict[str, str]]:
    path = bids_folder / folder_of(participant, None) / f"{stem_of(participant, None)}_sessions.tsv"
    return {row["session_id"].removeprefix("ses-"): row for row in read_tsv(path, ("session_id",))}


def _by_days(times: Sequence[str]) -> list[float]:
    """Return months by days; the hour does not matter, and shifted dates (before 1925) count as others."""
    days = [_day(text) for text in times]
    first = min(days)
    return [round((day - first).days / DAYS_PER_MONTH, DIGITS) for day in days]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _unusable(f"acq_time {shown(text)}, no date" if text else "no acq_time of a session") from None


def _by_ages(texts: Sequence[str]) -> list[float]:
    """Return months by ages in years, if these are fine enough."""
    if not all(texts):
        raise _unusable("no age of a session")
    if not all(re.fullmatch(r"\d{1,3}(\.\d+)?", text) for text in texts):
        raise _unusable(f"ages that are no plain numbers of years: {shown(', '.join(texts))}")
    decimals = max(len(text.partition(".")[2]) for text in texts)
    ages = sorted(map(float, texts))
    if decimals == 0:
        raise _unusable(f"ages in whole years ({', '.join(texts)}), off by up to a year")
    shortest = min((later - earlier for earlier, later in pairwise(ages)), default=1.0)
    if 10.0**-decimals > COARSEST_SHARE * shortest + _ROUNDING:
        raise _unusable(f"ages too coarse for {shortest:.2f} years between scans ({', '.join(texts)})")
    return [round((float(text) - ages[0]) * MONTHS_PER_YEAR, DIGITS) for text in texts]


def _check_order(participant: str, labels: Sequence[str | None]) -> None:
    """Refuse times against the numbers of labels that differ in their number alone."""
    parts = [_LABEL.fullmatch(label or "") for label in labels]
    if len({(part[1].lower(), part[3].lower()) if part else None for part in parts}) > 1 or not all(parts):
        return
    counted = [int(part[2]) for part in parts if part]
    if counted != sorted(counted):
        raise InputError(
            "times-against-labels",
            f"The sessions of sub-{participant} were not made in the order of their labels.",
            expected="dates in the order of the numbers in the labels",
            found="by their times " + ", ".join(f"ses-{label}" for label in labels),
            advice="Correct the dates; where they are right and the labels wrong, give --months.",
        )


def _unusable(found: str) -> InputError:
    return InputError("time-unusable", "A time cannot be used.", found=found)
