"""Norms of all regions that a cohort measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from LongitudinalINRLib import __version__
from LongitudinalINRLib.analysis.norms.fitting import (
    FEWEST_OF_A_SEX,
    FEWEST_PEOPLE,
    Member,
    region_norms,
)
from LongitudinalINRLib.analysis.norms.model import Norms, RegionNorms
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import SEXES, Sex

MOST_NAMED = 5


@dataclass(frozen=True)
class Measurement:
    """One region of one healthy person.

    Parameters
    ----------
    person : str
        Tells people apart; not kept.
    age_years : float
        At the baseline.
    sex : str
        ``F`` or ``M``.
    region, label : str, int or None
        As in ``regions.csv``; no label where the table told none.
    percent_per_year : float
        Mean annual change of volume from the baseline to the last scan.
    years : float, optional
        Time between these scans.
    preset : str, optional
        Preset of the fit.
    regions_from : str, optional
        ``given`` labels, or what found them: ``atlas``, ``synthseg`` or ``fastsurfer``.
    """

    person: str
    age_years: float
    sex: Sex
    region: str
    label: int | None
    percent_per_year: float
    years: float | None = None
    preset: str | None = None
    regions_from: str | None = None


def build_norms(cohort: Sequence[Measurement]) -> tuple[Norms, list[str]]:
    """Return the norms of a cohort, and what is to be known about them.

    Parameters
    ----------
    cohort : sequence of Measurement
        Each region of each person at most once.

    Raises
    ------
    InputError
        A region is measured twice in a person (`norms-twice`), has two numbers (`norms-labels`), or no region
        is measured in enough people (`norms-too-few`).
    """
    by_region: dict[str, list[Measurement]] = {}
    for measurement in cohort:
        by_region.setdefault(measurement.region, []).append(measurement)
    regions: dict[str, RegionNorms] = {}
    left_out: dict[str, str] = {}
    for region, measured in sorted(by_region.items()):
        _refuse_twice(region, measured)
        members = [Member(one.age_years, one.sex, one.percent_per_year) for one in measured]
        found = region_norms(members, _label(region, measured))
        if isinstance(found, str):
            left_out[region] = found
        else:
            regions[region] = found
    if not regions:
        raise _too_few(left_out)
    years = [one.years for one in cohort if one.years is not None]
    norms = Norms(
        made_by=__version__,
        years=(min(years), max(years)) if years else None,
        presets=tuple(sorted({one.preset for one in cohort if one.preset})),
        regions_from=tuple(sorted({one.regions_from for one in cohort if one.regions_from})),
        regions=regions,
    )
    return norms, _warnings(cohort, left_out, norms)


def _refuse_twice(region: str, measured: Sequence[Measurement]) -> None:
    seen: set[str] = set()
    for one in measured:
        if one.person in seen:
            raise InputError(
                "norms-twice",
                f"One person has two changes of {region}.",
                expected="each region once for each person: people are counted, not scans",
                found=f"person {one.person} more than once",
                advice="Keep one result of each person, and give each person a name of their own.",
            )
        seen.add(one.person)


def _label(region: str, measured: Sequence[Measurement]) -> int | None:
    labels = sorted({one.label for one in measured if one.label is not None})
    if len(labels) > 1:
        raise InputError(
            "norms-labels",
            f"The region {region} has more than one number.",
            expected="results with one kind of segmentation",
            found="the labels " + ", ".join(map(str, labels[:MOST_NAMED])),
            advice="Take results that were made with the same kind of segmentation.",
        )
    return labels[0] if labels else None


def _too_few(left_out: dict[str, str]) -> InputError:
    found = "; ".join(f"{region}: {why}" for region, why in list(left_out.items())[:MOST_NAMED])
    return InputError(
        "norms-too-few",
        "The cohort is too small for norms.",
        expected=f"at least {FEWEST_PEOPLE} people of differing ages with a change of the same region, "
        f"and {FEWEST_OF_A_SEX} of each sex that counts: of fewer than {FEWEST_PEOPLE}, the fifth centile "
        f"may be nobody's",
        found=found or "no region",
        advice="Add people to the table.",
    )


def _warnings(cohort: Sequence[Measurement], left_out: dict[str, str], norms: Norms) -> list[str]:
    warnings = []
    people = {one.person: one.sex for one in cohort}
    for sex in SEXES:
        count = sum(of == sex for of in people.values())
        if not any(sex in region.people for region in norms.regions.values()):
            warnings.append(
                f"Not for sex {sex}: the cohort has {count} such people, {FEWEST_OF_A_SEX} are needed."
            )
    if left_out:
        named = [f"{region} ({why})" for region, why in left_out.items()]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        warnings.append(f"Left out, since too little is known: {', '.join(named[:MOST_NAMED])}{more}.")
    if len(norms.presets) > 1:
        warnings.append(
            f"The results were fitted with different presets ({', '.join(norms.presets)}), which "
            f"underestimate change differently: take one."
        )
    if len(norms.regions_from) > 1:
        warnings.append(
            f"The regions of the results were found in different ways ({', '.join(norms.regions_from)}), "
            f"which draw their borders differently: take one."
        )
    return warnings
