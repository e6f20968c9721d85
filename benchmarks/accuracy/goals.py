"""What was asked of `standard` on people and physics that no setting saw, beside what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.columns import REGION_ERROR, RMSE, SLOPE, WORST_REGION, Column
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import table, with_worst


@dataclass(frozen=True)
class Goal:
    """A figure that was asked for, at the months that were fitted.

    Parameters
    ----------
    physics : str
        Of the subjects that count.
    changing : bool
        Whether it is those that change.
    column : Column
        The measure.
    asked : str
        What was asked.
    """

    physics: str
    changing: bool
    column: Column
    asked: str


GOALS = (
    Goal("sharp", True, REGION_ERROR, "0.5"),
    Goal("sharp", True, SLOPE, "0.95"),
    Goal("smooth", True, REGION_ERROR, "0.35"),
    Goal("smooth", True, RMSE, "0.007"),
    Goal("smooth", True, SLOPE, "0.98"),
    Goal("combined", True, REGION_ERROR, "0.5"),
    Goal("combined", True, RMSE, "0.012"),
    Goal("slices", True, REGION_ERROR, "0.6"),
    Goal("matched", False, WORST_REGION, "no more than today: 0.2"),
    Goal("scale", False, WORST_REGION, "inside its interval (see coverage)"),
    Goal("blur", False, WORST_REGION, "0.3"),
    Goal("contrast", False, WORST_REGION, "0.8, or a warning that names the scan"),
    Goal("motion", False, WORST_REGION, "0.8, or a warning that names the scan"),
    Goal("contrast-agent", False, REGION_ERROR, "1"),
    Goal("contrast-agent", False, WORST_REGION, "3"),
)


def reached(rows: Sequence[Row], specs: Sequence[SubjectSpec]) -> str:
    """Return a table of every goal that the rows say something about, 1 and 2 mm apart."""
    known = {spec.name: spec for spec in specs}
    lines = []
    for goal in GOALS:
        for voxel_mm in (1.0, 2.0):
            own = [
                row
                for row in rows
                if (row.method, row.kind) == (OURS, "observed")
                and known[row.subject].physics.name == goal.physics
                and known[row.subject].changes == goal.changing
                and known[row.subject].voxel_mm == voxel_mm
            ]
            if own:
                who = str(len({row.subject for row in own}))
                found = with_worst(goal.column, own)
                lines.append([goal.physics, f"{voxel_mm:g} mm", who, goal.column.name, goal.asked, found])
    head = ["physics", "voxels", "subjects", "measure", "asked", "found: median [95 %]; worst"]
    return table(head, lines)
