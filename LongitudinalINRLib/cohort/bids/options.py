"""What a person asks of a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from LongitudinalINRLib.cohort.bids.choice import Wanted
from LongitudinalINRLib.cohort.bids.given_months import GivenMonths
from LongitudinalINRLib.cohort.plan import Keep
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.jobs.request import Align, Device, Outputs, Regions, Scanner

OUTPUTS: dict[Keep, Outputs] = {
    "model": Outputs(maps=(), report=False),
    "maps": Outputs(report=False),
    "all": Outputs(),
}
"""What the job of a person writes besides the model and the tables."""


@dataclass(frozen=True)
class Options:
    """How people's scans are chosen and fitted.

    Parameters
    ----------
    participants, sessions : sequence of str
        Labels, with or without prefix; everybody and every session if empty.
    wanted : Wanted
        Which scans are asked for.
    months : GivenMonths
        Times that were given.
    derivatives : sequence of Path
        Where segmentations lie; the usual places if empty.
    use_derivatives : bool
        Whether segmentations are looked for at all.
    regions : str
        Where the regions come from for people without a segmentation.
    norms : Path, optional
        Norms of healthy people.
    keep : str
        See `plan.PersonPlan`.
    config, align, scanner, device, bias_correction
        See `Request`.
    template : bool
        Whether people are registered to the template of group maps.
    """

    participants: Sequence[str] = ()
    sessions: Sequence[str] = ()
    wanted: Wanted = field(default_factory=Wanted)
    months: GivenMonths = field(default_factory=GivenMonths)
    derivatives: Sequence[Path] = ()
    use_derivatives: bool = True
    regions: Regions = "atlas"
    norms: Path | None = None
    keep: Keep = "model"
    config: FitConfig = field(default_factory=FitConfig)
    align: Align = "rigid"
    scanner: Scanner = "auto"
    device: Device = "auto"
    bias_correction: bool = False
    template: bool = True
