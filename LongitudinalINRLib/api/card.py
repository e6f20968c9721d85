"""What a result says first, as a card for notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from LongitudinalINRLib.analysis.answer import answer_of, scan_times, scans_text
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.wording import month_text

_CARD = "border:1px solid #8888;border-radius:6px;padding:0.8em 1em;max-width:62em"


def sentences(rows: Sequence[RegionRow]) -> list[str]:
    """Return what a report answers first: which regions changed, which did not, then the wholes."""
    answer = answer_of(rows)
    return [] if answer is None else [answer.changed, answer.unchanged, *answer.wholes]


def card_html(
    rows: Sequence[RegionRow],
    months: Sequence[float],
    dates: Mapping[float, date],
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
        Its scans, the baseline's 0 first.
    dates : mapping of float to date
        Of the scans by month, where they are known.
    warnings : sequence of str
        What to know before the numbers are used.
    picture : str, optional
        Source of an HTML image.
    folder : str
        Name of its folder, without those above it: a path can carry a person's name.
    """
    parts = [f"<p>{scans_text(scan_times(months, dates))} <code>{escape(folder)}</code></p>"]
    parts += [f"<p>{escape(text)}</p>" for text in sentences(rows)]
    if picture:
        alt = f"Volume change at {month_text(months[-1])} over the baseline: red has grown, blue has shrunk"
        parts.append(f'<img src="{picture}" alt="{alt}" style="max-width:100%">')
    if warnings:
        items = "".join(f"<li>{escape(text)}</li>" for text in warnings)
        parts.append(f"<details open><summary>Warnings</summary><ul>{items}</ul></details>")
    parts.append("<p><small>Research use only, not a medical device.</small></p>")
    return f'<div style="{_CARD}">{"".join(parts)}</div>'
