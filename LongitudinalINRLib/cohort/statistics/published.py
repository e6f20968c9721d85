"""A published table of annual changes beside that of this cohort."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from LongitudinalINRLib.cohort.statistics.rows import GroupChange, PublishedRow
from LongitudinalINRLib.errors import InputError

COLUMNS = ("region", "group", "percent_per_year")
_SIDES = (
    ("left-", "right-"),
    ("left ", "right "),
    ("left cortex, ", "right cortex, "),
    ("ctx-lh-", "ctx-rh-"),
)


def beside_published(path: Path, ours: Sequence[GroupChange]) -> list[PublishedRow]:
    """Return each row of a published table with what this cohort says.

    Parameters
    ----------
    path : Path
        CSV with the columns region, group and percent_per_year; others are not read. Capitals do not
        matter. A region without a side that this cohort has on both is the mean of both.
    ours : sequence of GroupChange
        Of this cohort.

    Raises
    ------
    InputError
        It is no such table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            published = [
                (row["region"].strip(), row["group"].strip(), float(row["percent_per_year"]))
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError, AttributeError, TypeError, ValueError, csv.Error) as error:
        raise InputError(
            "published-unreadable",
            f"{path.name} is no table of published changes.",
            expected=f"a CSV file with the columns {', '.join(COLUMNS)}",
            found=f"no column {error}" if isinstance(error, KeyError) else str(error),
            advice="Write one row for each region and group, the change in percent a year.",
        ) from error
    known = {(row.region.casefold(), row.group.casefold()): row for row in ours}
    return [_beside(region, group, value, known) for region, group, value in published]


def _beside(
    region: str, group: str, published: float, known: dict[tuple[str, str], GroupChange]
) -> PublishedRow:
    name, whose = region.casefold(), group.casefold()
    tried = ((name,), *((left + name, right + name) for left, right in _SIDES))
    found = next(
        (
            [known[each, whose] for each in names]
            for names in tried
            if all((each, whose) in known for each in names)
        ),
        None,
    )
    if found is None:
        return PublishedRow(region, group, published, None, None, None, None)
    mean, low, high = (
        sum(getattr(row, column) for row in found) / len(found)
        for column in ("percent_per_year", "low", "high")
    )
    return PublishedRow(region, group, published, mean, low, high, low <= published <= high)
