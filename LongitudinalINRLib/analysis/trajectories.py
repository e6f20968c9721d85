"""The course of every region from the baseline on, for ``trajectories.csv``."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from LongitudinalINRLib.analysis.curves import RegionCurves
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.tables import read_table, write_table
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.plain_text import one_line
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


def read_trajectories(path: Path) -> list[TrajectoryPoint]:
    """Read a table that `write_trajectories` wrote.

    Raises
    ------
    InputError
        It is no such table.
    OSError
        It cannot be read.
    """
    kinds = typing.get_type_hints(TrajectoryPoint)
    plain = {field.name: kinds[field.name] for field in fields(TrajectoryPoint) if field.name != "kind"}
    try:
        return [
            TrajectoryPoint(
                kind=typing.cast(TimeKind, cells["kind"]),
                **{name: make(cells[name]) for name, make in plain.items()},
            )
            for cells in read_table(path)
        ]
    except (KeyError, ValueError) as error:
        raise InputError(
            "table-damaged",
            f"The table {path.name} is not one of courses.",
            expected="the trajectories.csv that a fit wrote",
            found=one_line(str(error)),
            advice="Finish the job with: resume; or run the fit again.",
        ) from error
