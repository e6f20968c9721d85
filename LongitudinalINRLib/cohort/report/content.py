"""What the page of the groups shows, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from LongitudinalINRLib.cohort.statistics.options import Trial

Count = tuple[float, float | None, float | None]
"""A number of people, and the ends of its interval where they are known."""


@dataclass(frozen=True)
class GroupMean:
    """The mean annual change of a group in a region, percent a year, with its 95 % interval."""

    region: str
    group: str
    people: int
    percent_per_year: float
    low: float
    high: float


@dataclass(frozen=True)
class Contrast:
    """What one group changes more than another in a region.

    Parameters
    ----------
    region, group, reference : str
        The difference is that of ``group`` minus that of ``reference``.
    points_per_year : float
        Percentage points a year.
    low, high : float
        Its 95 % interval.
    p, q : float
        Two-sided; ``q`` after the false discovery rate over regions.
    effect_size : float or None
        Cohen's d; None where there are too few people for one.
    method : str
        How it was found.
    """

    region: str
    group: str
    reference: str
    points_per_year: float
    low: float
    high: float
    p: float
    q: float
    effect_size: float | None
    method: str = ""

    @property
    def clearness(self) -> float:
        """How far from none the difference is, in widths of its interval."""
        width = self.high - self.low
        return abs(self.points_per_year) / width if width > 0 else 0.0


@dataclass(frozen=True)
class GroupCourse:
    """The mean change of a group over time in a region; percent since the baseline, with a 95 % band."""

    region: str
    group: str
    months: tuple[float, ...]
    percent: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class VisitMean:
    """The mean of what was observed about one month, percent since the baseline."""

    region: str
    group: str
    months: float
    percent: float
    people: int


@dataclass(frozen=True)
class SampleSize:
    """People an arm that a trial needs in a region, with their 95 % interval.

    Parameters
    ----------
    region, group : str
        What is measured, in whom.
    total, beyond_ageing : (float, low, high) or None
        To slow all of the change, and what goes beyond the reference group's; None where there is no number.
    """

    region: str
    group: str
    total: Count | None
    beyond_ageing: Count | None


@dataclass(frozen=True)
class Published:
    """A published annual change, and that of this cohort with its interval; None where it has none."""

    region: str
    group: str
    published: float
    here: tuple[float, float, float] | None


@dataclass(frozen=True)
class PersonLine:
    """A person, as the page lists them.

    Parameters
    ----------
    participant, group : str
        Label without ``sub-``.
    excluded : str
        Why the person does not count; empty for one who does.
    page : str or None
        The person's page, relative to that of the groups.
    warnings : tuple of str
        Of the person's result.
    quality : mapping of str to float
        Numbers by name, for the plot of all scans.
    outlying : tuple of str
        Names of the numbers by which the person stands apart.
    """

    participant: str
    group: str
    excluded: str = ""
    page: str | None = None
    warnings: tuple[str, ...] = ()
    quality: Mapping[str, float] = field(default_factory=dict)
    outlying: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapFrame:
    """Mean maps of all groups at one month, as one picture."""

    months: float
    kind: str
    jpeg: bytes


@dataclass(frozen=True)
class GroupMapsView:
    """The pictures of the groups' mean maps.

    Parameters
    ----------
    frames : sequence of MapFrame
        By months, for a slider; the last one observed is shown first.
    start : int
        Which frame that is.
    description : str
        What the picture shows, for its caption.
    tests : sequence of (str, bytes)
        Pictures of voxel statistics (PNG or JPEG), each with its caption.
    """

    frames: Sequence[MapFrame]
    start: int
    description: str
    tests: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class GroupContent:
    """Everything that the page of the groups shows.

    Parameters
    ----------
    title : str
        Of the dataset.
    groups : tuple of str
        The reference first.
    trial : Trial
        What the sample sizes are for.
    means, contrasts, courses, visits, sample_sizes : sequences
        Of all regions, whole brain and tissue among them.
    people : sequence of PersonLine
        Everybody of the dataset.
    months : (float, float)
        Of the last scans: the least and the most.
    methods : str
        Paragraphs for a paper, apart by blank lines.
    notes : tuple of str
        What to read before the numbers.
    made_on : date
    maps : GroupMapsView, optional
    published : sequence of Published
        Of a table that the person gave.
    doubtful : frozenset of str
        Regions that the fits or voxels of this cohort cannot tell from their neighbours.
    """

    title: str
    groups: tuple[str, ...]
    trial: Trial
    means: Sequence[GroupMean]
    contrasts: Sequence[Contrast]
    courses: Sequence[GroupCourse]
    visits: Sequence[VisitMean]
    sample_sizes: Sequence[SampleSize]
    people: Sequence[PersonLine]
    months: tuple[float, float]
    methods: str
    notes: tuple[str, ...]
    made_on: date
    maps: GroupMapsView | None = None
    published: Sequence[Published] = ()
    doubtful: frozenset[str] = frozenset()

    @property
    def counted(self) -> list[PersonLine]:
        """People who count."""
        return [person for person in self.people if not person.excluded]

    @property
    def left_out(self) -> list[PersonLine]:
        """People who do not count."""
        return [person for person in self.people if person.excluded]
