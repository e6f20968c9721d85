"""The group level of `bids`: what is asked for, progress, and what was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from LongitudinalINRLib.cli.options import month_list
from LongitudinalINRLib.cli.outcome import print_json, print_line, print_warning
from LongitudinalINRLib.jobs.sharing import usable_cores
from LongitudinalINRLib.jobs.signals import asked_to_stop
from LongitudinalINRLib.plain_text import one_line

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.folder import CohortFolder
    from LongitudinalINRLib.cohort.group.level import LevelOptions

Harmonise = Literal["none", "combat"]


def group_options(
    participants: Path | None,
    columns: tuple[str | None, str | None, str | None, str | None],
    reference: str | None,
    harmonise: Harmonise,
    published: Path | None,
    maps: bool,
    maps_at: str | None,
    permutations: int,
    jobs: int | None,
) -> LevelOptions:
    """Return what the group level is to do, from what was given.

    Parameters
    ----------
    participants, published : Path or None
        See `LevelOptions`.
    columns : tuple of str or None
        Of the group, the age, the sex and the site.
    reference, harmonise
        See `GroupOptions`.
    maps : bool
        Whether to make maps.
    maps_at : str or None
        Their months, apart by commas.
    permutations, jobs : int
        Of the tests at voxels, and how many at once; None: as many as there are cores.
    """
    from LongitudinalINRLib.cohort.group.level import LevelOptions
    from LongitudinalINRLib.cohort.maps.options import MapOptions
    from LongitudinalINRLib.cohort.participants import Columns
    from LongitudinalINRLib.cohort.statistics.options import GroupOptions

    months = month_list(maps_at, "--maps-at") if maps_at else None
    map_options = MapOptions(months=months, permutations=permutations, jobs=jobs or usable_cores())
    return LevelOptions(
        GroupOptions(columns=Columns(*columns), reference=reference, harmonise=harmonise),
        map_options if maps else None,
        participants,
        published,
    )


def compare_groups(cohort: CohortFolder, bids_dir: Path, options: LevelOptions, as_json: bool) -> None:
    """Do the group level, and say what it found and where."""
    from LongitudinalINRLib.cohort.group.level import run_group

    columns = (TextColumn("{task.description:<40}"), BarColumn(), TaskProgressColumn())
    console = Console(quiet=as_json)
    with (
        asked_to_stop() as stopped,
        Progress(*columns, console=console, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("", total=1.0)
        level = run_group(
            cohort,
            bids_dir,
            options,
            lambda share, text: bar.update(task, completed=share, description=text),
            stopped,
        )
    if as_json:
        figure = None if level.figure is None else str(level.figure)
        print_json(
            {
                "page": str(level.page),
                "tables": str(cohort.group),
                "figure": figure,
                "groups": list(level.statistics.groups),
                "people": sum(person.status == "used" for person in level.statistics.people),
                "excluded": level.statistics.exclusions,
                "answer": list(level.answer),
                "notes": list(level.notes),
            }
        )
        return
    for note in level.notes:
        print_warning(note)
    for sentence in level.answer:
        print_line(one_line(sentence))
    for reason, count in level.statistics.exclusions.items():
        print_line(f"Not counted: {count}, {one_line(reason)}")
    print_line(f"Tables: {one_line(str(cohort.group))}")
    if level.figure is not None:
        print_line(f"Figure: {one_line(str(level.figure))}")
    print_line(f"Page: {one_line(str(level.page))}")
