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
Sampling = Literal["points", "edges", "patches"]
SpatialForm = Literal["root", "square"]
SpatialOf = Literal["displacement", "deformation"]
WeightUnits = Literal["means", "published"]
Start = Literal["learned", "random"]

FORMER_SETTINGS = ("least_gain", "sampling_margin_mm")
"""What older versions could choose: to end a fit early, and to draw points beyond the brain."""

PRESETS: tuple[PresetName, ...] = get_args(PresetName)


@dataclass(frozen=True)
class Weights:
    """Weights of the regularisers: identity lambda, spatial alpha, temporal beta, monotonic gamma."""

    lambda_: float = 0.0
    alpha: float = 15.0
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
    points_share : float
        Share of the points of the similarity that a step draws: few are enough until the rate falls.
    """

    share: float
    smoothing_mm: float
    points_share: float = 1.0


@dataclass(frozen=True)
class FitConfig:
    """Everything that decides a fit, apart from the scans.

    Parameters
    ----------
    preset : {"standard", "preview", "paper"}
        Where the settings come from.
    weights : Weights
        Weights of the regularisers; with a hard identity lambda does nothing.
    weight_units : {"means", "published"}
        What the weights multiply: the means of our loss, or the sums of the authors' code, which grow with
        the number of points and scans (`published.loss_weights`).
    identity : {"hard", "soft"}
        u = t N(x, t), exact at month 0, or u = N(x, t) with lambda |u(x, 0)|^2.
    similarity : {"log-ncc", "ncc", "local-ncc", "mse"}
        Measure of likeness.
    spatial_form : {"root", "square"}
        Whether the spatial term is the root mean square of du/dx, scaled, or its mean square as published.
    spatial_of : {"displacement", "deformation"}
        Whether it is that of u, or of phi = x + u as in equation 2 of the paper, which rewards contraction.
    drift_degree : int
        Degree of the smooth gain and offset between scans that log-ncc leaves free; 0 for plain NCC.
    contrast_degree : int
        Degree of the curve between the intensities of two scans that log-ncc leaves free; 1 for a line.
    time_encoding : {"every-layer", "first-layer"}
        Hidden layers that the time features join (architectures A and B).
    time_activation, time_unit
        Activation of the time sub-network; what one unit of model time is.
    widths, omega
        Widths of the sine layers and the factor in their sine.
    start : {"learned", "random"}
        Hidden layers that a fit starts from: learned on simulated people, or drawn from the seed, as those of
        a network that is not that of `standard` always are. The last layer starts from no change.
    steps, fall_share
        Length of the optimisation, and the share of its steps over which the rate falls.
    optimiser, learning_rate, matrix_learning_rate, weight_decay
        AdamW as published; or Muon at the matrix rate for the square weights and AdamW for the rest.
    sampling : {"points", "edges", "patches"}
        Jittered points of the brain; more of them near its edges, each standing for less (log-ncc only); or
        patches on the lattice as published.
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
    weight_units: WeightUnits = "means"
    identity: Identity = "hard"
    similarity: Similarity = "log-ncc"
    spatial_form: SpatialForm = "root"
    spatial_of: SpatialOf = "displacement"
    drift_degree: int = 2
    contrast_degree: int = 3
    time_encoding: TimeEncoding = "first-layer"
    time_activation: TimeActivation = "tanh"
    time_unit: TimeUnit = "last-observed"
    widths: tuple[int, ...] = (128, 128, 128)
    omega: float = 30.0
    start: Start = "learned"
    steps: int = 210
    fall_share: float = 10 / 21
    optimiser: Optimiser = "muon"
    learning_rate: float = 5e-4
    matrix_learning_rate: float = 1e-3
    weight_decay: float = 0.0
    sampling: Sampling = "edges"
    similarity_points: int = 12_288
    patch_edge: int = 7
    derivative_points: int = 128
    drawn_times: int = 2
    stages: tuple[Stage, ...] = (Stage(2 / 7, 2.0, 1 / 3), Stage(5 / 21, 0.7, 1 / 3), Stage(10 / 21, 0.7))
    seed: int = 0

    @property
    def keeps_trend(self) -> bool:
        """Whether change goes on beyond the last scan at the mean pace seen up to it."""
        return self.identity == "hard" and self.time_unit == "last-observed"

    @property
    def leaves_drift_free(self) -> bool:
        """Whether the similarity itself takes up a smooth intensity drift, better than any step before it."""
        return self.similarity == "log-ncc" and self.drift_degree > 0


def with_former_settings_explained(values: dict[str, Any]) -> dict[str, Any]:
    """Return settings; where they hold some that only an older version had, with what it could not choose."""
    return current_settings(values) if set(FORMER_SETTINGS) & set(values) else values


def current_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Return settings that an older version wrote, with what it could not choose and without what is gone."""
    kept = {name: value for name, value in values.items() if name not in FORMER_SETTINGS}
    return {"spatial_form": "square", "contrast_degree": 1, "start": "random", **kept}


def config_from_dict(values: dict[str, Any]) -> FitConfig:
    """Rebuild a configuration from what `dataclasses.asdict` or its JSON gave."""
    fields = current_settings(values)
    fields["weights"] = Weights(**fields["weights"])
    fields["widths"] = tuple(fields["widths"])
    fields["stages"] = tuple(Stage(**stage) for stage in fields["stages"])
    return FitConfig(**fields)


def preset(name: PresetName) -> FitConfig:
    """Return the settings of a preset: ``standard``, ``preview`` (seconds on a laptop) or ``paper``."""
    return _PRESETS[name]


_PRESETS: dict[PresetName, FitConfig] = {
    "standard": FitConfig(),
    "preview": FitConfig(
        preset="preview",
        steps=105,
        similarity_points=6144,
        derivative_points=128,
    ),
    # Shuaibu et al. 2025; what the paper leaves open is from the authors' public code, the weights too.
    "paper": FitConfig(
        preset="paper",
        weights=Weights(lambda_=100.0, alpha=0.1, beta=0.1, gamma=0.1),
        weight_units="published",
        identity="soft",
        similarity="ncc",
        spatial_form="square",
        time_encoding="every-layer",
        time_activation="leaky-relu",
        time_unit="years",
        widths=(256, 320, 384, 448, 512),
        start="random",
        steps=10_000,
        fall_share=0.0,
        optimiser="adamw",
        learning_rate=4e-5,
        weight_decay=0.01,
        sampling="patches",
        similarity_points=12 * 12**3,
        patch_edge=12,
        derivative_points=2048,
        drawn_times=0,
        stages=(Stage(1.0, 0.0),),
    ),
}
