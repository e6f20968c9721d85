"""What was done at the group level, as paragraphs for a paper."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.methods_text import methods_text as about_statistics

_MEASURED = (
    f"Volume change was measured with LongitudinalINR {__version__}: for each person one implicit neural "
    "representation of the displacement was fitted to all scans, and its Jacobian determinant at the months "
    "of the follow-ups was averaged over regions."
)


def methods_text(found: GroupStatistics, about_maps: Sequence[str]) -> str:
    """Return paragraphs, apart by blank lines, that say what was done and on what it rests.

    Parameters
    ----------
    found : GroupStatistics
        What was done.
    about_maps : sequence of str
        How the maps were made; empty where none were.
    """
    return "\n\n".join([_MEASURED, about_statistics(found), *about_maps])
