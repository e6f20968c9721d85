"""Which series of each visit is compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from LongitudinalINRModule.scans.original_scans import OriginalScan

_T1_WEIGHTED = re.compile(r"\bs?t1|\bmp ?2?rage|spgr|bravo")
_LESS_LIKELY = re.compile(
    r"\bgad|\bgd\b|\bpost|contrast|\+ ?c\b|\bce\b"
    r"|\binv ?[12]\b|\bmap\b|\bt1 images\b|\bmip\b|\bsub\b|local|scout"
)
_LEAST_VISITS = 2


def one_of_each_visit(visits: Sequence[Sequence[OriginalScan]]) -> list[OriginalScan]:
    """Return one scan of each visit, of the same kind wherever that can be.

    Where at least two visits have a T1-weighted series, by its description or protocol (T1, MPRAGE, SPGR,
    BRAVO), T1-weighted series are taken, and visits without one are left out. Of several, these come first:
    those without contrast agent and that are no map or localizer; then those whose description is found at
    most of the visits; then those of most voxels; then the first in the scene.

    Parameters
    ----------
    visits : sequence of sequence of OriginalScan
        Of one person and one modality, in the order of time.
    """
    weighted = [[scan for scan in visit if _T1_WEIGHTED.search(scan.series)] for visit in visits]
    chosen = [visit for visit in weighted if visit]
    candidates = chosen if len(chosen) >= _LEAST_VISITS else visits
    spread = Counter(series for visit in candidates for series in {scan.series for scan in visit})

    def order(scan: OriginalScan) -> tuple[bool, int, int]:
        return bool(_LESS_LIKELY.search(scan.series)), -spread[scan.series], -scan.voxels

    return [min(visit, key=order) for visit in candidates]
