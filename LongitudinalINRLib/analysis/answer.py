"""What a report answers first: what changed beyond its error, what did not, when the scans were made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from LongitudinalINRLib.analysis import findings, wording
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL, display_name
from LongitudinalINRLib.analysis.region_row import RegionRow, at_last_scan

NO_REGIONS = "No region is told apart: no segmentation was given, and none was found."
ALL_CHANGED = "No region can be said not to have changed: none lies within its interval."
ERROR_UNKNOWN = "What has not changed cannot be told."


@dataclass(frozen=True)
class Answer:
    """The first lines of a report.

    Parameters
    ----------
    months : float
        The last scan that there are numbers of.
    changed, unchanged : str
        A sentence each.
    wholes : tuple of str
        Brain tissue, and the whole mask, in a line each.
    """

    months: float
    changed: str
    unchanged: str
    wholes: tuple[str, ...]


@dataclass(frozen=True)
class ScanTime:
    """When a scan was made.

    Parameters
    ----------
    name : str
        ``scan-0`` for the baseline.
    months : float
        Since the baseline.
    date : date, optional
        Where it is known.
    since_months : float, optional
        Since the scan before; None of the baseline.
    """

    name: str
    months: float
    date: date | None
    since_months: float | None


def answer_of(rows: Sequence[RegionRow]) -> Answer | None:
    """Return the answer of a table of regions, at the last scan that it has; None where it has none."""
    last = at_last_scan(rows)
    if not last:
        return None
    wholes = [row for label in (TISSUE_LABEL, BRAIN_LABEL) for row in last if row.label == label]
    changes = [_change(row) for row in last if row.label not in (BRAIN_LABEL, TISSUE_LABEL)]
    if changes:
        changed, unchanged = findings.changed_text(changes), findings.unchanged_text(changes)
        known = any(not math.isnan(change.interval_points) for change in changes)
        unchanged = unchanged or (ALL_CHANGED if known else ERROR_UNKNOWN)
    else:
        changed, unchanged = _of_the_whole(wholes[0]), NO_REGIONS
    return Answer(last[0].months, changed, unchanged, tuple(map(_whole_text, wholes)))


def scan_times(months: Sequence[float], dates: Mapping[float, date]) -> list[ScanTime]:
    """Return when the scans were made.

    Parameters
    ----------
    months : sequence of float
        Of all scans, the baseline's 0 first, ascending.
    dates : mapping of float to date
        By month, where they are known.
    """
    since = [None, *(later - earlier for earlier, later in pairwise(months))]
    return [
        ScanTime(f"scan-{number}", month, dates.get(month), gap)
        for number, (month, gap) in enumerate(zip(months, since, strict=True))
    ]


def scans_text(times: Sequence[ScanTime]) -> str:
    """Say when the scans were made, and what lies between them."""
    said = []
    for scan in times:
        month = wording.month_text(scan.months)
        when = f"{scan.date.isoformat()} ({month})" if scan.date else month
        since = "" if scan.since_months is None else f", {scan.since_months:.4g} months later"
        said.append(f"{'baseline' if scan.since_months is None else scan.name} {when}{since}")
    return f"Scans: {'; '.join(said)}."


def yearly_text(row: RegionRow) -> str:
    """Return the mean change a year with its interval, in percent; empty where its error is not known."""
    if row.interval_points is None or row.months <= 0:
        return ""
    points = row.interval_points * 12 / row.months
    return f"{wording.signed(row.mean_percent_per_year)} ± {points:.1f}"


def _change(row: RegionRow) -> findings.Change:
    points = math.nan if row.interval_points is None else row.interval_points
    name = display_name(row.label, row.region)
    side = next((word for word in ("Left ", "Right ") if name.startswith(word)), "")
    return findings.Change(
        side.lower() + name.removeprefix(side), row.volume_change_percent, points, row.baseline_volume_ml
    )


def _of_the_whole(row: RegionRow) -> str:
    name = display_name(row.label, row.region)
    if row.interval_points is None:
        return findings.changed_text([])
    change = f"{wording.signed(row.volume_change_percent)} ± {row.interval_points:.1f} %"
    if row.within_noise:
        return f"The {name.lower()} may as well not have changed: {change} lies within its 90 % interval."
    return f"The {name.lower()} has changed beyond its 90 % interval: {change}."


def _whole_text(row: RegionRow) -> str:
    name = "Brain tissue (PBVC)" if row.label == TISSUE_LABEL else "Whole mask, ventricles included"
    change = wording.signed(row.volume_change_percent)
    if row.interval_points is None:
        return f"{name}: {change} % at {wording.month_text(row.months)}; its error is not known."
    noise = ", which may as well be none" if row.within_noise else ""
    return (
        f"{name}: {change} ± {row.interval_points:.1f} % at {wording.month_text(row.months)}, "
        f"{yearly_text(row)} % a year{noise}."
    )
