"""Everything that a report is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.region_row import RegionRow
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
    aligned : Volume
        Resampled onto the baseline grid by its alignment alone.
    warped : Volume
        Resampled onto the baseline grid by alignment and fitted deformation.
    alignment : Alignment
        How it was aligned.
    """

    name: str
    months: float
    aligned: Volume
    warped: Volume
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
    history : sequence of mapping
        Terms of the loss by step; may be empty.
    seconds : float
        How long the fit took.
    device : str
        Where it ran.
    scanner : str
        What is known about the scanners, and why, as part of a sentence.
    valid : Volume, optional
        Boolean: where every follow-up has data.
    dice : mapping of float to mapping, optional
        By month of a follow-up with labels: Dice of every label.
    appearance : mapping of float to Appearance, optional
        By month: how a follow-up looks beside the baseline.
    regions_note : str, optional
        That the regions are approximate, and how they came about, where no labels were given.
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
    history: Sequence[Mapping[str, float]]
    seconds: float
    device: str
    scanner: str
    valid: Volume | None = None
    dice: Mapping[float, Mapping[int, float]] = field(default_factory=dict)
    appearance: Mapping[float, Appearance] = field(default_factory=dict)
    regions_note: str | None = None
    should_stop: Callable[[], bool] | None = None
