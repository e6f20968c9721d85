"""The pictures of a report, as sources of HTML images."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL
from LongitudinalINRLib.analysis.deformation import Deformation
from LongitudinalINRLib.analysis.figures.canvas import pixels, svg_uri, webp_uri
from LongitudinalINRLib.analysis.figures.change_maps import change_percent
from LongitudinalINRLib.analysis.figures.change_scale import change_limit_percent
from LongitudinalINRLib.analysis.figures.comparison import compare, counted_voxels
from LongitudinalINRLib.analysis.figures.losses import draw_losses
from LongitudinalINRLib.analysis.figures.overlay import ChangeOverlay
from LongitudinalINRLib.analysis.figures.planes import axial_planes, centre_planes
from LongitudinalINRLib.analysis.figures.trajectories import draw_trajectories, panels_of
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.analysis.scores import SMALLEST_REGION_ML
from LongitudinalINRLib.analysis.wording import month_text
from LongitudinalINRLib.imaging.similarity import normalised_correlation
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import TimeKind

MOST_REGULAR_FRAMES = 20
FRAME_STEPS_MONTHS = (0.25, 0.5, 1, 2, 3, 6, 12, 24, 60, 120)
OVERVIEW_SHARES = np.linspace(0.16, 0.9, 12)
OVERVIEW_COLUMNS = 6


@dataclass(frozen=True)
class Check:
    """A follow-up against the baseline: the picture and how alike they are."""

    name: str
    months: float
    source: str
    alignment: str
    alignment_determinant: float
    scale_percent: tuple[float, ...]
    similarity_as_scanned: float
    similarity_aligned: float
    similarity_fitted: float
    difference_before_percent: float
    difference_after_percent: float


@dataclass(frozen=True)
class Frame:
    """One position of the time slider."""

    months: float
    kind: TimeKind
    source: str


@dataclass(frozen=True)
class Pictures:
    """All pictures of a report."""

    checks: list[Check]
    frames: list[Frame]
    overview: Frame
    limit_percent: float
    trajectories: str
    losses: str | None


def draw_pictures(content: ReportContent) -> Pictures:
    """Draw everything that a report shows."""
    seen = content.mask
    if content.valid is not None:
        seen = seen.with_array(seen.array.astype(bool) & content.valid.array.astype(bool))
    with ThreadPoolExecutor(1) as beside:  # compresses a picture while the next is drawn
        frames, overview, limit_percent = _change_pictures(content, beside)
        counted = seen.with_array(counted_voxels(seen))
        checks = [_check(content.baseline, view, seen, counted, beside) for view in content.follow_ups]
    large = [row.label for row in content.rows if _is_large(row.label, row.baseline_volume_ml)]
    panels = panels_of(content.trajectories, list(dict.fromkeys(large)))
    return Pictures(
        checks,
        frames,
        overview,
        limit_percent,
        svg_uri(draw_trajectories(panels)),
        svg_uri(draw_losses(content.history)) if content.history else None,
    )


def frame_months(model: Deformation, asked_months: Iterable[float] = ()) -> list[float]:
    """Return the positions of the time slider: evenly to the last scan or month asked for, and the scans."""
    scans = set(map(float, model.observed_months))
    end = max({*scans, *map(float, asked_months)})
    step = next((s for s in FRAME_STEPS_MONTHS if end / s <= MOST_REGULAR_FRAMES), FRAME_STEPS_MONTHS[-1])
    return sorted({*np.arange(0, end, step).tolist(), *scans, end})


def _is_large(label: int, volume_ml: float) -> bool:
    return label == BRAIN_LABEL or volume_ml >= SMALLEST_REGION_ML


def _check(
    baseline: Volume, view: FollowUpView, seen: Volume, counted: Volume, beside: ThreadPoolExecutor
) -> Check:
    alike = [
        beside.submit(normalised_correlation, scan, baseline, counted) for scan in (view.aligned, view.warped)
    ]
    comparison = compare(baseline, view.aligned, view.warped, seen, f"{view.name}, {month_text(view.months)}")
    source = beside.submit(webp_uri, pixels(comparison.figure))
    return Check(
        name=view.name,
        months=view.months,
        alignment=view.alignment.kind,
        alignment_determinant=view.alignment.determinant,
        scale_percent=tuple(100 * (factor - 1) for factor in view.alignment.scale or ()),
        similarity_as_scanned=view.alignment.similarity_before,
        similarity_aligned=alike[0].result(),
        similarity_fitted=alike[1].result(),
        difference_before_percent=comparison.difference_before_percent,
        difference_after_percent=comparison.difference_after_percent,
        source=source.result(),
    )


def _change_pictures(content: ReportContent, beside: ThreadPoolExecutor) -> tuple[list[Frame], Frame, float]:
    model, mask = content.model, content.mask
    evaluator = PointEvaluator(model, content.should_stop)
    months = frame_months(model, [row.months for row in content.rows])
    planes = centre_planes(mask)
    maps = change_percent(evaluator, planes, mask, months)
    last = max(model.observed_months)
    slices = axial_planes(mask, OVERVIEW_SHARES.tolist())
    (slice_maps,) = change_percent(evaluator, slices, mask, [last])
    limit_percent = change_limit_percent(slice_maps)
    in_time = ChangeOverlay(content.baseline, mask, planes, columns=3, limit_percent=limit_percent)
    frames = [
        Frame(month, model.kind(month), source)
        for month, source in zip(months, beside.map(webp_uri, in_time.frames(maps)), strict=True)
    ]
    over_brain = ChangeOverlay(
        content.baseline, mask, slices, columns=OVERVIEW_COLUMNS, limit_percent=limit_percent
    )
    over_brain.outline(mask)
    return frames, Frame(last, model.kind(last), webp_uri(over_brain.draw(slice_maps))), limit_percent
