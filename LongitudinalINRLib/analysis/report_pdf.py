"""The report as PDF on A4: the answer and the table on the first page, what it rests on behind.

ReportLab draws it, which is Python alone: no browser and no library of the system is needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, SimpleDocTemplate, Spacer, Table

from LongitudinalINRLib.analysis import pdf_parts as parts
from LongitudinalINRLib.analysis.answer import answer_of, scan_times, scans_text
from LongitudinalINRLib.analysis.report_content import ReportContent
from LongitudinalINRLib.analysis.report_pictures import Pictures, draw_pictures
from LongitudinalINRLib.analysis.report_table import month_tables
from LongitudinalINRLib.analysis.wording import flattened, month_text
from LongitudinalINRLib.files import Place, writing

MARGIN = 13 * mm
FRAME_PADDING = 6.0
"""Of a frame of `SimpleDocTemplate`, in points."""

WIDTH = A4[0] - 2 * (MARGIN + FRAME_PADDING)
MAP_SHARE, CHECK_SHARE = 0.72, 0.78
"""Widths of pictures, of the width of the page between its margins."""

LEAST_ROOM = 70 * mm
"""Of a page, for the courses to begin on it."""

RESEARCH = "Research use only, not a medical device"


def write_pdf(
    content: ReportContent, path: Path, place: Place = writing, pictures: Pictures | None = None
) -> None:
    """Draw the pictures and write the report as PDF, whole or not at all.

    Parameters
    ----------
    content : ReportContent
        Everything that the report shows. Names and warnings may hold any text; letters that the font
        (Bitstream Vera) lacks are drawn as boxes.
    path : Path
        Where ``report.pdf`` goes.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).
    pictures : Pictures, optional
        Where they are drawn already.

    Raises
    ------
    Cancelled
        When ``content.should_stop`` said so; nothing is written.
    """
    made = pdf(content, pictures or draw_pictures(content))
    with place(path) as part:
        part.write_bytes(made)


def pdf(content: ReportContent, pictures: Pictures) -> bytes:
    """Return the report as a PDF file."""
    parts.register_fonts()
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm,
        title="Brain volume change over time",
        author="",
        creator="LongitudinalINR",
        invariant=1,
    )
    story = [
        *_first_page(content, pictures),
        *_warnings(content),
        *_courses(pictures),
        *_checks(content, pictures),
        *_settings(content),
    ]
    foot = partial(_foot, content)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def _first_page(content: ReportContent, pictures: Pictures) -> Iterator[Flowable]:
    code = f"{content.study_code} · " if content.study_code else ""
    yield parts.text("Brain volume change over time", "title")
    yield parts.text(f"{code}report made {content.made_on.isoformat()} · {RESEARCH}", "note")
    answer = answer_of(content.rows)
    if answer is not None:
        yield parts.text(f"What has changed by {month_text(answer.months)}", "label")
        yield parts.text(answer.changed, "answer")
        yield parts.text(answer.unchanged, "body")
        for whole in answer.wholes:
            yield parts.text(whole, "body")
    if content.regions_note:
        yield parts.text(content.regions_note, "note")
    times = scan_times([0.0, *content.model.observed_months], content.scan_dates)
    yield parts.text(scans_text(times), "body")
    yield parts.match_box(content.match, WIDTH)
    yield parts.picture(pictures.map, WIDTH * MAP_SHARE)
    yield parts.scale(pictures.bar, pictures.limit_percent, WIDTH)
    yield parts.text(
        f"Change at {month_text(max(content.model.observed_months))}, the last scan. Blue has contracted, "
        "red has expanded; what lies within its 90 % interval fades out. The patient's right is on the left "
        "of axial and coronal slices. ± is the half-width of the 90 % interval.",
        "note",
    )
    shown = answer.months if answer is not None else max(row.months for row in content.rows)
    (table,) = (table for table in month_tables(content.rows) if table.months == shown)
    yield parts.region_table(table, WIDTH)


def _warnings(content: ReportContent) -> Iterator[Flowable]:
    if content.warnings:
        heading = parts.text("Warnings: read before using the numbers", "heading")
        yield KeepTogether([heading, *(parts.text(f"• {warning}", "body") for warning in content.warnings)])


def _courses(pictures: Pictures) -> Iterator[Flowable]:
    yield CondPageBreak(LEAST_ROOM)
    yield parts.text("Course over time", "heading")
    yield parts.text(
        "Volume change in percent over months; blue-green is left, orange right. Dots are scans; a band is "
        "the 90 % interval at the months of the table, drawn straight between them; dashed lines on the "
        "shaded ground lie beyond the last scan. Regions under 0.5 mL are left out.",
        "note",
    )
    yield parts.grid([parts.course(marks, WIDTH / 4) for _, marks in pictures.courses], 4, WIDTH)


def _checks(content: ReportContent, pictures: Pictures) -> Iterator[Flowable]:
    heading = [parts.text("Checks: do the scans match?", "heading"), parts.text(content.match.text, "body")]
    for check in pictures.checks:
        found = check.comparison
        yield KeepTogether(
            [
                *heading,
                parts.picture(found.picture, WIDTH * CHECK_SHARE),
                parts.text(
                    f"{check.view.name}, {month_text(check.view.months)}: mean absolute difference inside "
                    f"the mask {found.difference_before_percent:.1f} % of the grey range before the fit, "
                    f"{found.difference_after_percent:.1f} % after; similarity with the baseline "
                    f"{check.view.alignment.similarity_before:.4f} as scanned, "
                    f"{found.similarity_aligned:.4f} aligned ({check.view.alignment.kind}), "
                    f"{found.similarity_fitted:.4f} after the fit.",
                    "note",
                ),
            ]
        )
        heading = []  # stays with the first picture


def _settings(content: ReportContent) -> Iterator[Flowable]:
    yield parts.text("Settings and versions", "heading")
    yield parts.text(f"The intervals are for: {content.scanner}.", "body")
    pairs = [*flattened(content.settings), *flattened(content.versions)]
    half = -(-len(pairs) // 2)
    columns = [parts.pairs_table(each, WIDTH / 2) for each in (pairs[:half], pairs[half:]) if each]
    yield Table([columns], colWidths=[WIDTH / 2] * len(columns), style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
    yield Spacer(1, 2 * mm)


def _foot(content: ReportContent, canvas: Canvas, _: SimpleDocTemplate) -> None:
    """Write what every page must say."""
    canvas.setFont(parts.FONT, 7)
    canvas.setFillColor(parts.SOFT)
    code = f"{content.study_code} · " if content.study_code else ""
    canvas.drawString(
        MARGIN + FRAME_PADDING, MARGIN, f"{code}{content.made_on.isoformat()} · LongitudinalINR · {RESEARCH}"
    )
    canvas.drawRightString(A4[0] - MARGIN - FRAME_PADDING, MARGIN, f"page {canvas.getPageNumber()}")
