"""The experiments by name, in the order in which they are run."""

from __future__ import annotations

from benchmarks.accuracy.experiments.as_published import AS_PUBLISHED
from benchmarks.accuracy.experiments.bad_cases import BAD_CASES
from benchmarks.accuracy.experiments.combinations import COMBINATIONS
from benchmarks.accuracy.experiments.consistency import CONSISTENCY
from benchmarks.accuracy.experiments.encoding import ENCODING
from benchmarks.accuracy.experiments.experiment import Experiment
from benchmarks.accuracy.experiments.groups import GROUPS
from benchmarks.accuracy.experiments.held_out import HELD_OUT
from benchmarks.accuracy.experiments.months import SHEET
from benchmarks.accuracy.experiments.noise import NOISE
from benchmarks.accuracy.experiments.pairwise import PAIRWISE
from benchmarks.accuracy.experiments.rates import RATES
from benchmarks.accuracy.experiments.ventricles import VENTRICLES

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        HELD_OUT,
        SHEET,
        PAIRWISE,
        RATES,
        CONSISTENCY,
        VENTRICLES,
        NOISE,
        COMBINATIONS,
        GROUPS,
        ENCODING,
        BAD_CASES,
        AS_PUBLISHED,
    )
}
