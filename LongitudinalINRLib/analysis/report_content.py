"""Everything that a report is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.error_model import SAME_SCANNER, ScannerError
from LongitudinalINRLib.analysis.match import Match
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.regions import GridMaps
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True, eq=False)
class FollowUpView:
    """A follow-up as the report shows it.

    Parameters
    ----------
    name : str
        ``scan-1``, ``scan-2`` ...: never a person's name or a file's.
    months : float
        When it was taken.
    scan : Volume
        The scan, on its own grid.
    alignment : Alignment
        How it was aligned.
    """

    name: str
    months: float
    scan: Volume
    alignment: Alignment


@dataclass(frozen=True, eq=False)
class ReportContent:
    """Everything that a report is made of.

    Parameters
    ----------
    baseline, mask : Volume
        The first scan and, boolean, its brain.
    follow_ups : sequence of FollowUpView
        By month.
    model : Deformation
        The fitted model; the maps are evaluated from it.
    rows, trajectories : sequence
        From `analyse_regions`.
    warnings : sequence of str
        Everything the person should know before using the numbers.
    settings, versions : mapping
        What was asked for (may be nested) and the versions of the software.
    seconds : float
        How long the fit took.
    device : str
        Where it ran.
    scanner : str
        What is known about the scanners, and why, as part of a sentence.
    match : Match
        Whether the scans match.
    made_on : date
        The day on which the report is made.
    scanner_error : ScannerError
        What the scanners add to the error of every voxel.
    residual : float, optional
        As for `voxel_half_widths`; None where the error of voxels is not known.
    labels : Volume, optional
        Segmentation of the baseline, on its grid, to find the regions in the views.
    maps : mapping of float to GridMaps
        Maps on the baseline's grid that exist already, by month.
    study_code : str, optional
        What the people of a study call this person.
    scan_dates : mapping of float to date
        By month, where they are known; 0 is the baseline.
    regions_note : str, optional
        What the person should know about the regions, such as that they are approximate.
    valid : Volume, optional
        Boolean: where every follow-up has data.
    dice : mapping of float to mapping, optional
        By month of a follow-up with labels: Dice of every label.
    appearance : mapping of float to Appearance, optional
        By month: how a follow-up looks beside the baseline.
    should_stop : callable, optional
        Looked at before every chunk of work.
    """

    baseline: Volume
    mask: Volume
    follow_ups: Sequence[FollowUpView]
    model: Deformation
    rows: Sequence[RegionRow]
    trajectories: Sequence[TrajectoryPoint]
    warnings: Sequence[str]
    settings: Mapping[str, Any]
    versions: Mapping[str, str]
    seconds: float
    device: str
    scanner: str
    match: Match
    made_on: date
    scanner_error: ScannerError = SAME_SCANNER
    residual: float | None = None
    labels: Volume | None = None
    maps: Mapping[float, GridMaps] = field(default_factory=dict)
    study_code: str | None = None
    scan_dates: Mapping[float, date] = field(default_factory=dict)
    regions_note: str | None = None
    valid: Volume | None = None
    dice: Mapping[float, Mapping[int, float]] = field(default_factory=dict)
    appearance: Mapping[float, Appearance] = field(default_factory=dict)
    should_stop: Callable[[], bool] | None = None
