"""What was done, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("statsmodels")

from benchmarks.cohort.models import models_of
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.methods_text import methods_text
from LongitudinalINRLib.cohort.statistics.options import GroupOptions, Trial


def test_the_text_counts_people_and_names_what_was_chosen():
    cohort = simulated_cohort(Truth(), np.random.default_rng(0), 2)
    models = tuple(models_of(cohort))
    out = [replace(cohort.people[0], status="done", reason="no age in participants.tsv"), *cohort.people[1:]]
    options = GroupOptions(trial=Trial(months=(12.0, 24.0)))
    groups = ("controls", "AD", "MCI")
    found = GroupStatistics(options, groups, ("age", "sex"), tuple(out), models, (), (), (), (), ())
    text = methods_text(found)
    assert text.startswith("Of 40 people, 39 were used; 1: no age in participants.tsv. ")
    assert "(controls as reference, AD, MCI), age and sex as covariates of the slope." in text
    assert "In 2 of 2 regions a random slope for each person" in text
    assert text.endswith("two-sided error of 5 %, with follow-ups at months 12, 24.")
