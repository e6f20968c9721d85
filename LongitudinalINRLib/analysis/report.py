"""The HTML report: one file that needs no other and opens anywhere."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from LongitudinalINRLib.analysis import findings, wording
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL, display_name, region_of
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.report_content import FollowUpView, ReportContent
from LongitudinalINRLib.analysis.report_pictures import Pictures, draw_pictures
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.words import TimeKind

__all__ = ["FollowUpView", "ReportContent", "write_report"]

SMALLEST_BAR_SCALE_PERCENT = 2.0


@dataclass(frozen=True)
class TableRow:
    """A region as the table shows it; sorted by structure first, so that left and right stand together."""

    row: RegionRow
    name: str
    sort_name: str
    colour: str
    bar_percent: float


@dataclass(frozen=True)
class MonthTable:
    """The regions at one month."""

    months: float
    kind: TimeKind
    rows: list[TableRow]


def write_report(content: ReportContent, path: Path, place: Place = writing) -> None:
    """Draw the pictures and write the report, whole or not at all.

    Parameters
    ----------
    content : ReportContent
        Everything that the report shows. Names and warnings may hold any text: all of it is escaped.
    path : Path
        Where ``report.html`` goes.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).

    Raises
    ------
    Cancelled
        When ``content.should_stop`` said so; nothing is written.
    """
    text = render(content, draw_pictures(content))
    with place(path) as part:
        part.write_bytes(text.encode("utf-8"))


def render(content: ReportContent, pictures: Pictures) -> str:
    """Return the report as HTML."""
    environment = Environment(
        loader=PackageLoader("LongitudinalINRLib.analysis"),
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
    }
    environment.filters["hashed"] = _policy_source
    environment.tests["still"] = wording.is_still
    return environment.get_template("report.html").render(
        style=Markup(environment.get_template("report.css").render()),
        script=Markup(environment.get_template("report.js").render()),
        content=content,
        pictures=pictures,
        tables=month_tables(content.rows),
        names={row.label: display_name(row.label, row.region) for row in content.rows},
        answers=answers(content.rows),
        found=found(content.rows),
        tissue_label=TISSUE_LABEL,
        whole=[row for row in content.rows if row.label == BRAIN_LABEL],
        has_labels=any(row.label != BRAIN_LABEL for row in content.rows),
        regions_note=content.regions_note,
        last_observed=max(content.model.observed_months),
    )


def answers(rows: Sequence[RegionRow]) -> list[RegionRow]:
    """Return what a report says first: brain tissue, then the whole mask, at the last scan that has rows."""
    seen = [row for row in rows if row.kind == "observed" and row.months > 0]
    last = max((row.months for row in seen), default=0.0)
    by_label = {row.label: row for row in seen if row.months == last}
    return [by_label[label] for label in (TISSUE_LABEL, BRAIN_LABEL) if label in by_label]


def found(rows: Sequence[RegionRow]) -> list[str]:
    """Return what is said of the regions at the last scan that has rows; nothing where there is no region."""
    seen = [row for row in rows if row.kind == "observed" and row.months > 0]
    last = max((row.months for row in seen), default=0.0)
    changes = [
        findings.Change(
            display_name(row.label, row.region),
            row.volume_change_percent,
            math.nan if row.interval_points is None else row.interval_points,
            row.baseline_volume_ml,
        )
        for row in seen
        if row.months == last and row.label not in (BRAIN_LABEL, TISSUE_LABEL)
    ]
    if not changes:
        return []
    return [text for text in (findings.changed_text(changes), findings.unchanged_text(changes)) if text]


def _policy_source(code: str) -> Markup:
    """Return what allows this style or script, and no other, in a content security policy."""
    digest = hashlib.sha256(code.encode("utf-8")).digest()
    return Markup(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")


def month_tables(rows: Sequence[RegionRow]) -> list[MonthTable]:
    """Divide the rows by month; bars are scaled to the largest change of all, or to 2 percent."""
    largest = max((abs(row.volume_change_percent) for row in rows), default=0.0)
    largest = max(largest, SMALLEST_BAR_SCALE_PERCENT)
    tables: dict[float, MonthTable] = {}
    for row in sorted(rows, key=lambda row: row.months):
        table = tables.setdefault(row.months, MonthTable(row.months, row.kind, []))
        table.rows.append(_table_row(row, largest))
    return list(tables.values())


def _table_row(row: RegionRow, largest: float) -> TableRow:
    red, green, blue = region_of(row.label).colour
    name = display_name(row.label, row.region)
    side = next((word for word in ("Left ", "Right ") if name.startswith(word)), "")
    return TableRow(
        row=row,
        name=name,
        sort_name=f"{name.removeprefix(side).capitalize()} {side}".strip(),
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        bar_percent=50 * abs(row.volume_change_percent) / largest,
    )
