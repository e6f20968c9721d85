"""The still pictures of a report, and the maps over time that they and the viewer show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL
from LongitudinalINRLib.analysis.figures.change_tiles import change_tiles, colour_bar, limit_of_last_scan
from LongitudinalINRLib.analysis.figures.comparison import Comparer, Comparison
from LongitudinalINRLib.analysis.figures.courses import Mark, Panel, intervals_of, panel_marks, panels_of
from LongitudinalINRLib.analysis.figures.planes import axial_planes, centre_planes
from LongitudinalINRLib.analysis.figures.sheets import sheet
from LongitudinalINRLib.analysis.map_frames import MapFrames, frame_months, map_frames, measured_part
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.analysis.scores import SMALLEST_REGION_ML
from LongitudinalINRLib.analysis.wording import month_text

MAP_PIXELS, OVERVIEW_PIXELS = 900, 1160
OVERVIEW_SHARES = np.linspace(0.16, 0.9, 12)
OVERVIEW_COLUMNS = 6


@dataclass(frozen=True, eq=False)
class Check:
    """A follow-up beside the baseline."""

    view: FollowUpView
    comparison: Comparison

    @property
    def scale_percent(self) -> tuple[float, ...]:
        """By how much the follow-up shows the skull larger, along the baseline's axes."""
        return tuple(100 * (factor - 1) for factor in self.view.alignment.scale or ())


@dataclass(frozen=True, eq=False)
class Pictures:
    """All pictures of a report.

    Parameters
    ----------
    checks : list of Check
        By month.
    frames : MapFrames
        The maps over time.
    map, overview : Image
        The map of the last scan: on three planes, and on axial slices.
    bar : Image
        The colours of the maps.
    limit_percent : float
        Where the colours end.
    courses : list of pairs of Panel and list of Mark
        Volume change over time, a panel for each structure.
    """

    checks: list[Check]
    frames: MapFrames
    map: Image.Image
    overview: Image.Image
    bar: Image.Image
    limit_percent: float
    courses: list[tuple[Panel, list[Mark]]]


def draw_pictures(content: ReportContent, months: tuple[float, ...] | None = None) -> Pictures:
    """Draw everything that a report shows.

    Parameters
    ----------
    content : ReportContent
        Everything that the report is made of.
    months : tuple of float, optional
        Of the maps, with the last scan among them; those of the time slider by default.
    """
    frames = map_frames(
        content.model,
        measured_part(content.mask, content.valid),
        months or frame_months(content.model, [row.months for row in content.rows]),
        maps=content.maps,
        residual=content.residual,
        scanner=content.scanner_error,
        should_stop=content.should_stop,
    )
    last = max(content.model.observed_months)
    limit_percent = limit_of_last_scan(frames, last)
    draw = partial(
        change_tiles,
        baseline=content.baseline,
        mask=content.mask,
        frames=frames,
        months=last,
        limit_percent=limit_percent,
    )
    slices = draw(axial_planes(content.mask, OVERVIEW_SHARES.tolist()))
    rows = [slices[n : n + OVERVIEW_COLUMNS] for n in range(0, len(slices), OVERVIEW_COLUMNS)]
    return Pictures(
        _checks(content),
        frames,
        sheet([draw(centre_planes(content.mask))], MAP_PIXELS),
        sheet(rows, OVERVIEW_PIXELS),
        colour_bar(),
        limit_percent,
        _courses(content),
    )


def _checks(content: ReportContent) -> list[Check]:
    comparer = Comparer(content.baseline, measured_part(content.mask, content.valid))
    evaluator = PointEvaluator(content.model, content.should_stop)
    checks = []
    for view in content.follow_ups:
        warp = partial(evaluator.warp, months=view.months)
        title = f"{view.name}, {month_text(view.months)}"
        checks.append(Check(view, comparer.compare(view.scan, view.alignment.matrix, warp, title)))
    return checks


def _courses(content: ReportContent) -> list[tuple[Panel, list[Mark]]]:
    large = [
        row.label
        for row in content.rows
        if row.label == BRAIN_LABEL or row.baseline_volume_ml >= SMALLEST_REGION_ML
    ]
    panels = panels_of(content.trajectories, list(dict.fromkeys(large)))
    intervals = intervals_of(content.rows)
    return [(panel, panel_marks(panel, intervals)) for panel in panels]
