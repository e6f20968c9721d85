"""From a cohort's folder to all tables of its groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.participants import Participants, missing_column
from LongitudinalINRLib.cohort.statistics.contrasts import effects_of, group_changes
from LongitudinalINRLib.cohort.statistics.design import Design, design_of
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics, notes_about
from LongitudinalINRLib.cohort.statistics.harmonisation import Harmonised, harmonised
from LongitudinalINRLib.cohort.statistics.options import Covariate, GroupOptions
from LongitudinalINRLib.cohort.statistics.region_data import RegionData, read_region
from LongitudinalINRLib.cohort.statistics.region_model import RegionModel, fit_region
from LongitudinalINRLib.cohort.statistics.region_rows import RegionReader, region_reader
from LongitudinalINRLib.cohort.statistics.rows import SampleSize, TrajectoryPoint
from LongitudinalINRLib.cohort.statistics.sample_size import sample_sizes
from LongitudinalINRLib.cohort.statistics.trajectories import line_of_model, observed_means
from LongitudinalINRLib.cohort.statistics.writing import write_statistics
from LongitudinalINRLib.cohort.tables.building import Admission, build_tables
from LongitudinalINRLib.cohort.tables.covariates import read_participants
from LongitudinalINRLib.cohort.tables.person_row import PersonRow
from LongitudinalINRLib.cohort.tables.storage import GroupTables
from LongitudinalINRLib.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("duckdb", "pandas", "pyarrow", "statsmodels")


def analyse(
    cohort: CohortFolder, participants: pd.DataFrame | Path, options: GroupOptions | None = None
) -> GroupStatistics:
    """Write the tables of a cohort's groups into ``OUT/group``, and return what they say.

    Parameters
    ----------
    cohort : CohortFolder
        Whose people have been fitted, as many as are done.
    participants : DataFrame or Path
        ``participants.tsv``: its content, the file, or the BIDS folder that it is in.
    options : GroupOptions
        How groups are compared.

    Raises
    ------
    InputError
        Nobody can be used, the participants or the options do not fit, or harmonisation is refused.
    """
    require(PACKAGES)
    asked = options or GroupOptions()
    who = read_participants(participants, asked.columns)
    covariates = _covariates(who, asked)
    people = build_tables(cohort, who, Admission(_needed(covariates, asked), asked.most_folded_share))
    used = [person for person in people if person.status == "used"]
    if not used:
        raise _nobody(people)
    design = design_of(used, asked.reference, covariates, asked.order or who.levels)
    names = [person.participant_id for person in used]
    with region_reader(GroupTables(cohort).changes, names) as reader:
        regions = [
            read_region(reader, label, name, len(used), asked.shared_baseline)
            for label, name in reader.regions()
        ]
        brought = _brought_together(regions, design, used, asked)
        if brought is not None:
            regions = _shifted(regions, brought)
        terms = brought.design if brought else design
        fitted = [(region, model) for region in regions if (model := _model(region, terms, asked))]
        points = [point for region, model in fitted for point in _trajectories(reader, region, model, design)]
    models = tuple(model for _, model in fitted)
    found = GroupStatistics(
        asked,
        design.groups,
        covariates,
        tuple(people),
        models,
        tuple(change for model in models for change in group_changes(model)),
        tuple(effects_of(models)),
        tuple(size for region, model in fitted for size in _sizes(region, model, design, asked)),
        tuple(points),
        notes_about(used, design, models, regions, brought),
    )
    write_statistics(cohort, found, regions, names)
    return found


def _covariates(who: Participants, asked: GroupOptions) -> tuple[Covariate, ...]:
    """Return what is accounted for; a column that is needed and not there is refused."""
    columns = who.columns
    if columns.group is None:
        raise missing_column("group")
    if asked.harmonise != "none" and columns.site is None:
        raise missing_column("site")
    there: dict[Covariate, str | None] = {"age": columns.age, "sex": columns.sex}
    if asked.covariates is None:
        return tuple(name for name, column in there.items() if column is not None)
    for name in asked.covariates:
        if there[name] is None:
            raise missing_column(name)
    return asked.covariates


def _needed(covariates: Sequence[Covariate], asked: GroupOptions) -> tuple[str, ...]:
    fields = {"age": "age_years", "sex": "sex"}
    sites = () if asked.harmonise == "none" else ("site",)
    return ("group", *(fields[name] for name in covariates), *sites)


def _brought_together(
    regions: Sequence[RegionData], design: Design, used: Sequence[PersonRow], asked: GroupOptions
) -> Harmonised | None:
    if asked.harmonise == "none":
        return None
    slopes = np.column_stack([region.every_slope() for region in regions])
    return harmonised(slopes, design, [str(person.site) for person in used], asked.fewest_per_site)


def _model(region: RegionData, design: Design, asked: GroupOptions) -> RegionModel | None:
    return fit_region(region.name, region.label, region.slopes, design, asked.largest_for_mixed_models)


def _shifted(regions: Sequence[RegionData], brought: Harmonised) -> list[RegionData]:
    shifted = [region.shifted(brought.shifts[:, at]) for at, region in enumerate(regions)]
    return [region for region in shifted if len(region.slopes.people)]


def _sizes(
    region: RegionData, model: RegionModel, design: Design, asked: GroupOptions
) -> Iterator[SampleSize]:
    return sample_sizes(model, design.groups[0], asked.trial, region.errors, asked.shared_baseline)


def _trajectories(
    reader: RegionReader, region: RegionData, model: RegionModel, design: Design
) -> Iterator[TrajectoryPoint]:
    yield from line_of_model(model)
    rows = reader.rows(region.label)
    moved = rows.log_ratio + region.shifts[rows.people] * rows.years
    kept = np.isfinite(moved)
    yield from observed_means(
        model, design.member[rows.people][kept], design.groups, rows.years[kept], moved[kept]
    )


def _nobody(people: Sequence[PersonRow]) -> InputError:
    reasons = sorted({f"{person.participant_id}: {person.reason}" for person in people})
    return InputError(
        "nobody-to-compare",
        "There is nobody whose result can be used.",
        expected="people who are done, and of whom participants.tsv tells the group and the covariates",
        found="; ".join(reasons[:3]) or "no people",
        advice="Run the participant level first, and see the column `reason` of group/people.tsv.",
    )
