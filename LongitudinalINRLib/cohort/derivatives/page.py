"""The page of a person: the report's answer, pictures and tables, without what a viewer needs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jinja2 import PackageLoader
from PIL import Image

from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.analysis.regions import RegionAnalysis
from LongitudinalINRLib.analysis.report import rendered, report_environment, shown_in_parts
from LongitudinalINRLib.analysis.report_content import ReportContent
from LongitudinalINRLib.analysis.report_pictures import Pictures, draw_pictures
from LongitudinalINRLib.analysis.trajectories import read_trajectories
from LongitudinalINRLib.cohort.derivatives.names import PersonNames, month_entity
from LongitudinalINRLib.cohort.derivatives.shelf import Shelf
from LongitudinalINRLib.cohort.plan import PersonPlan
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.report import report_content

WIDEST_PIXELS, WEBP_QUALITY, WEBP_METHOD = 800, 50, 6
"""Of pictures: a person of a large cohort takes little room, and method 6 packs best."""

MOST_COURSES = 12
"""Panels on the page, by largest change: a hundred structures would fill it."""


MONTHS_FROM = {"acq_time": "time of acquisition", "age": "age", "given": "given"}


def put_page(
    shelf: Shelf, names: PersonNames, plan: PersonPlan, result: Result, warnings: Sequence[str]
) -> None:
    """Write the page of a person and its pictures; voxels outside the brain, such as a face, are in none.

    Parameters
    ----------
    shelf : Shelf
        Takes the files.
    names : PersonNames
        Says what they are called.
    plan : PersonPlan
        Which scans were taken, and what was passed over.
    result : Result
        The fit, done.
    warnings : sequence of str
        What was told during the job.
    """
    content = _content(names, result, warnings)
    last = max(content.model.observed_months)
    drawn = draw_pictures(content, (0.0, last))
    pictures = replace(drawn, courses=drawn.courses[:MOST_COURSES])
    sources = _put_pictures(shelf, names, pictures)
    environment = report_environment(PackageLoader("LongitudinalINRLib.cohort.derivatives"))
    environment.filters["jpeg"] = lambda image: sources[id(image)]
    shown = shown_in_parts(content, pictures)
    at_last = [table for table in shown["tables"] if table.months == last]
    shown |= {
        "plan": plan,
        "months_from": MONTHS_FROM,
        "tables": at_last or shown["tables"],
        "courses_left_out": len(drawn.courses) - len(pictures.courses),
        **_links(shelf, names, result),
    }
    shelf.text(names.page, rendered(environment, "person.html", ("report.js",), shown))


def _content(names: PersonNames, result: Result, warnings: Sequence[str]) -> ReportContent:
    """Return what the page shows, with the numbers as the fit wrote them."""
    rows = read_regions(result.folder.regions)
    analysis = RegionAnalysis(rows, read_trajectories(result.folder.trajectories), [])
    content = report_content(result, analysis)
    told = list(dict.fromkeys([*content.warnings, *warnings]))
    return replace(content, study_code=names.person, warnings=told)


def _put_pictures(shelf: Shelf, names: PersonNames, pictures: Pictures) -> dict[int, str]:
    """Put the pictures, and return where the page finds them, by their identity."""
    named = {"planes": pictures.map, "slices": pictures.overview}
    named |= {month_entity(check.view.months): check.comparison.picture for check in pictures.checks}
    sources = {}
    for name, image in named.items():
        path = names.figure(name, "check" if name.startswith("month") else "change")
        shelf.content(path, _webp(image))
        sources[id(image)] = path.relative_to(shelf.folder).as_posix()
    return sources


def _webp(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    if image.width > WIDEST_PIXELS:
        image = image.resize((WIDEST_PIXELS, round(image.height * WIDEST_PIXELS / image.width)))
    image.save(stream, format="webp", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return stream.getvalue()


def _links(shelf: Shelf, names: PersonNames, result: Result) -> dict[str, Any]:
    report = result.folder.report
    table = names.table("longitudinal", "regions")
    shown = report if result.folder.manifest.state(report) == "ours" else None
    return {
        "interactive": None if shown is None else shown.relative_to(shelf.folder).as_posix(),
        "all_months": table.relative_to(shelf.folder).as_posix(),
        "maps": sorted(path.name for path in shelf.put if "_jacobian" in path.name and path.suffix == ".gz"),
    }
