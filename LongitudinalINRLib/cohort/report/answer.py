"""The answer in words: which group changes more, where, by how much, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL, display_name
from LongitudinalINRLib.analysis.wording import signed
from LongitudinalINRLib.cohort.report.content import Contrast, GroupContent, GroupMean

LARGEST_Q = 0.05
TISSUE = display_name(TISSUE_LABEL, "")
WHOLE = display_name(BRAIN_LABEL, "")


@dataclass(frozen=True)
class GroupAnswer:
    """Sentences for the head of the page: the largest difference, all, tissue, and who was counted."""

    largest: str
    overall: str
    tissue: str | None
    people: str


def answer_of(content: GroupContent) -> GroupAnswer:
    """Return the answer of a cohort in words."""
    kept = [contrast for contrast in content.contrasts if contrast.region not in content.doubtful]
    regional = [contrast for contrast in kept if contrast.region not in (TISSUE, WHOLE)]
    told = [contrast for contrast in regional or kept if contrast.q < LARGEST_Q]
    largest = max(told, key=lambda contrast: contrast.clearness, default=None)
    return GroupAnswer(
        _none(content) if largest is None else f"The clearest difference: {_difference(content, largest)}",
        _overall(content, regional or kept),
        next((_tissue(content) for mean in content.means if mean.region == TISSUE), None),
        _people(content),
    )


def _none(content: GroupContent) -> str:
    """Return why no difference is named: none was found, or none was looked for."""
    groups = len(content.groups)
    if groups > 1 and not content.contrasts:
        return (
            f"Nothing could be compared: {len(content.counted)} people are too few for {groups} groups "
            "with what is accounted for. A region needs three people more than groups and covariates "
            "together, and three of a group."
        )
    aside = ", those marked † aside," if content.doubtful else ""
    return f"No region{aside} tells the groups apart beyond chance."


def chance_text(value: float, name: str = "q") -> str:
    """Return a p or q value as people write it.

    Examples
    --------
    >>> chance_text(0.0123), chance_text(0.00001, "p")
    ('q = 0.012', 'p < 0.001')
    """
    return f"{name} < 0.001" if value < 0.001 else f"{name} = {value:.2g}"


def _difference(content: GroupContent, contrast: Contrast) -> str:
    one = mean_of(content, contrast.region, contrast.group)
    other = mean_of(content, contrast.region, contrast.reference)
    interval = f"{signed(contrast.low, 2)} to {signed(contrast.high, 2)}"
    return (
        f"{contrast.region}, {contrast.group} {_yearly(one)}, {contrast.reference} {_yearly(other)}: "
        f"{signed(contrast.points_per_year, 2)} points a year ({interval}; "
        f"{chance_text(contrast.q)}{_effect_size(contrast)})."
    )


def _effect_size(contrast: Contrast) -> str:
    return "" if contrast.effect_size is None else f", d = {contrast.effect_size:.1f}"


def _yearly(mean: GroupMean | None) -> str:
    return "not known" if mean is None else f"{signed(mean.percent_per_year, 2)} % a year"


def mean_of(content: GroupContent, region: str, group: str) -> GroupMean | None:
    """Return the mean annual change of a group in a region."""
    return next((mean for mean in content.means if (mean.region, mean.group) == (region, group)), None)


def _overall(content: GroupContent, contrasts: list[Contrast]) -> str:
    parts = []
    for pair in dict.fromkeys((contrast.group, contrast.reference) for contrast in contrasts):
        of_pair = [each for each in contrasts if (each.group, each.reference) == pair]
        differ = sum(each.q < LARGEST_Q for each in of_pair)
        parts.append(f"{pair[0]} against {pair[1]} in {differ} of {len(of_pair)} regions")
    if not parts:
        return "There is one group: nothing is compared." if len(content.groups) == 1 else ""
    aside = "; regions marked † aside" if content.doubtful else ""
    return f"Different beyond chance (false discovery rate 5 %{aside}): {', '.join(parts)}."


def _tissue(content: GroupContent) -> str:
    means = [mean for group in content.groups if (mean := mean_of(content, TISSUE, group))]
    each = (
        f"{mean.group} {signed(mean.percent_per_year, 2)} ({signed(mean.low, 2)} to {signed(mean.high, 2)})"
        for mean in means
    )
    return f"Brain tissue, % a year with its 95 % interval: {', '.join(each)}."


def _people(content: GroupContent) -> str:
    counts = (
        f"{sum(person.group == group for person in content.counted)} {group}" for group in content.groups
    )
    low, high = content.months
    span = f"{low:.3g} months" if low == high else f"{low:.3g} to {high:.3g} months"
    text = f"{len(content.counted)} people ({', '.join(counts)}), followed for {span}."
    if content.left_out:
        text += f" {len(content.left_out)} not counted: see below why."
    return text
