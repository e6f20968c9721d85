"""The pieces that a PDF report is made of. Every text is escaped: ReportLab reads markup."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from PIL import Image as Pictures
from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Image, Paragraph, Table

from LongitudinalINRLib.analysis.figures.courses import HEIGHT, WIDTH, Mark
from LongitudinalINRLib.analysis.figures.sheets import jpeg
from LongitudinalINRLib.analysis.match import Match
from LongitudinalINRLib.analysis.report_table import MonthTable
from LongitudinalINRLib.analysis.wording import NOT_DEFINED, signed, unbroken

FONT, BOLD = "Vera", "VeraBd"
INK, SOFT, LINE, ACCENT = (HexColor(each) for each in ("#1c2226", "#566169", "#d9dfe3", "#00708a"))
MATCH_COLOURS = {
    "green": (HexColor("#eaf6ee"), HexColor("#0c5b2c")),
    "amber": (HexColor("#fff5df"), HexColor("#704200")),
    "red": (HexColor("#fdeaea"), HexColor("#8d0d16")),
}
REGION_HEAD = (
    "Region",
    "Change, %",
    "90 % interval, ± points",
    "Mean a year, %",
    "Baseline, mL",
    "Volume, mL",
)
REGION_WIDTHS = (0.28, 0.13, 0.2, 0.15, 0.12, 0.12)
REGION_WIDTHS_WITH_CENTILES = (0.24, 0.1, 0.17, 0.14, 0.1, 0.1, 0.15)


def _style(
    name: str, size: float, *, bold: bool = False, colour: Color = INK, before: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=1.32 * size,
        textColor=colour,
        spaceBefore=before,
        spaceAfter=0.35 * size,
    )


STYLES = {
    style.name: style
    for style in (
        _style("title", 15, bold=True),
        _style("heading", 11.5, bold=True, before=8),
        _style("label", 8.5, bold=True, colour=SOFT, before=5),
        _style("answer", 11.5, bold=True),
        _style("body", 8.5),
        _style("note", 7, colour=SOFT),
        _style("cell", 7),
    )
}


def register_fonts() -> None:
    """Make the fonts known that ReportLab brings."""
    for name in (FONT, BOLD):
        registerFont(TTFont(name, f"{name}.ttf"))
    registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def text(said: str, style: str) -> Paragraph:
    """Return a paragraph that says a text, whatever is in it."""
    return Paragraph(escape(unbroken(said)), STYLES[style])


def match_box(match: Match, width: float) -> Table:
    """Return the line about the scans in its colour."""
    ground, ink = MATCH_COLOURS[match.level]
    style = ParagraphStyle("match", STYLES["body"], fontName=BOLD, textColor=ink, spaceAfter=0)
    return Table(
        [[Paragraph(escape(match.text), style)]],
        colWidths=[width],
        style=[("BACKGROUND", (0, 0), (-1, -1), ground), ("BOX", (0, 0), (-1, -1), 0.6, ink)],
        spaceBefore=2,
        spaceAfter=5,
    )


def picture(image: Pictures.Image, width: float) -> Image:
    """Return a picture of a width, as JPEG."""
    return Image(io.BytesIO(jpeg(image)), width, width * image.height / image.width)


def scale(bar: Pictures.Image, limit_percent: float, width: float) -> Table:
    """Return the colours of the map with what they mean."""
    png = io.BytesIO()
    bar.save(png, format="png")
    png.seek(0)
    ends = [
        f"{signed(sign * limit_percent, 0)} % {word}" for sign, word in ((-1, "contracted"), (1, "expanded"))
    ]
    style = ParagraphStyle("right", STYLES["note"], alignment=TA_RIGHT)
    cells = [Paragraph(ends[0], style), Image(png, 60 * mm, 3 * mm), Paragraph(ends[1], STYLES["note"])]
    side = (width - 64 * mm) / 2
    return Table([cells], colWidths=[side, 64 * mm, side], style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE")])


def region_table(table: MonthTable, width: float) -> Table:
    """Return the regions at one month; what has changed beyond its interval is bold."""
    rows: list[tuple[object, ...]] = [REGION_HEAD]
    widths: tuple[float, ...] = REGION_WIDTHS
    if table.has_centiles:
        rows, widths = [(*REGION_HEAD, "Centile")], REGION_WIDTHS_WITH_CENTILES
    bold = []
    for number, line in enumerate(table.rows, start=1):
        row = line.row
        points = NOT_DEFINED if row.interval_points is None else f"{row.interval_points:.1f}"
        if row.within_noise and row.months > 0:
            points = f"within noise  {points}"
        if row.within_noise is False:
            bold.append(("FONT", (1, number), (1, number), BOLD, 7))
        rows.append(
            (
                text(line.name, "cell"),
                signed(row.volume_change_percent),
                points,
                line.yearly or NOT_DEFINED,
                f"{row.baseline_volume_ml:.2f}",
                f"{row.volume_ml:.2f}",
                *([line.centile or NOT_DEFINED] if table.has_centiles else []),
            )
        )
    style = [
        ("FONT", (0, 0), (-1, -1), FONT, 7),
        ("FONT", (0, 0), (-1, 0), BOLD, 7),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 0.4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.9),
        *bold,
    ]
    return Table(rows, colWidths=[width * share for share in widths], repeatRows=1, style=style)


def course(marks: Sequence[Mark], width: float) -> Drawing:
    """Return the course of a structure, drawn."""
    factor = width / WIDTH
    drawing = Drawing(width, HEIGHT * factor)
    for mark in marks:
        flat = [factor * value for x, y in mark.points for value in (x, HEIGHT - y)]
        colour = HexColor(mark.colour)
        if mark.kind == "text":
            size = 1.15 * factor * mark.width
            shape = String(
                *flat, mark.text, fontName=FONT, fontSize=size, textAnchor=mark.anchor, fillColor=colour
            )
        elif mark.kind == "dot":
            shape = Circle(*flat, factor * mark.width, fillColor=colour, strokeColor=white, strokeWidth=0.3)
        elif mark.kind == "area":
            faint = Color(colour.red, colour.green, colour.blue, alpha=mark.opacity)
            shape = Polygon(flat, fillColor=faint, strokeColor=None)
        else:
            dashes = [2, 1.5] if mark.dashed else None
            shape = PolyLine(
                flat, strokeColor=colour, strokeWidth=factor * mark.width, strokeDashArray=dashes
            )
        drawing.add(shape)
    return drawing


def grid(drawn: Sequence[Flowable], columns: int, width: float) -> Table:
    """Return drawings in rows."""
    cells: list[Flowable | str] = [*drawn, *[""] * (-len(drawn) % columns)]
    rows = [cells[n : n + columns] for n in range(0, len(cells), columns)]
    padding = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT")]
    return Table(rows, colWidths=[width / columns] * columns, style=padding)


def pairs_table(pairs: Sequence[tuple[str, str]], width: float) -> Table:
    """Return names with their values."""
    rows = [(text(name, "cell"), text(value, "cell")) for name, value in pairs]
    style = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 0)]
    return Table(
        rows, colWidths=[0.42 * width, 0.55 * width], style=[*style, ("VALIGN", (0, 0), (-1, -1), "TOP")]
    )
