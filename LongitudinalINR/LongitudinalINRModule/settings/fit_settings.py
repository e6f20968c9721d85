"""From the panel's settings to what the engine is asked for, and from a preset to the panel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import slicer

from LongitudinalINRLib.core.config import FitConfig, PresetName, Weights, preset
from LongitudinalINRLib.core.known_errors import has_known_errors
from LongitudinalINRLib.jobs.request import Align, Device, NormsEntry, Regions, Scanner
from LongitudinalINRLib.words import MapName
from LongitudinalINRModule.settings.choices import Identity, Preset, Similarity, TimeEncoding
from LongitudinalINRModule.settings.norms import norms_entry
from LongitudinalINRModule.settings.time_points import map_months

if TYPE_CHECKING:
    from LongitudinalINRModule.settings.parameters import Parameters

MAPS: tuple[MapName, ...] = ("jacobian", "rate", "aligned", "warped")


@dataclass(frozen=True)
class JobSettings:
    """What to do with the scans, apart from the scans.

    Parameters
    ----------
    config : FitConfig
        How to fit.
    align, bias_correction, scanner, device
        As in the request of a job.
    step_months, extrapolate_months : float
        Distance between stored maps (0: only at the scans), and how far to go beyond the last scan.
    allow_far : bool
        Whether it may be farther than the scans span.
    regions : str
        Where regions come from if there is no segmentation, as in the request of a job.
    displacement : bool
        Whether the deformation is written too.
    norms : NormsEntry, optional
        Norms of healthy people, and the person's age and sex.
    """

    config: FitConfig = field(default_factory=lambda: preset("standard"))
    align: Align = "rigid"
    bias_correction: bool = False
    scanner: Scanner = "auto"
    device: Device = "auto"
    step_months: float = 0.0
    extrapolate_months: float = 0.0
    allow_far: bool = False
    regions: Regions = "none"
    displacement: bool = False
    norms: NormsEntry | None = None

    @property
    def maps(self) -> tuple[MapName, ...]:
        """Maps to ask for; the interval where the settings are such that it is known."""
        interval: tuple[MapName, ...] = ("interval",) if has_known_errors(self.config) else ()
        return (*MAPS, *interval, "displacement") if self.displacement else (*MAPS, *interval)

    def map_months(self, scan_months: list[float]) -> tuple[float, ...]:
        """Return the months to ask for maps at, the scans' among them."""
        return map_months(scan_months, self.step_months, self.extrapolate_months)


def job_settings(parameters: Any) -> JobSettings:
    """Return the settings of the panel."""
    return JobSettings(
        config=fit_config(parameters),
        align=parameters.align.engine_name,
        bias_correction=parameters.biasCorrection,
        scanner=parameters.scanner.engine_name,
        device=parameters.device.engine_name,
        step_months=parameters.stepMonths,
        extrapolate_months=parameters.extrapolateMonths,
        allow_far=parameters.allowFar,
        regions="atlas" if parameters.atlas else "none",
        displacement=parameters.displacement,
        norms=norms_entry(parameters),
    )


def fit_config(parameters: Any) -> FitConfig:
    """Return how to fit: the preset with what was set instead of its own values."""
    config = preset(parameters.preset.engine_name)
    return replace(
        config,
        weights=Weights(
            lambda_=parameters.lambdaWeight,
            alpha=parameters.alphaWeight,
            beta=parameters.betaWeight,
            gamma=parameters.gammaWeight,
        ),
        identity=parameters.identity.engine_name,
        similarity=parameters.similarity.engine_name,
        time_encoding=parameters.timeEncoding.engine_name,
        steps=parameters.steps or config.steps,
        seed=parameters.seed,
    )


def apply_preset(parameters: Parameters, chosen: Preset) -> None:
    """Set everything that a preset decides."""
    config = preset(cast(PresetName, chosen.engine_name))
    with slicer.util.NodeModify(parameters.parameterNode):
        parameters.preset = chosen
        parameters.identity = Identity[config.identity]
        parameters.similarity = Similarity[config.similarity.replace("-", "_")]
        parameters.timeEncoding = TimeEncoding[config.time_encoding.replace("-", "_")]
        parameters.lambdaWeight = config.weights.lambda_
        parameters.alphaWeight = config.weights.alpha
        parameters.betaWeight = config.weights.beta
        parameters.gammaWeight = config.weights.gamma
        parameters.steps = 0
