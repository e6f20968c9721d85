"""Numbers per region and month: volume change, rate, consistency and volumes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.asymmetry import asymmetry_percent
from LongitudinalINRLib.analysis.curves import RegionCurves, region_curves
from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.error_model import SAME_SCANNER, ScannerError
from LongitudinalINRLib.analysis.numbering import names_of
from LongitudinalINRLib.analysis.points import PointEvaluator, Values
from LongitudinalINRLib.analysis.region_errors import region_half_widths_points
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.tissue import with_tissue
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint, trajectory_points
from LongitudinalINRLib.horizon import warning_of_far
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import TimeKind

LOST_SHARE_WORTH_A_WARNING = 0.1


@dataclass(frozen=True)
class GridMaps:
    """Maps of one month that exist already, on the grid of the mask, so that nothing is evaluated twice.

    Parameters
    ----------
    jacobian : Volume
        |J|.
    rate : Volume, optional
        d|J|/dt per month; without it mean rates come from the curves' even sample of voxels.
    """

    jacobian: Volume
    rate: Volume | None = None


@dataclass(frozen=True)
class RegionAnalysis:
    """What `analyse_regions` finds: rows for ``regions.csv``, points for ``trajectories.csv``, warnings."""

    rows: list[RegionRow]
    trajectories: list[TrajectoryPoint]
    warnings: list[str]


def analyse_regions(
    model: Deformation,
    labels: Volume | None,
    months: Sequence[float],
    mask: Volume,
    valid: Volume | None = None,
    *,
    names: Mapping[int, str] | None = None,
    maps: Mapping[float, GridMaps] | None = None,
    residual: float | None = None,
    scanner: ScannerError = SAME_SCANNER,
    should_stop: Callable[[], bool] | None = None,
) -> RegionAnalysis:
    """Measure the whole mask, all tissue and every region, at some months and along the way.

    Mean |J| and folded voxels use every counted voxel, from ``maps`` where given; curves and sign consistency
    follow an even sample of each region (see `curves`).

    Parameters
    ----------
    model : Deformation
        The fitted model.
    labels : Volume or None
        Integer labels on the baseline grid; None measures the whole mask alone.
    months : sequence of float
        Months for the rows.
    mask, valid : Volume
        Boolean, on the baseline grid: the brain, and where every scan has data.
    names : mapping of int to str, optional
        The map's own names of its labels; without any, FreeSurfer's where the map is numbered so (see
        `numbering`). They also tell which labels are tissue (see `tissue`).
    maps : mapping of float to GridMaps, optional
        Maps that exist already, by month.
    residual : float, optional
        Root of the share of the follow-ups' variance that the fit leaves unexplained; gives the rows their
        intervals.
    scanner : ScannerError
        What is known about the scanners, for the intervals.
    should_stop : callable, optional
        Looked at before every chunk of work.

    Raises
    ------
    InputError
        When the volumes do not share a grid or no voxel counts.
    Cancelled
        When ``should_stop`` said so.
    """
    regions = RegionSet.from_labels(labels, mask, valid)
    called = names_of(labels, names)
    warnings = _warnings(regions, called)
    regions, why_no_tissue = with_tissue(regions, called)
    if why_no_tissue:
        warnings.append(why_no_tissue)
    if far := warning_of_far(months, max(model.observed_months)):
        warnings.append(far)
    evaluator = PointEvaluator(model, should_stop)
    curves = region_curves(evaluator, regions, months)
    rows = []
    for month in map(float, months):
        widths = None
        if residual is not None:
            widths = region_half_widths_points(evaluator, regions, month, residual, scanner)
        at = _measured(evaluator, regions, month, (maps or {}).get(month), curves, widths)
        rows += _rows_of_month(regions, called, curves, at, scanner)
    return RegionAnalysis(rows, trajectory_points(regions, called, curves, model.kind), warnings)


def region_rows(
    model: Deformation,
    labels: Volume | None,
    months: Sequence[float],
    mask: Volume,
    valid: Volume | None = None,
) -> list[RegionRow]:
    """Return the rows of `analyse_regions` alone."""
    return analyse_regions(model, labels, months, mask, valid).rows


@dataclass(frozen=True, eq=False)
class _Month:
    """|J| of every counted voxel, mean rate and error bar per region at one month."""

    months: float
    kind: TimeKind
    jacobian: Values
    mean_rate: Values
    half_widths_points: Values | None


def _measured(
    evaluator: PointEvaluator,
    regions: RegionSet,
    month: float,
    maps: GridMaps | None,
    curves: RegionCurves,
    half_widths_points: Values | None,
) -> _Month:
    kind = evaluator.model.kind(month)
    if maps is None:
        jacobian, rate = evaluator.jacobian_and_rate(regions.points_mm(), month)
        return _Month(month, kind, jacobian, regions.means(rate), half_widths_points)
    jacobian = maps.jacobian.array.ravel()[regions.voxels].astype(np.float64)
    if maps.rate is None:
        mean_rate = curves.mean_rate[curves.months.index(month)]
        return _Month(month, kind, jacobian, mean_rate, half_widths_points)
    rate = maps.rate.array.ravel()[regions.voxels].astype(np.float64)
    return _Month(month, kind, jacobian, regions.means(rate), half_widths_points)


def _rows_of_month(
    regions: RegionSet,
    names: Mapping[int, str],
    curves: RegionCurves,
    at: _Month,
    scanner: ScannerError,
) -> list[RegionRow]:
    mean_jacobian = regions.means(at.jacobian)
    change = 100.0 * (mean_jacobian - 1.0)
    folded = regions.count(at.jacobian <= 0)
    baseline_ml = regions.counts * regions.grid.voxel_volume_ml
    volume_ml = baseline_ml * mean_jacobian
    widths = at.half_widths_points
    asymmetry = asymmetry_percent(dict(zip(regions.labels, volume_ml.tolist(), strict=True)), names)
    return [
        RegionRow(
            region=names[label],
            label=label,
            months=at.months,
            kind=at.kind,
            mean_jacobian=float(mean_jacobian[r]),
            volume_change_percent=float(change[r]),
            rate_percent_per_year=float(1200.0 * at.mean_rate[r]),
            mean_percent_per_year=float(12.0 * change[r] / at.months) if at.months > 0 else float("nan"),
            sign_consistency=float(curves.sign_consistency[r]),
            voxels=int(regions.counts[r]),
            baseline_volume_ml=float(baseline_ml[r]),
            volume_ml=float(volume_ml[r]),
            sign_change_share=float(curves.sign_change_share[r]),
            folded_voxels=int(folded[r]),
            asymmetry_percent=asymmetry.get(label),
            excluded_voxels=int(regions.excluded[r]),
            interval_points=None if widths is None else float(widths[r]),
            within_noise=None if widths is None else bool(abs(change[r]) <= widths[r]),
            interval_scanner=None if widths is None else scanner.name,
        )
        for r, label in enumerate(regions.labels)
    ]


def _warnings(regions: RegionSet, names: Mapping[int, str]) -> list[str]:
    warnings = []
    if regions.missing:
        missing = ", ".join(names[label] for label in regions.missing)
        warnings.append(f"Outside the mask or a scan's field of view, so not measured: {missing}.")
    lost_share = regions.excluded / (regions.counts + regions.excluded)
    cut = [
        names[label]
        for label, lost in zip(regions.labels, lost_share, strict=True)
        if lost > LOST_SHARE_WORTH_A_WARNING
    ]
    if cut:
        warnings.append(
            f"More than {LOST_SHARE_WORTH_A_WARNING:.0%} lies outside the mask or a scan's field of view "
            f"and is not counted: {', '.join(cut)}."
        )
    return warnings
