"""What jumps while the map moves: follow-ups and deformation, which are shown as they were stored."""

from __future__ import annotations

from LongitudinalINRLib.words import MAPS_OF_SCANS, SAME_MONTH
from LongitudinalINRModule.mrml.sequences import months_of
from LongitudinalINRModule.result.result import SceneResult


def stored_months(result: SceneResult, months: float) -> dict[str, float]:
    """Return the month that each map shows which is not interpolated: the latest stored one.

    Returns
    -------
    dict of str to float
        By the map's name; follow-ups are at month 0 before the first of them, which is the baseline.
    """
    shown = {}
    for name in (*MAPS_OF_SCANS, "displacement"):
        if name in result.maps:
            stored = months_of(result.sequence(name))
            shown[name] = max((month for month in stored if month <= months + SAME_MONTH), default=stored[0])
    return shown


def describe_stored(result: SceneResult, months: float) -> str:
    """Tell in a line which months they are of; empty where the result has none of them."""
    shown = stored_months(result, months)
    parts = []
    scans = {shown[name] for name in MAPS_OF_SCANS if name in shown}
    if scans:
        month = max(scans)
        parts.append(f"follow-up of month {month:.4g}" if month > 0 else "no follow-up yet")
    if "displacement" in shown:
        parts.append(f"deformation of month {shown['displacement']:.4g}")
    return f"Not interpolated, the latest by then: {', '.join(parts)}." if parts else ""
