"""One line of ``regions.csv``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.analysis.tables import write_table
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.words import TimeKind


@dataclass(frozen=True)
class RegionRow:
    """One region at one month; the fields are the columns of ``regions.csv``, in their order.

    Parameters
    ----------
    region, label : str, int
        FreeSurfer's name and number. ``brain`` and 0: the whole mask, ventricles included. ``brain tissue``
        and -1: all labelled voxels but ventricles, CSF and choroid plexus, whose change is the percentage
        brain volume change (PBVC).
    months, kind : float, str
        The month since baseline and whether it is observed, interpolated or extrapolated.
    mean_jacobian : float
        Mean |J| over the region's voxels.
    volume_change_percent : float
        100 (mean |J| - 1).
    rate_percent_per_year : float
        1200 x mean d|J|/dt (per month) at that month.
    mean_percent_per_year : float
        The volume change over the years since baseline; NaN at the baseline.
    sign_consistency : float
        Mean over voxels of the share of months with the majority sign; NaN where nothing ever changes.
    voxels : int
        Voxels counted: inside the mask and every scan's field of view.
    baseline_volume_ml, volume_ml : float
        Volume of the counted voxels at the baseline and at the month.
    sign_change_share : float
        Share of voxels that grow in one month and shrink in another.
    folded_voxels : int
        Voxels with |J| <= 0.
    asymmetry_percent : float or None
        100 (left - right) / mean of both volumes, for structures that come in pairs.
    excluded_voxels : int
        Voxels of the label that did not count.
    interval_points : float or None
        Half-width of the 90 % interval of the volume change, in percentage points; None where settings were
        used that it is not known for.
    within_noise : bool or None
        Whether the interval holds no change at all.
    interval_scanner : str or None
        Which interval it is: what is known about the scanners (`error_model.ScannerError`).
    """

    region: str
    label: int
    months: float
    kind: TimeKind
    mean_jacobian: float
    volume_change_percent: float
    rate_percent_per_year: float
    mean_percent_per_year: float
    sign_consistency: float
    voxels: int
    baseline_volume_ml: float
    volume_ml: float
    sign_change_share: float
    folded_voxels: int
    asymmetry_percent: float | None
    excluded_voxels: int
    interval_points: float | None = None
    within_noise: bool | None = None
    interval_scanner: str | None = None


def write_regions(rows: Sequence[RegionRow], path: Path, place: Place = writing) -> None:
    """Write ``regions.csv``; `place` as for `tables.write_table`."""
    write_table(rows, RegionRow, path, place)
