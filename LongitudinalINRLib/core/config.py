"""What can be set about a fit, and the three presets. Importing this does not need torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

PresetName = Literal["standard", "preview", "paper"]
Identity = Literal["hard", "soft"]
Similarity = Literal["log-ncc", "ncc", "local-ncc", "mse"]
TimeEncoding = Literal["every-layer", "first-layer"]
TimeActivation = Literal["tanh", "leaky-relu"]
TimeUnit = Literal["last-observed", "years"]
Optimiser = Literal["muon", "adamw"]
Sampling = Literal["points", "patches"]

PRESETS: tuple[PresetName, ...] = get_args(PresetName)


@dataclass(frozen=True)
class Weights:
    """Weights of the regularisers: identity lambda, spatial alpha, temporal beta, monotonic gamma."""

    lambda_: float = 0.0
    alpha: float = 20.0
    beta: float = 1.0
    gamma: float = 0.1


@dataclass(frozen=True)
class Stage:
    """A part of the fit in which the scans are smoothed alike: coarse to fine.

    Parameters
    ----------
    share : float
        Share of all steps.
    smoothing_mm : float
        Standard deviation of the Gaussian applied to the scans; 0 for none.
    """

    share: float
    smoothing_mm: float


@dataclass(frozen=True)
class FitConfig:
    """Everything that decides a fit, apart from the scans.

    Parameters
    ----------
    preset : {"standard", "preview", "paper"}
        Where the settings come from.
    weights : Weights
        Weights of the regularisers; with a hard identity lambda does nothing.
    identity : {"hard", "soft"}
        u = t N(x, t), exact at month 0, or u = N(x, t) with lambda |u(x, 0)|^2.
    similarity : {"log-ncc", "ncc", "local-ncc", "mse"}
        Measure of likeness.
    time_encoding : {"every-layer", "first-layer"}
        Hidden layers that the time features join (architectures A and B).
    time_activation, time_unit
        Activation of the time sub-network; what one unit of model time is.
    widths, omega
        Widths of the sine layers and the factor in their sine.
    steps, fall_share
        Length of the optimisation, and the share of the steps over which its rate falls.
    optimiser, learning_rate, matrix_learning_rate, weight_decay
        AdamW as published; or Muon at the matrix rate for the square weights and AdamW for the rest.
    sampling : {"points", "patches"}
        Jittered points of the brain, or patches on the lattice as published.
    similarity_points, patch_edge
        Points of the similarity per step; edge of a patch in voxels (patches and local-ncc).
    derivative_points, drawn_times
        Points of the regularisers per step; random times added to the observed ones.
    stages : tuple of Stage
        Coarse to fine.
    seed : int
        Same seed, same CPU, same bits.
    """

    preset: PresetName = "standard"
    weights: Weights = field(default_factory=Weights)
    identity: Identity = "hard"
    similarity: Similarity = "log-ncc"
    time_encoding: TimeEncoding = "every-layer"
    time_activation: TimeActivation = "tanh"
    time_unit: TimeUnit = "last-observed"
    widths: tuple[int, ...] = (128, 128, 128)
    omega: float = 30.0
    steps: int = 1000
    fall_share: float = 1.0
    optimiser: Optimiser = "muon"
    learning_rate: float = 5e-4
    matrix_learning_rate: float = 1e-3
    weight_decay: float = 0.0
    sampling: Sampling = "points"
    similarity_points: int = 8192
    patch_edge: int = 7
    derivative_points: int = 1024
    drawn_times: int = 2
    stages: tuple[Stage, ...] = (Stage(0.3, 2.0), Stage(0.7, 0.0))
    seed: int = 0


def config_from_dict(values: dict[str, Any]) -> FitConfig:
    """Rebuild a configuration from what `dataclasses.asdict` or its JSON gave."""
    fields = dict(values)
    fields["weights"] = Weights(**fields["weights"])
    fields["widths"] = tuple(fields["widths"])
    fields["stages"] = tuple(Stage(**stage) for stage in fields["stages"])
    return FitConfig(**fields)
