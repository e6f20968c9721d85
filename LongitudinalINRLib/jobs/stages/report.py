"""The report of a fit, from what is in memory or, later, from its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.analysis.report import write_report
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.jobs.stages.regions import named

ShouldStop = Callable[[], bool]


def write_report_of(result: Result, analysis: RegionAnalysis, should_stop: ShouldStop | None = None) -> Path:
    """Write `report.html`.

    Parameters
    ----------
    result : Result
        A fit.
    analysis : RegionAnalysis
        Its regions.
    should_stop : callable, optional
        Asked before every chunk of work.
    """
    content = ReportContent(
        baseline=result.scans.baseline,
        mask=result.mask,
        follow_ups=[_view(result, months, should_stop) for months in result.alignments],
        model=result.model,
        rows=analysis.rows,
        trajectories=analysis.trajectories,
        warnings=[*result.account["warnings"], *analysis.warnings],
        settings=_settings(result.request),
        versions=result.account["versions"],
        history=result.account["history"],
        seconds=result.account["seconds"]["fit"],
        device=result.account["device"],
        valid=result.valid,
        dice=_dice_by_month(result, should_stop),
        should_stop=should_stop,
    )
    write_report(content, result.folder.report)
    return result.folder.report


def write_report_again(result: Result) -> Path:
    """Write the report of a finished fit anew, from its model and its maps.

    Raises
    ------
    InputError
        A scan that the report shows is gone.
    """
    months = result.request.map_months
    maps = WrittenMaps(result.folder, months)
    analysis = analyse_regions(
        result.model, result.scans.labels, months, result.mask, result.valid, maps=maps
    )
    return write_report_of(result, named(analysis, result.request.region_names))


def _view(result: Result, months: float, should_stop: ShouldStop | None) -> FollowUpView:
    shown = predict(result, months, ["aligned", "warped"], should_stop=should_stop)
    name = f"scan-{result.request.months.index(months)}"
    return FollowUpView(name, months, shown["aligned"], shown["warped"], result.alignments[months])


def _settings(request: Request) -> dict[str, Any]:
    """Return what was asked, without the paths: they can carry a person's name."""
    return {
        "alignment": request.align,
        "bias correction": request.bias_correction,
        "mask": "given" if request.mask else "from labels" if request.labels else "estimated",
        **asdict(request.config),
    }


def _dice_by_month(result: Result, should_stop: ShouldStop | None) -> dict[float, dict[int, float]]:
    baseline = result.scans.labels
    if baseline is None:
        return {}
    by_month = {}
    for months, labels in result.scans.follow_up_labels.items():
        matrix = result.alignments[months].matrix
        carried = warped_labels(result.model, months, labels, matrix, result.mask, should_stop=should_stop)
        by_month[months] = dice(baseline, carried, result.mask)
    return by_month
