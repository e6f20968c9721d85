"""Displacement at any month from fields that were found pair by pair."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.accuracy.peers.pair import Displacement


def displacement_at(fields: Mapping[float, Displacement], months: float) -> Displacement:
    """Interpolate fields linearly in time; beyond the last the line through the last two goes on.

    Parameters
    ----------
    fields : mapping of float to ndarray, shape (..., 3)
        Displacement at each follow-up, by months since baseline, all above 0; at month 0 it is 0.
    months : float
        When; 0 or later.
    """
    known = [0.0, *sorted(fields)]
    stop = next((index for index, month in enumerate(known) if index and month >= months), len(known) - 1)
    before, after = known[stop - 1], known[stop]
    share = (months - before) / (after - before)
    if before == 0.0:
        return fields[after] * share
    return fields[before] * (1.0 - share) + fields[after] * share
