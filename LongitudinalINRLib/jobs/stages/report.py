"""The report of a fit, from what is in memory or, later, from its folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.figures.comparison import compared_voxels
from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.analysis.points import PointEvaluator, Points, voxel_centres_mm
from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.analysis.report import write_report
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.problem import Image
from LongitudinalINRLib.jobs.beside_norms import beside_own_norms
from LongitudinalINRLib.jobs.integrity import add_result
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.jobs.stages.outlines import note_of
from LongitudinalINRLib.jobs.tensors import image_of

ShouldStop = Callable[[], bool]

CHUNK_POINTS = 32768
"""Looked up at once: what that takes stays in the processor's caches."""


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
        follow_ups=_views(result, should_stop),
        model=result.model,
        rows=analysis.rows,
        trajectories=analysis.trajectories,
        warnings=[*result.account.warnings, *analysis.warnings],
        settings=_settings(result.request, result.account.excluded_ml),
        versions=dict(result.account.versions),
        history=list(result.account.history),
        seconds=result.account.seconds["fit"],
        device=result.account.device,
        scanner=f"{result.scanner_error.name} ({result.scanner.reason})",
        valid=result.valid,
        dice=_dice_by_month(result, should_stop),
        appearance=_appearance_by_month(result),
        regions_note=_regions_note(result),
        should_stop=should_stop,
    )
    write_report(content, result.folder.report, result.folder.manifest.writing)
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
        result.model,
        result.scans.labels,
        months,
        result.mask,
        result.valid,
        names=result.request.region_names,
        maps=maps,
        residual=result.residual,
        scanner=result.scanner_error,
    )
    analysis = beside_own_norms(result, analysis)
    folder = result.folder
    with folder.working():
        path = write_report_of(result, analysis)
        add_result(folder, "report", path)
    return path


def _views(result: Result, should_stop: ShouldStop | None) -> list[FollowUpView]:
    seen = result.mask.with_array(np.logical_and(result.mask.array, result.valid.array))
    compared = compared_voxels(seen)
    points_mm = voxel_centres_mm(np.flatnonzero(compared), seen.shape, seen.affine)
    evaluator = PointEvaluator(result.model, should_stop)
    views = []
    for index, (months, alignment) in enumerate(result.alignments.items(), start=1):
        aligned = predict(result, months, ["aligned"], should_stop=should_stop)["aligned"]
        scan = image_of(result.scans.follow_ups[months], alignment.matrix)
        warped = np.array(aligned.array, dtype=np.float32)  # elsewhere nobody looks
        warped[compared] = _values(scan, evaluator.warp(points_mm, months))
        views.append(FollowUpView(f"scan-{index}", months, aligned, aligned.with_array(warped), alignment))
    return views


def _values(scan: Image, points_mm: Points) -> NDArray[np.float32]:
    """Return a scan's values at points, 0 beyond it, shape (N,)."""
    parts = []
    for part_mm in torch.split(torch.from_numpy(points_mm).float(), CHUNK_POINTS):
        values, inside = trilinear(scan, part_mm)
        parts.append(torch.where(inside, values, 0.0))
    return np.asarray(torch.cat(parts).numpy())


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
