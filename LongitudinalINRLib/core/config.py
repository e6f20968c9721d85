"""What can be set about a fit, and the three presets. Importing this does not need torch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

PresetName = Literal["standard", "preview", "paper"]
Identity = Literal["hard", "soft"]
Similarity = Literal["log-ncc", "ncc", "local-ncc", "mse"]
TimeEncoding = Literal["every-layer", "first-layer"]

PRESETS: tuple[PresetName, ...] = get_args(PresetName)


@dataclass(frozen=True)
class Weights:
    """Weights of the four regularisers: identity (lambda), spatial (alpha), temporal (beta), monotonic (gamma)."""

    lambda_: float = 100.0
    alpha: float = 1.0
    beta: float = 1.0
    gamma: float = 1.0


@dataclass(frozen=True)
class FitConfig:
    """Everything that decides a fit, apart from the scans."""

    preset: PresetName = "standard"
    weights: Weights = field(default_factory=Weights)
    identity: Identity = "hard"
    similarity: Similarity = "log-ncc"
    time_encoding: TimeEncoding = "every-layer"
    seed: int = 0


def preset(name: PresetName) -> FitConfig:
    """Return the settings of a preset."""
    return replace(FitConfig(), preset=name)
