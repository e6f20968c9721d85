"""The scans of one person that a scene holds, ready for the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import slicer

from LongitudinalINRModule.scans.baseline_labels import labels_of
from LongitudinalINRModule.scans.dicom_tags import Database
from LongitudinalINRModule.scans.original_scans import OriginalScan, original_scans
from LongitudinalINRModule.scans.scan_dates import months_since_first
from LongitudinalINRModule.scans.series_choice import one_of_each_visit

_LEAST_SCANS = 2
Key = TypeVar("Key")


@dataclass(frozen=True)
class FoundScans:
    """What a scene offers to the table of scans.

    Parameters
    ----------
    scans : list of (vtkMRMLScalarVolumeNode, float or None)
        With their months since the earliest, ascending; by name and without months where none has a date.
    labels : vtkMRMLSegmentationNode, vtkMRMLLabelMapVolumeNode or None
        Of the baseline; of the first name where none has a date.
    remarks : list of str
        What to know about the dates, and what was left out.
    """

    scans: list[tuple[slicer.vtkMRMLScalarVolumeNode, float | None]]
    labels: slicer.vtkMRMLNode | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What was found, in one line."""
        count = len(self.scans)
        regions = f"; regions: {self.labels.GetName()}" if self.labels is not None else ""
        months = [month for _, month in self.scans if month is not None]
        if months:
            told = ", ".join(f"{month:.1f}" if month else "0" for month in months)
            return f"Found {count} scans of one person: months {told}{regions}."
        names = ", ".join(volume.GetName() for volume, _ in self.scans)
        return f"Found {count} scans without dates, months to be typed: {names}{regions}."


def scans_in(scene: slicer.vtkMRMLScene, database: Database | None = None) -> FoundScans | None:
    """Return the scans of one person at two or more times; None where there are none.

    The simulated subject that came last; else whose visits by dates are most, one series of one modality at
    each (see `one_of_each_visit`); else the scans that have no date, by their names. Of people with as many
    visits, the one whose scans came last.

    Parameters
    ----------
    scene : vtkMRMLScene
        Not changed. Results and derived volumes in it are not taken for scans.
    database : Database, optional
        Asked for dates and series.
    """
    originals = original_scans(scene, database)
    return _simulated(originals) or _dated(originals) or _undated(originals)


def _simulated(originals: Sequence[OriginalScan]) -> FoundScans | None:
    groups = _by(lambda scan: scan.person, (scan for scan in originals if scan.own_months is not None))
    subjects = [scans for scans in groups.values() if len(scans) >= _LEAST_SCANS]
    if not subjects:
        return None
    ordered = sorted(subjects[-1], key=lambda scan: scan.own_months or 0.0)
    return _found(ordered, [scan.own_months for scan in ordered], [])


def _dated(originals: Sequence[OriginalScan]) -> FoundScans | None:
    dated = [scan for scan in originals if scan.date.day is not None and scan.own_months is None]
    groups = _by(lambda scan: (scan.person, scan.modality), dated)
    days = {key: sorted(_by(_day, scans).items()) for key, scans in groups.items()}
    series = {key: visits for key, visits in days.items() if len(visits) >= _LEAST_SCANS}
    if not series:
        return None
    person, modality = max(reversed(series), key=lambda key: (len(series[key]), key[1] == "MR"))
    visits = [scans for _, scans in series[person, modality]]
    chosen = one_of_each_visit(visits)
    remarks = [f"{scan.volume.GetName()} {scan.date.remark}." for scan in chosen if scan.date.remark]
    left_out = len(visits) - len(chosen)
    if left_out:
        remarks.append(f"Visits without a T1-weighted series were left out: {left_out}.")
    if any(other != person for other, _ in series):
        remarks.append("Another person's scans are in the scene too; they were left out.")
    if not person:
        remarks.append("Nothing says that the scans are of one person: make sure that they are.")
    return _found(chosen, months_since_first([scan.date for scan in chosen]), remarks)


def _undated(originals: Sequence[OriginalScan]) -> FoundScans | None:
    undated = [scan for scan in originals if scan.date.day is None and scan.own_months is None]
    groups = _by(lambda scan: (scan.person, scan.modality), undated)
    largest = max(reversed(groups.values()), key=len, default=[])
    if len(largest) < _LEAST_SCANS:
        return None
    chosen = one_of_each_visit([[scan] for scan in largest])
    chosen = sorted(chosen, key=lambda scan: scan.volume.GetName())
    return _found(chosen, [None] * len(chosen), [])


def _found(chosen: Sequence[OriginalScan], months: Sequence[float | None], remarks: list[str]) -> FoundScans:
    volumes = [scan.volume for scan in chosen]
    return FoundScans(list(zip(volumes, months, strict=True)), labels_of(volumes[0]), remarks)


def _day(scan: OriginalScan) -> date:
    assert scan.date.day is not None
    return scan.date.day


def _by(key: Callable[[OriginalScan], Key], scans: Iterable[OriginalScan]) -> dict[Key, list[OriginalScan]]:
    """Group scans, the group whose scan came last at the end."""
    groups: dict[Key, list[OriginalScan]] = {}
    for scan in scans:
        groups[key(scan)] = [*groups.pop(key(scan), []), scan]
    return groups
