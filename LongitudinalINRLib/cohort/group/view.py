"""What the statistics and maps found, as the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from LongitudinalINRLib.analysis.atlas import display_name
from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder
from LongitudinalINRLib.cohort.group.methods import methods_text
from LongitudinalINRLib.cohort.maps.pictures import group_pictures
from LongitudinalINRLib.cohort.maps.reading import GroupMaps
from LongitudinalINRLib.cohort.report.content import (
    Contrast,
    Count,
    GroupContent,
    GroupCourse,
    GroupMapsView,
    GroupMean,
    MapFrame,
    PersonLine,
    Published,
    SampleSize,
    VisitMean,
)
from LongitudinalINRLib.cohort.statistics import rows
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.trajectories import MODEL
from LongitudinalINRLib.cohort.tables.person_row import QUALITY_COLUMNS, PersonRow

FEWEST_FOR_EFFECT_SIZE = 8
"""People in the smaller group: the spread of fewer is not known well enough to divide by."""

QUALITY_NAMES = {
    "unexplained_share": "unexplained by the fit (share)",
    "implausible_share": "implausible change (share)",
    "detail_ratio": "sharpness (ratio to baseline)",
    "grain_ratio": "noise (ratio to baseline)",
    "curved_share": "other contrast (share)",
    "alignment_similarity": "similarity (aligned)",
    "folded_share": "folded voxels (share)",
    "brain_ml": "brain mask (mL)",
}


def content_of(
    cohort: CohortFolder,
    found: GroupStatistics,
    published: Sequence[rows.PublishedRow],
    maps: GroupMapsView | None,
    about_maps: tuple[str, ...],
    notes: tuple[str, ...],
    title: str,
    made_on: date,
    doubtful: frozenset[str] = frozenset(),
) -> GroupContent:
    """Return what the page shows.

    Parameters
    ----------
    cohort : CohortFolder
        Holds the people's pages.
    found : GroupStatistics
        The tables.
    published : sequence of PublishedRow
        Beside a published table; empty for none.
    maps : GroupMapsView, optional
        Pictures of the maps.
    about_maps : tuple of str
        How they were made.
    notes : tuple of str
        What to say beside the notes of the statistics.
    title : str
        Of the dataset.
    made_on : date
        When the page is made.
    doubtful : frozenset of str
        Regions, as people read them, that are not to be trusted (see `resolution`).
    """
    sizes = {(row.region, row.group): row.people for row in found.group_changes}
    used = [person.last_months for person in found.people if person.status == "used" and person.last_months]
    return GroupContent(
        title=title,
        groups=found.groups,
        trial=found.options.trial,
        means=[
            GroupMean(_name(row), row.group, row.people, row.percent_per_year, row.low, row.high)
            for row in found.group_changes
        ],
        contrasts=[_contrast(row, sizes) for row in found.effects],
        courses=_courses(found.trajectories),
        visits=[
            VisitMean(_name(row), row.group, row.months, row.percent, row.people)
            for row in found.trajectories
            if row.kind != MODEL
        ],
        sample_sizes=_sample_sizes(found.sample_sizes),
        people=[_person(cohort, person) for person in found.people],
        months=(min(used, default=0.0), max(used, default=0.0)),
        methods=methods_text(cohort, found, about_maps),
        notes=(*notes, *found.notes),
        made_on=made_on,
        maps=maps,
        published=[_published(row) for row in published],
        doubtful=doubtful & {_name(row) for row in found.group_changes},
    )


def maps_view(maps: GroupMaps) -> GroupMapsView:
    """Return the pictures of maps, with their caption."""
    pictures = group_pictures(maps)
    frames = [MapFrame(frame.months, frame.kind, frame.jpeg) for frame in pictures.frames]
    return GroupMapsView(frames, pictures.start, pictures.description, pictures.tests)


def _name(row: rows.GroupChange | rows.Effect | rows.SampleSize | rows.TrajectoryPoint) -> str:
    return display_name(row.label, row.region)


def _contrast(row: rows.Effect, sizes: Mapping[tuple[str, str], int]) -> Contrast:
    fewest = min(sizes[row.region, row.group], sizes[row.region, row.reference])
    return Contrast(
        _name(row),
        row.group,
        row.reference,
        row.difference_percent_per_year,
        row.low,
        row.high,
        row.p,
        row.q,
        row.effect_size if fewest >= FEWEST_FOR_EFFECT_SIZE else None,
        row.method,
    )


def _courses(points: Iterable[rows.TrajectoryPoint]) -> list[GroupCourse]:
    lines: dict[tuple[str, str], list[rows.TrajectoryPoint]] = defaultdict(list)
    for point in points:
        if point.kind == MODEL:
            lines[_name(point), point.group].append(point)
    return [
        GroupCourse(
            region,
            group,
            tuple(point.months for point in line),
            tuple(point.percent for point in line),
            tuple(point.low for point in line),
            tuple(point.high for point in line),
        )
        for (region, group), line in lines.items()
    ]


def _sample_sizes(found: Iterable[rows.SampleSize]) -> list[SampleSize]:
    counts: dict[tuple[str, str], dict[str, Count | None]] = defaultdict(dict)
    for row in found:
        number = row.people_per_arm
        counts[_name(row), row.group][row.decline] = None if number is None else (number, row.low, row.high)
    return [
        SampleSize(region, group, of.get("total"), of.get("excess"))
        for (region, group), of in counts.items()
        if any(of.values())
    ]


def _person(cohort: CohortFolder, row: PersonRow) -> PersonLine:
    label = row.participant_id.removeprefix(PREFIX)
    page = cohort.page(label)
    known = {name: getattr(row, name) for name in QUALITY_COLUMNS}
    return PersonLine(
        label,
        row.group or "",
        "" if row.status == "used" else row.reason or row.status,
        page.name if page.exists() else None,
        tuple(filter(None, row.warning_text.splitlines())),
        {QUALITY_NAMES[name]: float(value) for name, value in known.items() if value is not None},
        tuple(QUALITY_NAMES[name] for name in row.outlying.split()),
    )


def _published(row: rows.PublishedRow) -> Published:
    number = row.percent_per_year
    here = None if number is None or row.low is None or row.high is None else (number, row.low, row.high)
    return Published(row.region, row.group, row.published, here)
