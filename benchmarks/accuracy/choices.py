"""What settings are worth, on the tuning subjects: ``python -m benchmarks.accuracy.choices``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy.cases import cases_of
from benchmarks.accuracy.cohort import TUNING
from benchmarks.accuracy.fitting import fitted
from benchmarks.accuracy.prepared import prepare
from benchmarks.accuracy.scoring import score
from benchmarks.accuracy.tables import table
from LongitudinalINRLib.core.config import FitConfig, preset
from LongitudinalINRLib.files import write_text


def weighted(**weights: float) -> Callable[[FitConfig], FitConfig]:
    """Return a change of some weights."""
    return lambda config: replace(config, weights=replace(config.weights, **weights))


def square_spatial_term(config: FitConfig) -> FitConfig:
    """Return the published spatial term, which presumes how much a brain changes."""
    return replace(config, spatial_form="square")


def every_layer(config: FitConfig) -> FitConfig:
    """Return the published architecture A."""
    return replace(config, time_encoding="every-layer")


def soft_identity(config: FitConfig) -> FitConfig:
    """Return the published way: a free network whose displacement at month 0 is penalised."""
    return replace(config, identity="soft", weights=replace(config.weights, lambda_=1e5))


ONE = ("tuning-a",)
NOISY_AND_THICK = (*ONE, "tuning-noisy", "tuning-thick")
CLEAN_AND_NOISY = (*ONE, "tuning-noisy")
ALL_STRENGTHS = (*NOISY_AND_THICK, "tuning-coarse", "tuning-still", "tuning-mild", "tuning-strong")


@dataclass(frozen=True)
class Choice:
    """A setting, and the tuning subjects that show what it is worth."""

    change: Callable[[FitConfig], FitConfig]
    subjects: Sequence[str]


CHOICES = {
    "standard": Choice(lambda config: config, ALL_STRENGTHS),
    "square spatial term": Choice(square_spatial_term, ALL_STRENGTHS),
    "alpha 10": Choice(weighted(alpha=10.0), NOISY_AND_THICK),
    "alpha 160": Choice(weighted(alpha=160.0), NOISY_AND_THICK),
    "gamma 0": Choice(weighted(gamma=0.0), CLEAN_AND_NOISY),
    "gamma 1": Choice(weighted(gamma=1.0), CLEAN_AND_NOISY),
    "time in every layer": Choice(every_layer, CLEAN_AND_NOISY),
    "another seed": Choice(lambda config: replace(config, seed=1), ONE),
    "soft identity": Choice(soft_identity, ONE),
    "no free drift": Choice(lambda config: replace(config, drift_degree=0), ONE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--subjects", nargs="*", default=ALL_STRENGTHS, choices=ALL_STRENGTHS)
    parser.add_argument("--choices", nargs="*", default=tuple(CHOICES), choices=tuple(CHOICES))
    parser.add_argument(
        "--kinds", nargs="*", default=("observed",), help="observed, interpolated, extrapolated"
    )
    options = parser.parse_args()
    lines = []
    for spec in (spec for spec in TUNING if spec.name in options.subjects):
        subject = prepare(spec, options.output / "subjects")
        for case in (case for case in cases_of(spec) if case.kind in options.kinds):
            for name in (name for name in options.choices if spec.name in CHOICES[name].subjects):
                config = CHOICES[name].change(preset("standard"))
                tag = "standard" if name == "standard" else name.replace(" ", "-")
                file = options.output / "models" / f"{spec.name}-{case.kind}-{tag}.safetensors"
                model = fitted(subject, config, case.fitted_months, file)
                month = case.asked_months[len(case.asked_months) // 2]
                found = score(subject, model, month)
                lines.append(
                    [
                        spec.name,
                        f"{case.kind}, month {month:g}",
                        name,
                        f"{found.region_error_points:.2f}",
                        f"{found.rmse_log_jacobian:.4f}",
                        "" if found.correlation is None else f"{found.correlation:.3f}",
                        "" if found.slope is None else f"{found.slope:.2f}",
                    ]
                )
                print(*lines[-1], sep="  ", flush=True)
    head = ["subject", "asked", "setting", "region error (points)", "RMSE log\\|J\\|", "correlation", "slope"]
    text = table(head, lines)
    if set(options.choices) == set(CHOICES) and set(options.subjects) == set(ALL_STRENGTHS):
        write_text(options.output / "choices.json", json.dumps({"table": text}))
    print(f"\n{text}")


if __name__ == "__main__":
    main()
