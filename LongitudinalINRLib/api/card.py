"""What a result says first, as a card for notebooks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL, display_name
from LongitudinalINRLib.analysis.findings import Change, changed_text, unchanged_text
from LongitudinalINRLib.analysis.region_row import RegionRow, at_last_scan
from LongitudinalINRLib.analysis.wording import signed

_WHOLES = {TISSUE_LABEL: "Brain tissue", BRAIN_LABEL: "Whole mask, ventricles included"}
_CARD = "border:1px solid #8888;border-radius:6px;padding:0.8em 1em;max-width:62em"


def sentences(rows: Sequence[RegionRow]) -> list[str]:
    """Return what changed at the last scan that has rows: the wholes, then the regions."""
    last = {row.label: row for row in at_last_scan(rows)}
    said = [_whole_text(name, last[label]) for label, name in _WHOLES.items() if label in last]
    changes = [_change(row) for row in last.values() if row.label not in _WHOLES]
    if changes:
        said += [text for text in (changed_text(changes), unchanged_text(changes)) if text]
    return said


def card_html(
    rows: Sequence[RegionRow],
    months: Sequence[float],
    warnings: Sequence[str],
    picture: str | None,
    folder: str,
) -> str:
    """Return the card of a result.

    Parameters
    ----------
    rows : sequence of RegionRow
        Its regions.
    months : sequence of float
        Its scans.
    warnings : sequence of str
        What to know before the numbers are used.
    picture : str, optional
        Source of an HTML image.
    folder : str
        Name of its folder, without those above it: a path can carry a person's name.
    """
    scans = ", ".join(f"{month:g}" for month in months)
    parts = [f"<p>Scans at the months {scans} · <code>{escape(folder)}</code></p>"]
    parts += [f"<p>{escape(text)}</p>" for text in sentences(rows)]
    if picture:
        alt = f"Volume change at month {months[-1]:g} over the baseline: red has grown, blue has shrunk"
        parts.append(f'<img src="{picture}" alt="{alt}" style="max-width:100%">')
    if warnings:
        items = "".join(f"<li>{escape(text)}</li>" for text in warnings)
        parts.append(f"<details open><summary>Warnings</summary><ul>{items}</ul></details>")
    parts.append("<p><small>Research use only, not a medical device.</small></p>")
    return f'<div style="{_CARD}">{"".join(parts)}</div>'


def _whole_text(name: str, row: RegionRow) -> str:
    interval = "" if row.interval_points is None else f" ± {row.interval_points:.1f}"
    change, rate = signed(row.volume_change_percent), signed(row.mean_percent_per_year, 2)
    return f"{name}, month {row.months:g}: {change}{interval} % ({rate} % a year)."


def _change(row: RegionRow) -> Change:
    interval = math.nan if row.interval_points is None else row.interval_points
    return Change(
        display_name(row.label, row.region), row.volume_change_percent, interval, row.baseline_volume_ml
    )
