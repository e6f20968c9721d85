"""One line of ``changes.parquet``: how a region of a person had changed at a follow-up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from LongitudinalINRLib.analysis.region_row import RegionRow

HALF_WIDTH_SE = 1.6448536269514722
"""Standard errors in the half-width of a 90 % interval: the 95th centile of the normal distribution."""


@dataclass(frozen=True, slots=False)
class ChangeRow:
    """A region at an observed follow-up; the baseline has no row, as nothing has changed there.

    Parameters
    ----------
    participant_id, session : str, str or None
        With ``sub-`` and ``ses-``, as in BIDS.
    months, kind : float, str
        Since the baseline; always ``observed``.
    region, label : str, int
        As in ``regions.csv``.
    baseline_volume_ml : float
        Of the voxels that count.
    log_ratio : float
        Natural logarithm of the volume over that at the baseline.
    log_ratio_low, log_ratio_high : float or None
        Its 90 % interval; None where none is known for the settings of the fit.
    log_ratio_se : float or None
        Its standard error.
    """

    participant_id: str
    session: str | None
    months: float
    kind: str
    region: str
    label: int
    baseline_volume_ml: float
    log_ratio: float
    log_ratio_low: float | None
    log_ratio_high: float | None
    log_ratio_se: float | None


def changes_of(
    participant: str,
    rows: Iterable[RegionRow],
    sessions: Mapping[float, str | None],
    most_folded_share: float,
) -> Iterator[ChangeRow]:
    """Yield what is known of a person's regions at the follow-ups.

    Parameters
    ----------
    participant : str
        Label without ``sub-``.
    rows : iterable of RegionRow
        Of ``regions.csv``, at all months.
    sessions : mapping of float to str or None
        Labels of the scans' sessions, without ``ses-``, by months.
    most_folded_share : float
        A region with a larger share of folded voxels has no volume that can be believed, and no row.
    """
    for row in rows:
        seen = row.kind == "observed" and row.months > 0
        if seen and row.mean_jacobian > 0 and row.folded_voxels <= most_folded_share * row.voxels:
            yield _change(participant, row, _session(row.months, sessions))


def _change(participant: str, row: RegionRow, session: str | None) -> ChangeRow:
    ratio = math.log(row.mean_jacobian)
    half = None
    if row.interval_points is not None and row.interval_points > 0:
        half = row.interval_points / 100 / row.mean_jacobian  # d log J = dJ / J
    return ChangeRow(
        f"sub-{participant}",
        session and f"ses-{session}",
        row.months,
        row.kind,
        row.region,
        row.label,
        row.baseline_volume_ml,
        ratio,
        None if half is None else ratio - half,
        None if half is None else ratio + half,
        None if half is None else half / HALF_WIDTH_SE,
    )


def _session(months: float, sessions: Mapping[float, str | None]) -> str | None:
    """Return the session of a month, which ``regions.csv`` rounds to seven digits."""
    near = min(sessions, key=lambda other: abs(other - months), default=None)
    return sessions[near] if near is not None and math.isclose(near, months, rel_tol=1e-5) else None
