"""The report of a fit, from what is in memory or, later, from its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.analysis.report import write_report
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.analysis.report_pictures import draw_pictures
from LongitudinalINRLib.jobs.beside_norms import beside_own_norms
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import add_result
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.jobs.stages.matching import match_of
from LongitudinalINRLib.jobs.stages.outlines import note_of

ShouldStop = Callable[[], bool]


def write_report_of(
    result: Result, analysis: RegionAnalysis, should_stop: ShouldStop | None = None
) -> list[Path]:
    """Write `report.html`, and `report.pdf` where there was one: it would be of another fit, or damaged.

    Parameters
    ----------
    result : Result
        A fit.
    analysis : RegionAnalysis
        Its regions.
    should_stop : callable, optional
        Asked before every chunk of work.

    Returns
    -------
    list of Path
        What was written, `report.html` first.
    """
    had_pdf = result.folder.report_pdf.name in result.folder.manifest.names()
    return _write(result.folder, report_content(result, analysis, should_stop), had_pdf)


def _write(folder: JobFolder, content: ReportContent, as_pdf: bool) -> list[Path]:
    pictures = draw_pictures(content) if as_pdf else None  # once for both
    write_report(content, folder.report, folder.manifest.writing, pictures)
    if not as_pdf:
        return [folder.report]
    from LongitudinalINRLib.analysis.report_pdf import write_pdf  # ReportLab, where it is needed

    write_pdf(content, folder.report_pdf, folder.manifest.writing, pictures)
    return [folder.report, folder.report_pdf]


def report_content(
    result: Result, analysis: RegionAnalysis, should_stop: ShouldStop | None = None
) -> ReportContent:
    """Return everything that a report of a fit shows; see `write_report_of`."""
    return ReportContent(
        baseline=result.scans.baseline,
        mask=result.mask,
        follow_ups=[
            FollowUpView(f"scan-{index}", months, result.scans.follow_ups[months], alignment)
            for index, (months, alignment) in enumerate(result.alignments.items(), start=1)
            if months in result.scans.follow_ups
        ],
        model=result.model,
        rows=analysis.rows,
        trajectories=analysis.trajectories,
        warnings=[*result.account.warnings, *analysis.warnings],
        settings=_settings(result.request, result.account.excluded_ml),
        versions=dict(result.account.versions),
        seconds=result.account.seconds["fit"],
        device=result.account.device,
        scanner=f"{result.scanner_error.name} ({result.scanner.reason})",
        match=match_of(result),
        made_on=datetime.now(timezone.utc).astimezone().date(),
        scanner_error=result.scanner_error,
        residual=result.residual,
        labels=result.scans.labels,
        scan_dates=_scan_dates(result),
        maps=WrittenMaps(result),
        valid=result.valid,
        dice=_dice_by_month(result, should_stop),
        appearance=_appearance_by_month(result),
        regions_note=_regions_note(result),
        should_stop=should_stop,
    )


def report_content_again(result: Result) -> ReportContent:
    """Return everything that the report of a finished fit shows, from its model and its maps.

    Raises
    ------
    InputError
        A scan that the report shows is gone.
    """
    months = result.request.map_months
    analysis = analyse_regions(
        result.model,
        result.scans.labels,
        months,
        result.mask,
        result.valid,
        names=result.request.region_names,
        maps=WrittenMaps(result),
        residual=result.residual,
        scanner=result.scanner_error,
    )
    return report_content(result, beside_own_norms(result, analysis))


def write_report_again(result: Result, *, as_pdf: bool = False, study_code: str | None = None) -> list[Path]:
    """Write the report of a finished fit anew, from its model and its maps.

    Parameters
    ----------
    result : Result
        A fit.
    as_pdf : bool
        Whether to write `report.pdf` too; it is, where there is one.
    study_code : str, optional
        What the people of a study call this person.

    Returns
    -------
    list of Path
        What was written, `report.html` first.

    Raises
    ------
    InputError
        A scan that the report shows is gone.
    """
    folder = result.folder
    with folder.working():
        content = replace(report_content_again(result), study_code=study_code)
        written = _write(folder, content, as_pdf or folder.report_pdf.name in folder.manifest.names())
        for path in written:
            add_result(folder, "report", path)
    return written


def _scan_dates(result: Result) -> dict[float, date]:
    """Return the days of the scans that the headers told, by month."""
    days = zip(result.request.months, result.scan_dates, strict=True)
    return {months: date.fromisoformat(day) for months, day in days if day is not None}


def _settings(request: Request, excluded_ml: float) -> dict[str, Any]:
    """Return what was asked, without the paths: they can carry a person's name."""
    return {
        "alignment": request.align,
        "bias correction": request.bias_correction,
        "mask": "given" if request.mask else "from labels" if request.labels else "estimated",
        "left out of the comparison": f"{excluded_ml:.1f} mL" if request.exclude else "nothing",
        **asdict(request.config),
    }


def _regions_note(result: Result) -> str | None:
    note = note_of(result.folder, result.request)
    return note.summary if note and note.used else None


def _appearance_by_month(result: Result) -> dict[float, Appearance]:
    quality = result.account.quality
    found = () if quality is None else quality.appearance
    return {scan.months: Appearance(**scan.model_dump()) for scan in found}


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
