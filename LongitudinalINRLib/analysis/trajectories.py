"""The course of every region from the baseline on, for ``trajectories.csv``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.analysis.curves import RegionCurves
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.tables import write_table
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.words import TimeKind


@dataclass(frozen=True)
class TrajectoryPoint:
    """One region at one month of its course, from a sample of its voxels; fields as in `RegionRow`."""

    region: str
    label: int
    months: float
    kind: TimeKind
    mean_jacobian: float
    volume_change_percent: float
    rate_percent_per_year: float
    volume_ml: float


def trajectory_points(
    regions: RegionSet, names: Mapping[int, str], curves: RegionCurves, kind: Callable[[float], TimeKind]
) -> list[TrajectoryPoint]:
    """Return the curves as rows, region by region, months ascending."""
    baseline_ml = regions.counts * regions.grid.voxel_volume_ml
    return [
        TrajectoryPoint(
            region=names[label],
            label=label,
            months=month,
            kind=kind(month),
            mean_jacobian=float(curves.mean_jacobian[t, r]),
            volume_change_percent=float(100.0 * (curves.mean_jacobian[t, r] - 1.0)),
            rate_percent_per_year=float(1200.0 * curves.mean_rate[t, r]),
            volume_ml=float(baseline_ml[r] * curves.mean_jacobian[t, r]),
        )
        for r, label in enumerate(regions.labels)
        for t, month in enumerate(curves.months)
    ]


def write_trajectories(points: Sequence[TrajectoryPoint], path: Path, place: Place = writing) -> None:
    """Write ``trajectories.csv``; `place` as for `tables.write_table`."""
    write_table(points, TrajectoryPoint, path, place)
