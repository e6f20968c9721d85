"""A start from which few steps lead far: Reptile over simulated people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from torch import Tensor

from benchmarks.start.brains import Brains
from LongitudinalINRLib.core.config import FitConfig, Stage, preset
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.core.network import DisplacementNetwork

INNER_STEPS = 100
POINTS = 6144
FIRST_SHARE, LAST_SHARE = 1.0, 0.1
"""Of the way to a person's own weights that is gone: far at first, little at the end."""


def learned(brains: Brains, people: int, on_person: Callable[[int, float], None]) -> dict[str, Tensor]:
    """Return hidden layers from which a fit starts well.

    Parameters
    ----------
    brains : Brains
        Whom to learn on.
    people : int
        How many fits.
    on_person : callable
        Told the number of each fit and the similarity at its end.

    Returns
    -------
    dict of Tensor
        The network's weights by name, without those of the last layer: a fit starts from no change.

    Notes
    -----
    Nichol, Achiam and Schulman, "On first-order meta-learning algorithms", arXiv 1803.02999, 2018.
    """
    rng = np.random.default_rng(0)
    config = replace(
        preset("standard"),
        start="random",
        steps=INNER_STEPS,
        similarity_points=POINTS,
        stages=(Stage(1.0, 0.0),),
    )
    weights = hidden(DisplacementNetwork(config).state_dict())
    for person in range(people):
        share = FIRST_SHARE * (LAST_SHARE / FIRST_SHARE) ** (person / max(1, people - 1))
        own, similarity = _own_weights(brains, rng, weights, replace(config, seed=person))
        weights = {name: value + share * (own[name] - value) for name, value in weights.items()}
        on_person(person, similarity)
    return weights


def hidden(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return weights without those of the last layer."""
    return {name: value.clone() for name, value in weights.items() if not name.startswith("out.")}


def _own_weights(
    brains: Brains, rng: np.random.Generator, start: dict[str, Tensor], config: FitConfig
) -> tuple[dict[str, Tensor], float]:
    problem, domain = brains.drawn(rng)
    descent = Descent(problem, config)
    descent.domain = domain
    descent.network.load_state_dict(start, strict=False)
    losses = None
    while not descent.finished:
        losses = descent.step()
    return hidden(descent.network.state_dict()), losses["similarity"] if losses else float("nan")
