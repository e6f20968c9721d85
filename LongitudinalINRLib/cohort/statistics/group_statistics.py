"""What the statistics of a cohort are: typed rows for the report, and what should be said about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.cohort.statistics.design import FEWEST_IN_GROUP, Design
from LongitudinalINRLib.cohort.statistics.harmonisation import Harmonised
from LongitudinalINRLib.cohort.statistics.options import GroupOptions
from LongitudinalINRLib.cohort.statistics.region_data import RegionData
from LongitudinalINRLib.cohort.statistics.region_model import SLOPES, RegionModel
from LongitudinalINRLib.cohort.statistics.rows import Effect, GroupChange, SampleSize, TrajectoryPoint
from LongitudinalINRLib.cohort.tables.person_row import LEFT_OUT, WAY, PersonRow

LEFT_OUT_AT_PLANNING = "left out before the fit"

WAYS = {
    "preset": "preset",
    "alignment": "alignment of follow-ups",
    "labels_from": "source of regions",
    "version": "version of LongitudinalINR",
}
"""What each of `WAY` is called."""


MOST_NAMED = 5
"""Of the regions without a model."""


@dataclass(frozen=True)
class GroupStatistics:
    """The answer about groups.

    Parameters
    ----------
    options : GroupOptions
        What was asked.
    groups : tuple of str
        The reference first.
    covariates : tuple of str
        What was accounted for.
    people : tuple of PersonRow
        All, used or not.
    models : tuple of RegionModel
        Of the regions, in their order.
    group_changes, effects, sample_sizes, trajectories : tuple
        The rows of the tables of these names.
    notes : tuple of str
        What people should know about it.
    """

    options: GroupOptions
    groups: tuple[str, ...]
    covariates: tuple[str, ...]
    people: tuple[PersonRow, ...]
    models: tuple[RegionModel, ...]
    group_changes: tuple[GroupChange, ...]
    effects: tuple[Effect, ...]
    sample_sizes: tuple[SampleSize, ...]
    trajectories: tuple[TrajectoryPoint, ...]
    notes: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The group that others are compared with."""
        return self.groups[0]

    @property
    def exclusions(self) -> dict[str, int]:
        """How many people were not used, by reason, the most frequent first; all left out are one."""
        counted = Counter(
            LEFT_OUT_AT_PLANNING if person.status == LEFT_OUT else person.reason
            for person in self.people
            if person.status != "used"
        )
        return dict(counted.most_common())


def notes_about(
    used: Sequence[PersonRow],
    design: Design,
    models: Sequence[RegionModel],
    regions: Sequence[RegionData],
    brought: Harmonised | None,
) -> tuple[str, ...]:
    """Return what people should know before they believe the tables."""
    return (*_unlike(used), *_notes(design, models, regions, brought))


def _unlike(used: Sequence[PersonRow]) -> Iterator[str]:
    """Yield in what those who are compared were not fitted alike."""
    for name in WAY:
        counted = Counter(getattr(person, name) or "not known" for person in used)
        if len(counted) > 1:
            each = ", ".join(f"{value} {count}" for value, count in counted.most_common())
            yield (
                f"People were not fitted alike ({WAYS[name]}: {each}): a difference between groups may come "
                "from that. Fit everybody alike, or compare those who were."
            )


def _notes(
    design: Design, models: Sequence[RegionModel], regions: Sequence[RegionData], brought: Harmonised | None
) -> Iterator[str]:
    counts = np.bincount(design.member, minlength=len(design.groups))
    for group, count in zip(design.groups, counts, strict=True):
        if count < FEWEST_IN_GROUP:
            yield f"The group {group} has fewer than {FEWEST_IN_GROUP} people and is not compared."
    if plain := [model.region for model in models if model.method == SLOPES]:
        yield (
            f"In {len(plain)} of {len(models)} regions each person's slope was found first and compared by "
            "least squares with robust (HC3) errors; the column `note` says why."
        )
    known = {model.label for model in models}
    if left := [region.name for region in regions if region.label not in known]:
        named = ", ".join(left[:MOST_NAMED]) + (", …" if len(left) > MOST_NAMED else "")
        yield f"Too few people for a model in {len(left)} of {len(regions)} regions: {named}."
    if brought is not None:
        without = np.isnan(brought.shifts)
        people, lacking = int(without.all(axis=1).sum()), int(without.all(axis=0).sum())
        yield (
            f"Slopes of {brought.sites} sites were harmonised by ComBat, groups and covariates kept. Without "
            f"{people} people who lack a region that others have, and {lacking} regions that many lack. "
            "The models have a term for each site besides."
        )
