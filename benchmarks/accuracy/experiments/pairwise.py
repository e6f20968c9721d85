"""All scans fitted together, against every follow-up registered to the baseline on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.arrays import write_arrays
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.maps import OnGrid, found_percent
from benchmarks.accuracy.experiments.measures import errors
from benchmarks.accuracy.experiments.slices import Cell, Scale, draw_sheet, plane_through, saved_picture
from benchmarks.accuracy.experiments.structures import LATERAL_VENTRICLES
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Values
from LongitudinalINRLib.analysis.scores import sample_weights
from LongitudinalINRLib.imaging.volume import Volume

OWN = SubjectSpec("pairwise", "two scans a month apart", 131, months=(0.0, 13.0, 14.0, 24.0))
PEER = "ANTs SyN default"
NOTICED_POINTS = 1.0
"""Smaller changes are not counted as expansion or contraction."""


class JacobianMaps(Protocol):
    """Whatever tells |J| at points."""

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at baseline points (N, 3) in RAS mm."""


@dataclass(frozen=True, eq=False)
class EachAlone:
    """Fits of single pairs, each asked about its own month."""

    by_month: Mapping[float, JacobianMaps]

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| of that month's pair."""
        return self.by_month[months].jacobian(points_mm, months)


def run(setting: Setting) -> Numbers:
    """Compare the methods, and the truth where it is known."""
    rows = []
    for person in setting.who(OWN):
        subject = setting.prepared(person)
        for name, method in methods(setting, subject).items():
            rows.append(
                {
                    "subject": person.name,
                    "method": name,
                    **_consistency(subject, method),
                    **errors(subject, method, subject.follow_up_months),  # type: ignore[arg-type]
                }
            )
    return {"rows": rows}


def methods(setting: Setting, subject: Prepared) -> dict[str, JacobianMaps]:
    """Return what is compared: the truth if known, both ways to fit, and a peer if it is installed."""
    months = subject.follow_up_months
    alone = {month: setting.fitted(subject, f"pair-{month:g}", (month,)) for month in months}
    compared: dict[str, JacobianMaps] = {}
    if subject.jacobians:
        compared["truth"] = OnGrid(subject.jacobians)
    compared["all scans together"] = setting.fitted(subject, "observed", months)
    compared["each pair alone"] = EachAlone(alone)
    peer = _peer_maps(subject, setting.output / "peers")
    if peer is not None:
        compared["ANTs, each pair"] = OnGrid(peer)
    return compared


def _peer_maps(subject: Prepared, folder: Path) -> dict[float, Volume] | None:
    """Return the |J| maps of the peer, kept in the folder, or None where it is not installed."""
    maps = {}
    for month in subject.follow_up_months:
        file = folder / f"{subject.name}-{month:g}-{PEER.lower().replace(' ', '-')}-jacobian.npz"
        if not file.exists():
            try:
                jacobian = _peer_jacobian(subject, month)
            except ImportError as error:
                print(f"{PEER} is left out, because it is not installed: {error}")
                return None
            write_arrays({"jacobian": jacobian}, file)
        with np.load(file) as kept:
            maps[month] = subject.mask.with_array(kept["jacobian"])
    return maps


def _peer_jacobian(subject: Prepared, month: float) -> NDArray[np.float32]:
    from benchmarks.accuracy.peer_runs import pair_of
    from benchmarks.accuracy.peers.jacobian import jacobian_determinant
    from benchmarks.accuracy.peers.registry import PEERS

    return jacobian_determinant(PEERS[PEER](pair_of(subject, month)), subject.mask.affine)


def _consistency(subject: Prepared, method: JacobianMaps) -> dict[str, float]:
    """Return how the maps of one method get on with each other; shares in percent of the brain."""
    points_mm = subject.regions.points_mm(subject.sample)
    weights = sample_weights(subject.regions, subject.sample)
    first, second = closest(subject)
    at = {month: method.jacobian(points_mm, month) for month in subject.follow_up_months}
    change = {month: 100.0 * (jacobian - 1.0) for month, jacobian in at.items()}
    opposed = change[first] * change[second] < 0
    noticed = np.minimum(np.abs(change[first]), np.abs(change[second])) > NOTICED_POINTS
    steps = np.diff([np.zeros(len(points_mm)), *change.values()], axis=0)
    there_and_back = (steps.max(0) > NOTICED_POINTS) & (steps.min(0) < -NOTICED_POINTS)
    folded = np.min(list(at.values()), axis=0) <= 0

    def percent(where: NDArray[np.bool_]) -> float:
        return float(100.0 * np.average(where, weights=weights))

    difference = change[second] - change[first]
    between = f"months {first:g} and {second:g}"
    return {
        f"difference of {between} (points)": float(np.sqrt(np.average(difference**2, weights=weights))),
        f"opposite sign at {between} (%)": percent(opposed),
        "the same, both over 1 point (%)": percent(opposed & noticed),
        "grows and shrinks by over 1 point (%)": percent(there_and_back),
        "folded (%)": percent(folded),
    }


def closest(subject: Prepared) -> tuple[float, float]:
    """Return the two follow-ups that lie closest together in time."""
    return min(pairwise(subject.follow_up_months), key=lambda pair: pair[1] - pair[0])


CHANGE = Scale("volume change since the baseline", "%", 10.0)
DIFFERENCE = Scale("difference", "percentage points", 5.0)


def draw(numbers: Numbers, setting: Setting, folder: Path) -> list[Path]:
    """Draw the maps of the two scans closest in time, and their difference."""
    del numbers
    subject = setting.prepared(setting.who(OWN)[0])
    compared = methods(setting, subject)
    plane = plane_through(subject, "axial", LATERAL_VENTRICLES)
    first, second = closest(subject)
    maps = {
        month: [found_percent(subject, method, plane, month) for method in compared.values()]  # type: ignore[arg-type]
        for month in (first, second)
    }
    rows = [[Cell(plane, values, CHANGE) for values in maps[month]] for month in (first, second)]
    rows.append([Cell(plane, b - a, DIFFERENCE) for a, b in zip(maps[first], maps[second], strict=True)])
    names = [f"month {first:g}", f"month {second:g}", f"{second:g} − {first:g}"]
    figure = draw_sheet(subject, rows, list(compared), names)
    return [saved_picture(figure, folder / "pairwise.png")]


PAIRWISE = Experiment("pairwise", "all scans together against each pair on its own", run, draw)
