"""How often groups that do not differ are told apart, and how often intervals hold the truth.

    python -m benchmarks.cohort.null_cohorts [--cohorts 200] [--regions 5]

Prints, for cohorts drawn in several ways, the share of all pairs of groups with p < 0.05 where no group
differs, and, where groups differ, the share of 95 % intervals that hold the true difference, and the mean
error.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.cohort.models import models_of
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.statistics.contrasts import effects_of
from LongitudinalINRLib.cohort.statistics.rows import Effect

DECLINES = {"AD": -0.040, "MCI": -0.020, "controls": -0.008}
LARGEST_P = 0.05


@dataclass(frozen=True)
class Case:
    """A way to draw cohorts, and to look at them."""

    name: str
    truth: Truth
    harmonise: bool = False
    mixed: bool = True
    corrected: bool = True


@dataclass(frozen=True)
class Score:
    """What came of a case; errors in percentage points a year, found less true."""

    positives: float
    coverage: float
    errors: dict[str, float] = field(default_factory=dict)


UNEVEN = {"AD": 8, "MCI": 12, "controls": 40}
SPREAD = {"AD": 2.0, "MCI": 1.5}
SITES = (0.0, 0.006, -0.006)


def cases() -> Iterator[Case]:
    """Yield all that is tried."""
    usual = Truth()
    yield Case("40 people", usual)
    yield Case("40 people, slopes alone", usual, mixed=False)
    yield Case("40 people, one follow-up", replace(usual, months=(12.0,), missed=0.0))
    yield Case("15 people", replace(usual, people={"AD": 5, "MCI": 5, "controls": 5}))
    yield Case("300 people", replace(usual, people={"AD": 100, "MCI": 100, "controls": 100}))
    yield Case("people alike but for errors", replace(usual, slope_sd=0.001))
    yield Case("patients vary more, few of them", replace(usual, people=UNEVEN, slope_sd_factors=SPREAD))
    yield Case("errors share no baseline", replace(usual, shared=0.0))
    yield Case("errors share most", replace(usual, shared=0.8))
    yield Case("three sites", replace(usual, site_shifts=SITES, people={"AD": 30, "MCI": 30, "controls": 30}))
    yield Case(
        "three sites, harmonised",
        replace(usual, site_shifts=SITES, people={"AD": 30, "MCI": 30, "controls": 30}),
        harmonise=True,
    )
    yield Case(
        "three sites, groups uneven, harmonised",
        replace(usual, site_shifts=SITES, people={"AD": 30, "MCI": 30, "controls": 30}, site_leaning=0.6),
        harmonise=True,
    )
    apart = replace(usual, mean=DECLINES)
    yield Case("groups differ", apart)
    yield Case("groups differ, slopes alone", apart, mixed=False)
    strong = replace(apart, shrinkage=0.4, slope_sd=0.005)
    yield Case("intervals grow with change", strong)
    yield Case("the same, weighted by them as they are", strong, corrected=False)


def score(case: Case, cohorts: int, regions: int, seed: int = 0) -> Score:
    """Draw cohorts and look at all differences between groups."""
    random = np.random.default_rng(seed)
    found = [
        effect
        for _ in range(cohorts)
        for effect in effects_of(
            models_of(
                simulated_cohort(case.truth, random, regions), case.harmonise, case.mixed, case.corrected
            )
        )
    ]
    truths = np.array([_truth(effect, case.truth) for effect in found])
    missed = np.array([effect.difference_percent_per_year for effect in found]) - truths
    inside = [effect.low <= truth <= effect.high for effect, truth in zip(found, truths, strict=True)]
    contrasts = np.array([effect.contrast for effect in found])
    return Score(
        float(np.mean([effect.p < LARGEST_P for effect in found])),
        float(np.mean(inside)),
        {str(name): float(missed[contrasts == name].mean()) for name in np.unique(contrasts)},
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=200)
    parser.add_argument("--regions", type=int, default=5)
    asked = parser.parse_args(arguments)
    print("| cohorts | p < 0.05 | intervals that hold the truth | mean error of AD - controls |")
    print("| --- | --- | --- | --- |")
    for case in cases():
        got = score(case, asked.cohorts, asked.regions)
        positives = "" if case.truth.mean else f"{100 * got.positives:.1f} %"
        error = got.errors["AD - controls"]
        print(f"| {case.name} | {positives} | {100 * got.coverage:.1f} % | {error:+.3f} |", flush=True)


def _truth(effect: Effect, truth: Truth) -> float:
    one, other = (truth.mean.get(group, 0.0) for group in (effect.group, effect.reference))
    return float(100.0 * (np.exp(one) - np.exp(other)))


if __name__ == "__main__":
    main()
