"""How a time is written in the name of a file."""

from __future__ import annotations

from decimal import Decimal


def month_label(months: float) -> str:
    """Write months so that names sort by time and different times get different names.

    Parameters
    ----------
    months : float
        Time since the baseline, in months; finite and not negative.

    Returns
    -------
    str
        At least three digits before the point and at least one after it.

    Examples
    --------
    >>> month_label(24), month_label(13.25), month_label(1200)
    ('024.0', '013.25', '1200.0')
    """
    digits = format(Decimal(repr(abs(float(months)))), "f")
    whole, _, fraction = digits.partition(".")
    return f"{whole:0>3}.{fraction or '0'}"
