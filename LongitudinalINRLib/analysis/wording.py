"""How numbers and times read in the report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

MINUS = "−"
NOT_DEFINED = "–"

LOWEST_CENTILES, HIGHEST_CENTILES = (1.0, 2.5, 5.0), (95.0, 97.5, 99.0)
"""The farthest that norms know, by the number of their people: exactly these stand for all beyond them."""


def signed(value: float | None, digits: int = 1) -> str:
    """Return a number with its sign; what rounds to zero reads as plain zero, what is undefined as a dash.

    Examples
    --------
    >>> signed(3.14159), signed(-0.04), signed(-2.5), signed(None)
    ('+3.1', '0.0', '−2.5', '–')
    """
    if value is None or math.isnan(value):
        return NOT_DEFINED
    if is_still(value, digits):
        return f"{0:.{digits}f}"
    return f"{value:+.{digits}f}".replace("-", MINUS)


def is_still(value: float | None, digits: int = 1) -> bool:
    """Tell whether a change rounds to zero."""
    return value is not None and round(value, digits) == 0


def share(value: float | None) -> str:
    """Return a share of 1 in percent: ``0.87`` reads ``87 %``."""
    return NOT_DEFINED if value is None or math.isnan(value) else f"{100 * value:.0f} %"


def unbroken(text: str) -> str:
    """Return a sentence whose numbers stay with their errors and their unit on one line."""
    return text.replace(" ± ", "\u00a0±\u00a0").replace(" %", "\u00a0%")


def grouped(count: int) -> str:
    """Return a count with its thousands set apart."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def month_text(months: float) -> str:
    """Return a time for people: ``24.0`` reads ``month 24``."""
    return f"month {months:.6g}"


def duration(seconds: float) -> str:
    """Return a duration for people: seconds under two minutes, else minutes."""
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def flattened(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the entries of nested settings as lines: ``weights.alpha``, ``20``."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def centile_text(centile: float | None, low: float | None = None, high: float | None = None) -> str:
    """Return a centile among healthy people, with those of both ends of its interval.

    Examples
    --------
    >>> centile_text(12.3, 5.0, 31.0), centile_text(97.5, 97.5, 97.5), centile_text(None)
    ('12 (5 or less to 31)', '97.5 or more', '–')
    """
    if centile is None:
        return NOT_DEFINED
    text = _one_centile(centile)
    ends = [_one_centile(end) for end in (low, high) if end is not None]
    return f"{text} ({' to '.join(ends)})" if set(ends) - {text} else text


def _one_centile(centile: float) -> str:
    if centile in LOWEST_CENTILES:
        return f"{centile:g} or less"
    return f"{centile:g} or more" if centile in HIGHEST_CENTILES else f"{centile:.0f}"
