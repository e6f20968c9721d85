"""The HTML report: one file that needs no other, asks nothing of a network, and opens anywhere."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from LongitudinalINRLib.analysis import wording
from LongitudinalINRLib.analysis.answer import answer_of, scan_times
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, display_name
from LongitudinalINRLib.analysis.change_colours import FADED_SHARE
from LongitudinalINRLib.analysis.figures.change_tiles import colour_table
from LongitudinalINRLib.analysis.figures.courses import sides_of
from LongitudinalINRLib.analysis.figures.sheets import jpeg
from LongitudinalINRLib.analysis.region_places import Place as RegionPlace
from LongitudinalINRLib.analysis.region_places import region_places
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.analysis.report_pictures import Pictures, draw_pictures
from LongitudinalINRLib.analysis.report_table import month_tables
from LongitudinalINRLib.analysis.viewer_volumes import ViewerVolumes, viewer_volumes
from LongitudinalINRLib.files import Place, writing

__all__ = ["FollowUpView", "ReportContent", "write_report"]

VIEWER = files("LongitudinalINRLib.analysis") / "viewer"


def write_report(
    content: ReportContent, path: Path, place: Place = writing, pictures: Pictures | None = None
) -> None:
    """Draw the pictures and write the report, whole or not at all.

    Parameters
    ----------
    content : ReportContent
        Everything that the report shows. Names and warnings may hold any text: all of it is escaped.
    path : Path
        Where ``report.html`` goes.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).
    pictures : Pictures, optional
        Where they are drawn already.

    Raises
    ------
    Cancelled
        When ``content.should_stop`` said so; nothing is written.
    """
    pictures = pictures or draw_pictures(content)
    text = render(content, pictures, viewer_volumes(content.baseline, content.mask, pictures.frames))
    with place(path) as part:
        part.write_bytes(text.encode("utf-8"))


def render(content: ReportContent, pictures: Pictures, volumes: ViewerVolumes) -> str:
    """Return the report as HTML."""
    environment = report_environment()
    shown = {
        **shown_in_parts(content, pictures),
        "volumes": volumes,
        "viewer": _viewer_settings(content, pictures),
        "places": places(content),
    }
    return rendered(environment, "report.html", ("niivue.umd.js", "viewer.js", "report.js"), shown)


def rendered(environment: Environment, name: str, scripts: Sequence[str], shown: Mapping[str, Any]) -> str:
    """Return a page in the style of the report, with some of its scripts."""
    return environment.get_template(name).render(
        style=Markup(environment.get_template("report.css").render()),
        scripts=[Markup(_script(script)) for script in scripts],
        **shown,
    )


def shown_in_parts(content: ReportContent, pictures: Pictures) -> dict[str, Any]:
    """Return what the parts of a report show that need no viewer."""
    months = [0.0, *content.model.observed_months]
    return {
        "content": content,
        "pictures": pictures,
        "bar_ticks": [pictures.limit_percent * share for share in (-1.0, -0.5, 0.0, 0.5, 1.0)],
        "panels": pictures.courses,
        "courses_left_out": 0,
        "sides": sides_of(panel for panel, _ in pictures.courses),
        "has_intervals": any(row.interval_points is not None for row in content.rows),
        "tables": month_tables(content.rows),
        "names": {row.label: display_name(row.label, row.region) for row in content.rows},
        "places": {},
        "answer": answer_of(content.rows),
        "scans": scan_times(months, content.scan_dates),
        "whole": [row for row in content.rows if row.label == BRAIN_LABEL],
        "has_labels": any(row.label != BRAIN_LABEL for row in content.rows),
        "has_centiles": any(row.centile is not None for row in content.rows),
        "last_observed": max(content.model.observed_months),
    }


def places(content: ReportContent) -> dict[int, RegionPlace]:
    """Return where the regions of the table lie, RAS mm."""
    return {} if content.labels is None else region_places(content.labels, content.mask)


def report_environment(*more: BaseLoader) -> Environment:
    """Return what renders the parts of a report, and the templates of other loaders."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("LongitudinalINRLib.analysis"), *more]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "signed": wording.signed,
        "share": wording.share,
        "month": wording.month_text,
        "duration": wording.duration,
        "flattened": wording.flattened,
        "grouped": wording.grouped,
        "hashed": _policy_source,
        "jpeg": lambda image: _uri("jpeg", jpeg(image)),
        "png": _png_uri,
        "svg_points": lambda points: " ".join(f"{x:.1f},{y:.1f}" for x, y in points).replace(".0", ""),
        "unbroken": wording.unbroken,
    }
    environment.tests["still"] = wording.is_still
    return environment


def _script(name: str) -> str:
    """Return a script as the page holds it, to the byte: NiiVue as its makers published it."""
    where = VIEWER if name.startswith("niivue") else files("LongitudinalINRLib.analysis") / "templates"
    return (where / name).read_bytes().decode("utf-8")


def _viewer_settings(content: ReportContent, pictures: Pictures) -> str:
    """Return what the page's script must know, as JSON that cannot end its element."""
    frames = pictures.frames
    settings = {
        "months": list(frames.months),
        "kinds": [content.model.kind(month) for month in frames.months],
        "start": frames.at(max(content.model.observed_months)),
        "colours": base64.b64encode(colour_table().tobytes()).decode("ascii"),
        "limit": pictures.limit_percent / 100,
        "fadedShare": FADED_SHARE,
    }
    return Markup(json.dumps(settings).replace("<", "\\u003c"))


def _policy_source(code: str) -> Markup:
    """Return what allows this style or script, and no other, in a content security policy."""
    digest = hashlib.sha256(code.encode("utf-8")).digest()
    return Markup(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")


def _png_uri(image: Image.Image) -> str:
    stream = io.BytesIO()
    image.save(stream, format="png")
    return _uri("png", stream.getvalue())


def _uri(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
