"""The tables of the statistics as files of ``OUT/group``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.published import beside_published
from LongitudinalINRLib.cohort.statistics.region_data import RegionData
from LongitudinalINRLib.cohort.statistics.rows import (
    Effect,
    GroupChange,
    PublishedRow,
    SampleSize,
    SlopeRow,
    TrajectoryPoint,
)
from LongitudinalINRLib.cohort.tables.storage import Columns, GroupTables


def write_statistics(
    cohort: CohortFolder,
    found: GroupStatistics,
    regions: Sequence[RegionData],
    participant_ids: Sequence[str],
) -> None:
    """Write slopes, group changes, effects, sample sizes and trajectories.

    Parameters
    ----------
    cohort : CohortFolder
        Its folder ``group`` has the tables of people and changes already.
    found : GroupStatistics
        What was found.
    regions : sequence of RegionData
        With the slopes of the people.
    participant_ids : sequence of str
        Of the people, by their numbers.
    """
    tables = GroupTables(cohort)
    tables.write_parquet(_slopes(regions, np.array(participant_ids)), SlopeRow, tables.slopes)
    tables.write_tsv(found.group_changes, GroupChange, tables.group_changes)
    tables.write_tsv(found.effects, Effect, tables.effects)
    tables.write_tsv(found.sample_sizes, SampleSize, tables.sample_sizes)
    tables.write_tsv(found.trajectories, TrajectoryPoint, tables.trajectories)


def compare_with_published(cohort: CohortFolder, found: GroupStatistics, path: Path) -> list[PublishedRow]:
    """Write ``published.tsv``, a published table beside this cohort's changes, and return its rows.

    Parameters
    ----------
    cohort : CohortFolder
        The cohort.
    found : GroupStatistics
        What was found about it.
    path : Path
        The published table (see `published.beside_published`).
    """
    rows = beside_published(path, found.group_changes)
    tables = GroupTables(cohort)
    tables.write_tsv(rows, PublishedRow, tables.published)
    return rows


def _slopes(regions: Sequence[RegionData], participant_ids: np.ndarray) -> Iterator[Columns]:
    for region in regions:
        slopes = region.slopes
        factor = np.exp(slopes.slope)
        yield {
            "participant_id": participant_ids[slopes.people].tolist(),
            "region": [region.name] * len(slopes.people),
            "label": [region.label] * len(slopes.people),
            "percent_per_year": 100.0 * np.expm1(slopes.slope),
            "se": 100.0 * factor / np.sqrt(slopes.information),
            "visits": slopes.visits,
            "last_months": 12.0 * slopes.last_years,
        }
