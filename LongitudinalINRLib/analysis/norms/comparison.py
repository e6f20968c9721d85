"""A person's regions beside norms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from LongitudinalINRLib.analysis.atlas import unknown_name
from LongitudinalINRLib.analysis.norms.model import Norms, RegionNorms
from LongitudinalINRLib.analysis.region_row import RegionRow, at_last_scan
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import MONTHS_PER_YEAR, Sex

MOST_NAMED = 5
YEARS_DIFFER = 0.1
"""Share by which the time between the scans may leave the cohort's range before it is told."""


@dataclass(frozen=True)
class Person:
    """Whom norms are asked for.

    Parameters
    ----------
    age_years : float
        At the baseline.
    sex : str
        ``F`` or ``M``.
    preset : str, optional
        Preset of the fit, where it is known.
    regions_from : str, optional
        How the regions were found, where it is known (see `model.Norms`).
    """

    age_years: float
    sex: Sex
    preset: str | None = None
    regions_from: str | None = None


def with_centiles(
    rows: Sequence[RegionRow], norms: Norms, person: Person
) -> tuple[list[RegionRow], list[str]]:
    """Give the rows of the last scan their centiles among people of the person's age and sex.

    What is compared is `mean_percent_per_year`; `centile_low` and `centile_high` are the centiles of both
    ends of its 90 % interval.

    Parameters
    ----------
    rows : sequence of RegionRow
        Regions at any months. Rows of other months get no centile.
    norms : Norms
        Of healthy people.
    person : Person
        Age and sex.

    Returns
    -------
    rows : list of RegionRow
        All of them, in their order.
    warnings : list of str
        Why regions have no centile, and what makes those that there are doubtful.

    Raises
    ------
    InputError
        The norms hold none of the regions (`norms-regions`).
    """
    last = at_last_scan(rows)
    if not last:
        return list(rows), ["No centiles: no row is of a scan after the baseline."]
    refuse_other_regions(norms, {row.label: row.region for row in last})
    known = {row.label: norms.regions[row.region] for row in last if _holds(norms, row.label, row.region)}
    covered = {label: norm for label, norm in known.items() if norm.covers(person.age_years, person.sex)}
    month = last[0].months
    compared = [
        _with_centile(row, covered[row.label], person)
        if row.months == month and row.kind == "observed" and row.label in covered
        else row
        for row in rows
    ]
    return compared, _warnings(last, known, covered, norms, person)


def refuse_other_regions(norms: Norms, names: Mapping[int, str]) -> None:
    """Refuse norms that hold none of the regions, given by number and name.

    Raises
    ------
    InputError
        They hold none (`norms-regions`).
    """
    if any(_holds(norms, label, name) for label, name in names.items()):
        return
    raise InputError(
        "norms-regions",
        "The norms are of other regions than this result.",
        expected=f"norms of regions such as {_named(list(names.values()))}",
        found=_named(sorted(norms.regions)),
        advice="Use norms from results with the same kind of segmentation.",
    )


def _holds(norms: Norms, label: int, name: str) -> bool:
    """Tell whether norms are of a region: of its name, and of its number where they have one."""
    norm = norms.regions.get(name)
    return norm is not None and norm.label in (None, label)


def _with_centile(row: RegionRow, norm: RegionNorms, person: Person) -> RegionRow:
    at = row.mean_percent_per_year
    half = None if row.interval_points is None else row.interval_points * MONTHS_PER_YEAR / row.months
    centile, low, high = (
        None if value is None else norm.centile(value, person.age_years, person.sex)
        for value in (at, None if half is None else at - half, None if half is None else at + half)
    )
    return replace(row, centile=centile, centile_low=low, centile_high=high)


def _warnings(
    last: Sequence[RegionRow],
    known: dict[int, RegionNorms],
    covered: dict[int, RegionNorms],
    norms: Norms,
    person: Person,
) -> list[str]:
    warnings = []
    if unknown := [row.region for row in last if row.label not in known]:
        warnings.append(f"No centile, since the norms do not hold them: {_named(unknown)}.")
    if beyond := [row for row in last if row.label in known and row.label not in covered]:
        seen = _ages_text(known[beyond[0].label], person.sex)
        warnings.append(
            f"No centile, since the norms saw nobody of age {person.age_years:g} and sex {person.sex} "
            f"({seen}), and nothing is extrapolated: {_named([row.region for row in beyond])}."
        )
    if not covered:
        return warnings
    compared = [row for row in last if row.label in covered]
    if numbered := [row.region for row in compared if row.region == unknown_name(row.label)]:
        warnings.append(
            "The norms know these regions by their numbers alone, which must mean the same: "
            f"{_named(numbered)}."
        )
    years = last[0].months / MONTHS_PER_YEAR
    if norms.years and not norms.years[0] * (1 - YEARS_DIFFER) <= years <= norms.years[1] * (
        1 + YEARS_DIFFER
    ):
        low, high = norms.years
        warnings.append(
            f"The scans span {years:.2g} years, those of the norms {low:.2g} to {high:.2g}: the shorter the "
            f"time, the more annual change scatters, so the centiles may be too far out or too far in."
        )
    if person.preset and norms.presets and person.preset not in norms.presets:
        warnings.append(
            f"The norms were fitted with {', '.join(norms.presets)}, this result with {person.preset}: "
            f"presets underestimate change differently, so the centiles may be off."
        )
    if person.regions_from and norms.regions_from and person.regions_from not in norms.regions_from:
        warnings.append(
            f"The regions of the norms come from {', '.join(norms.regions_from)}, those of this result from "
            f"{person.regions_from}, which draws their borders differently: the centiles may be off."
        )
    return warnings


def _ages_text(norm: RegionNorms, sex: Sex) -> str:
    spans = [f"{low:g} to {high:g}" for low, high in norm.ages_years.get(sex, ())]
    return f"they saw {' and '.join(spans)} years" if spans else "they saw nobody of that sex"


def _named(regions: Sequence[str]) -> str:
    more = len(regions) - MOST_NAMED
    return ", ".join(regions[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
