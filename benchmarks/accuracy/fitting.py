"""Our method as the suite runs it: a fit, kept in a file, that answers at points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors.torch import load, save

from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Values
from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.fit import fit
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.files import write_bytes, write_text
from LongitudinalINRLib.jobs.start import start_digest, start_of


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model that answers as an `Estimate`.

    Parameters
    ----------
    model : FittedModel
        The model.
    seconds, steps : float, int
        What the fit took.
    losses : dict of str to float
        Terms of the loss at its last step.
    """

    model: FittedModel
    seconds: float
    steps: int
    losses: dict[str, float]

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at points."""
        return PointEvaluator(self.model).jacobian(points_mm, months)

    def rate(self, points_mm: Values, months: float) -> Values:
        """Return d|J|/dt per month at points."""
        return PointEvaluator(self.model).jacobian_and_rate(points_mm, months)[1]


def fitted(
    subject: Prepared,
    config: FitConfig,
    fitted_months: Sequence[float],
    file: Path,
    device: str = "cpu",
) -> Fitted:
    """Fit a subject, or read the same fit back.

    Parameters
    ----------
    subject : Prepared
        Whom.
    config : FitConfig
        How.
    fitted_months : sequence of float
        Follow-ups to fit.
    file : Path
        Where the model is kept; a fit with other settings is made anew.
    device : str
        Where to compute.
    """
    made_by = json.loads(json.dumps([asdict(config), start_digest(config), list(fitted_months)]))
    description = file.with_suffix(".json")
    if description.exists():
        kept = json.loads(description.read_text("utf-8"))
        if kept["made_by"] == made_by:
            model = FittedModel.from_parts(load(file.read_bytes()), kept["model"])
            return Fitted(model, kept["seconds"], kept["steps"], kept["losses"])
    result = fit(subject.problem(config, fitted_months), config, device=device, start=start_of(config))
    *_, last = result.history
    losses = {name: value for name, value in last.items() if name != "step"}
    tensors, metadata = result.model.tensors(), result.model.metadata()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, save(tensors))
    kept = {
        "made_by": made_by,
        "model": metadata,
        "seconds": result.seconds,
        "steps": int(last["step"]),
        "losses": losses,
    }
    write_text(description, json.dumps(kept))
    return Fitted(FittedModel.from_parts(tensors, metadata), result.seconds, kept["steps"], losses)
