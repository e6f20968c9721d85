"""The table of regions as a report shows it, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from LongitudinalINRLib.analysis.answer import yearly_text
from LongitudinalINRLib.analysis.atlas import display_name, region_of
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.wording import centile_text
from LongitudinalINRLib.words import TimeKind

SMALLEST_BAR_SCALE_PERCENT = 2.0


@dataclass(frozen=True)
class TableRow:
    """A region as the table shows it; sorted by structure first, so that left and right stand together."""

    row: RegionRow
    name: str
    sort_name: str
    colour: str
    bar_percent: float
    yearly: str
    centile: str


@dataclass(frozen=True)
class MonthTable:
    """The regions at one month."""

    months: float
    kind: TimeKind
    rows: list[TableRow]

    @property
    def has_centiles(self) -> bool:
        """Whether any region was compared with healthy people."""
        return any(line.centile for line in self.rows)


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
        yearly=yearly_text(row),
        centile="" if row.centile is None else centile_text(row.centile, row.centile_low, row.centile_high),
    )
