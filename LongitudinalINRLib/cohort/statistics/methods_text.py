"""What was done, in the words of a paper's methods section."""

from __future__ import annotations

from collections.abc import Iterator

from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.options import Trial
from LongitudinalINRLib.cohort.statistics.region_model import MIXED


def methods_text(found: GroupStatistics) -> str:
    """Return a paragraph about the statistics, and who was not used."""
    return " ".join(_sentences(found))


def _sentences(found: GroupStatistics) -> Iterator[str]:
    used = sum(person.status == "used" for person in found.people)
    yield (
        f"Of {len(found.people)} people, {used} were used"
        + "".join(f"; {count}: {reason.rstrip('.')}" for reason, count in found.exclusions.items())
        + "."
    )
    yield (
        "Log volume ratios of each region at the observed follow-ups were modelled without an intercept, as "
        f"change at the baseline is zero by construction, by a mean slope for each group ({_listed(found)})"
        + (f", {' and '.join(found.covariates)} as covariates of the slope" if found.covariates else "")
        + "."
    )
    mixed = sum(model.method == MIXED for model in found.models)
    if mixed:
        yield (
            f"In {mixed} of {len(found.models)} regions a random slope for each person was fitted by "
            "restricted maximum likelihood; follow-ups were weighted by their standard errors, those of one "
            f"person correlating by {found.options.shared_baseline:g} for the shared baseline."
        )
    if mixed < len(found.models):
        yield (
            f"In {len(found.models) - mixed} regions each person's slope was found by weighted least squares "
            "through zero, and slopes were compared by least squares."
        )
    yield (
        "Standard errors are robust to unequal variances (HC3); intervals are of 95 %. P values are "
        "two-sided, with false discovery rates over structures (Benjamini and Hochberg)."
    )
    if found.options.harmonise == "combat":
        yield "Slopes were harmonised between sites by ComBat, and the models had a term for each site."
    yield _trial(found.options.trial)


def _listed(found: GroupStatistics) -> str:
    return f"{found.reference} as reference" + "".join(f", {group}" for group in found.groups[1:])


def _trial(trial: Trial) -> str:
    seen = "the follow-ups of this cohort"
    if trial.months:
        seen = f"follow-ups at months {', '.join(f'{month:g}' for month in trial.months)}"
    return (
        f"Sample sizes are people in each of two arms for a decline slower by {100 * trial.slowing:g} % at "
        f"{100 * trial.power:g} % power and a two-sided error of {100 * trial.alpha:g} %, with {seen}."
    )
