"""What many people cost: core-hours, storage, files and the work of a scheduler, from measured figures.

Run ``python -m benchmarks.cohort.scale --people 100000``; ``--measured FILE`` reads other figures, and any of
them can be given as an option (``--seconds-a-person 300``).
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")
ARRAY_TASKS = 1001
"""Slurm's default MaxArraySize: that many tasks at most in one array."""

SLURM_JOBS = 10_000
"""Slurm's default MaxJobCount."""

FILES_IN_MOST_QUOTAS = 1_000_000
MOST_MEMORY_MB = 500.0
COMFORTABLE_SECONDS = 600.0
PATIENT_HOURS = 24.0


@dataclass(frozen=True)
class Measured:
    """Figures that were measured, and where.

    Parameters
    ----------
    seconds_a_person : float
        Of one core.
    kilobytes_a_person : float
        Left in OUT with `--keep model`.
    maps_kilobytes_a_person : float
        Left with `--keep all`.
    files_a_person : float
        Left in OUT, folders not counted.
    input_megabytes_a_person : float
        Scans that are read.
    index_seconds_a_thousand : float
        Of the index of the BIDS folder, for a thousand people.
    scheduler_megabytes_a_thousand : float
        By which the scheduler grows with a thousand queued people.
    scheduler_base_megabytes : float
        Of the scheduler without any.
    group_seconds_a_thousand : float
        Of tables and statistics, for a thousand people.
    map_seconds_a_person : float
        Of one core, for a person's change in the template.
    """

    seconds_a_person: float
    kilobytes_a_person: float
    maps_kilobytes_a_person: float
    files_a_person: float
    input_megabytes_a_person: float
    index_seconds_a_thousand: float
    scheduler_megabytes_a_thousand: float
    scheduler_base_megabytes: float
    group_seconds_a_thousand: float
    map_seconds_a_person: float


@dataclass(frozen=True)
class Line:
    """One thing that many people cost.

    Parameters
    ----------
    what : str
    cost : str
        With its unit.
    share_of_limit : float
        1 is where it breaks; 0 where there is no limit but patience or money.
    limit : str
    """

    what: str
    cost: str
    share_of_limit: float
    limit: str


def read_measured(path: Path) -> Measured:
    """Read figures: each a `value`, and `measured`, which says where it is from."""
    figures = json.loads(path.read_text("utf-8"))
    return Measured(**{name: float(figure["value"]) for name, figure in figures.items()})


def costs(measured: Measured, people: int, cores: int, people_a_task: int) -> list[Line]:
    """Compute what people cost on so many cores, packed into so many tasks of an array."""
    hours = people * measured.seconds_a_person / 3600.0
    files = people * measured.files_a_person
    tasks = math.ceil(people / people_a_task)
    arrays = math.ceil(tasks / ARRAY_TASKS)
    index = people / 1000.0 * measured.index_seconds_a_thousand
    memory = measured.scheduler_base_megabytes + people / 1000.0 * measured.scheduler_megabytes_a_thousand
    task_hours = people_a_task * measured.seconds_a_person / 3600.0
    lean, whole = (
        people * size / 1e6 for size in (measured.kilobytes_a_person, measured.maps_kilobytes_a_person)
    )
    map_hours = people * measured.map_seconds_a_person / 3600.0
    return [
        Line("compute", f"{hours:,.0f} core-hours; {hours / cores / 24:,.1f} days on {cores} cores", 0.0, ""),
        Line("input", f"{people * measured.input_megabytes_a_person / 1e6:,.2f} TB read once", 0.0, ""),
        Line("storage, --keep model", f"{lean:,.0f} GB", 0.0, ""),
        Line("storage, --keep all", f"{whole / 1000:,.2f} TB", 0.0, ""),
        Line(
            "files",
            f"{files:,.0f}",
            files / FILES_IN_MOST_QUOTAS,
            f"{FILES_IN_MOST_QUOTAS:,} of a usual quota",
        ),
        Line(
            "index",
            f"{index:,.0f} s",
            index / COMFORTABLE_SECONDS,
            f"{COMFORTABLE_SECONDS:.0f} s of patience",
        ),
        Line(
            "memory of the scheduler",
            f"{memory:,.0f} MB",
            memory / MOST_MEMORY_MB,
            f"{MOST_MEMORY_MB:.0f} MB",
        ),
        Line(
            "tasks of Slurm arrays",
            f"{tasks:,} in {arrays} arrays",
            tasks / SLURM_JOBS,
            f"{SLURM_JOBS:,} jobs",
        ),
        Line(
            "a task",
            f"{task_hours:.1f} h for {people_a_task} people",
            task_hours / 24.0,
            "24 h of a usual queue",
        ),
        Line(
            "tables and statistics of groups, one core",
            f"{people / 1000.0 * measured.group_seconds_a_thousand / 60.0:,.0f} min",
            0.0,
            "",
        ),
        Line(
            "maps of groups, one core",
            f"{map_hours:,.1f} h",
            map_hours / PATIENT_HOURS,
            f"{PATIENT_HOURS:.0f} h of patience",
        ),
    ]


def as_text(lines: list[Line]) -> str:
    """Return the costs as a Markdown table, and what breaks first."""
    rows = ["| what | cost | share of its limit |", "| --- | --- | --- |"]
    rows += [
        f"| {line.what} | {line.cost} | "
        + (
            f"{100 * line.share_of_limit:.0f} % of {line.limit} |"
            if line.share_of_limit
            else "no limit of its own |"
        )
        for line in lines
    ]
    first = max(lines, key=lambda line: line.share_of_limit)
    verdict = "It breaks" if first.share_of_limit > 1 else "It would break"
    return "\n".join([*rows, "", f"{verdict} first at: {first.what} ({first.cost}; {first.limit})."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--cores", type=int, default=1000)
    parser.add_argument("--people-a-task", type=int, default=50)
    parser.add_argument("--measured", type=Path, default=MEASURED)
    for field in fields(Measured):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float)
    asked = parser.parse_args()
    measured = read_measured(asked.measured)
    given = {f.name: getattr(asked, f.name) for f in fields(Measured) if getattr(asked, f.name) is not None}
    measured = replace(measured, **given)
    print(json.dumps(asdict(measured), indent=2))
    print(as_text(costs(measured, asked.people, asked.cores, asked.people_a_task)))


if __name__ == "__main__":
    main()
