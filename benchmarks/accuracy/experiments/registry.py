"""The experiments by name."""

from __future__ import annotations

from benchmarks.accuracy.experiments.experiment import Experiment

EXPERIMENTS: dict[str, Experiment] = {experiment.name: experiment for experiment in ()}
