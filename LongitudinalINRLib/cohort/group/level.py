"""The group level of a cohort, from everybody's result to the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from LongitudinalINRLib.cohort.derivatives.shelf import Shelf
from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.group.about_maps import methods_of_maps, notes_about_maps
from LongitudinalINRLib.cohort.group.resolution import resolution_of
from LongitudinalINRLib.cohort.group.view import content_of, maps_view
from LongitudinalINRLib.cohort.maps.build import build_maps
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.report.answer import answer_of
from LongitudinalINRLib.cohort.report.content import GroupMapsView
from LongitudinalINRLib.cohort.report.page import write_group_page
from LongitudinalINRLib.cohort.statistics.analyse import analyse
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.options import GroupOptions
from LongitudinalINRLib.cohort.statistics.writing import compare_with_published
from LongitudinalINRLib.cohort.tables.storage import GroupTables
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder

Tell = Callable[[float, str], None]

SHARE_OF_TABLES, SHARE_OF_MAPS = 0.3, 0.6


@dataclass(frozen=True)
class LevelOptions:
    """What the group level does.

    Parameters
    ----------
    statistics : GroupOptions
        How groups are compared.
    maps : MapOptions or None
        How maps are made; None for none.
    participants : Path, optional
        A table of people in place of the ``participants.tsv`` of the BIDS folder.
    published : Path, optional
        A table of published changes to stand beside those of this cohort.
    """

    statistics: GroupOptions = field(default_factory=GroupOptions)
    maps: MapOptions | None = field(default_factory=MapOptions)
    participants: Path | None = None
    published: Path | None = None


@dataclass(frozen=True)
class GroupLevel:
    """What the group level made.

    Parameters
    ----------
    statistics : GroupStatistics
        The answer in numbers.
    page : Path
        ``group.html``.
    figure : Path or None
        The groups' mean maps over months, where maps were made.
    answer : tuple of str
        What it found, in sentences.
    notes : tuple of str
        What to know about it.
    """

    statistics: GroupStatistics
    page: Path
    figure: Path | None
    answer: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MapsMade:
    """The maps as the page shows them, their figure, how they were made, and what to know about them."""

    view: GroupMapsView | None = None
    figure: Path | None = None
    about: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def run_group(
    cohort: CohortFolder,
    bids_folder: Path,
    options: LevelOptions | None = None,
    tell: Tell = lambda share, text: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> GroupLevel:
    """Make tables, statistics, maps and page of a cohort's groups; killed, the same call makes them whole.

    Parameters
    ----------
    cohort : CohortFolder
        Whose people have been fitted, as many as are done.
    bids_folder : Path
        Holds ``participants.tsv``.
    options : LevelOptions
        What to do.
    tell : callable
        Takes the share that is done, and what is being done.
    should_stop : callable
        Asked between and within the steps.

    Raises
    ------
    InputError
        Nobody can be used, the table of people does not fit, a package is missing, or a file of somebody
        else is where one of ours goes.
    Cancelled
        When `should_stop` said so.
    """
    require(("pandas", "matplotlib"))
    asked = options or LevelOptions()
    kept: list[str] = []
    make_folder(cohort.logs)
    shelf = Shelf(cohort.path, cohort.published, kept.append)
    shelf.manifest.refuse_taken([cohort.group_page])
    tell(0.0, "reading everybody's results")
    found = analyse(cohort, asked.participants or bids_folder, asked.statistics)
    published = compare_with_published(cohort, found, asked.published) if asked.published else []
    tell(SHARE_OF_TABLES, "making maps" if asked.maps else "writing the page")
    made = _maps(cohort, found, asked.maps, tell, should_stop) if asked.maps is not None else MapsMade()
    tell(SHARE_OF_TABLES + SHARE_OF_MAPS, "writing the page")
    fitted = resolution_of(cohort, (person for person in found.people if person.status == "used"))
    content = content_of(
        cohort,
        found,
        published,
        made.view,
        made.about,
        (*fitted.notes, *made.notes),
        _title(bids_folder),
        date.today(),
        fitted.doubtful,
    )
    write_group_page(content, cohort.group_page, shelf.manifest.writing)
    tell(1.0, "done")
    answer = answer_of(content)
    sentences = filter(None, (answer.largest, answer.overall, answer.tissue, answer.people))
    return GroupLevel(found, cohort.group_page, made.figure, tuple(sentences), (*content.notes, *kept))


def _maps(
    cohort: CohortFolder,
    found: GroupStatistics,
    options: MapOptions,
    tell: Tell,
    should_stop: Callable[[], bool],
) -> MapsMade:
    """Make the maps of those who are in the statistics; where nobody can be, say so and go on."""
    import pandas as pd

    from LongitudinalINRLib.cohort.maps.figure import figure_of_groups
    from LongitudinalINRLib.cohort.maps.reading import open_maps

    path, manifest = cohort.group / "figure_of_groups.png", GroupTables(cohort).manifest
    manifest.refuse_taken([path])  # before the work of hours
    people = pd.DataFrame([asdict(person) for person in found.people if person.status == "used"])
    contrasts = options.contrasts or tuple(
        dict.fromkeys((each.group, each.reference) for each in found.effects)
    )
    try:
        build_maps(
            cohort,
            people,
            replace(options, contrasts=contrasts or None),
            lambda share, text: tell(SHARE_OF_TABLES + SHARE_OF_MAPS * share, text),
            should_stop,
        )
    except InputError as error:
        if error.code != "nobody-in-maps":
            raise
        return MapsMade(notes=(f"{error.message} Found: {error.found}.",))
    maps = open_maps(cohort).in_order(found.groups)
    figure = figure_of_groups(maps, path, place=manifest.writing)
    harmonised = found.options.harmonise != "none"
    about, notes = methods_of_maps(maps.note, harmonised), notes_about_maps(maps.note, harmonised)
    return MapsMade(maps_view(maps), figure, about, notes)


def _title(bids_folder: Path) -> str:
    """Return the name of the dataset."""
    try:
        name = json.loads((bids_folder / "dataset_description.json").read_text("utf-8"))["Name"]
    except (OSError, ValueError, KeyError, TypeError):  # the page does without
        return bids_folder.absolute().name
    return str(name)
