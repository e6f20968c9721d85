"""What every stage of a job has at hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.imaging.person import PersonFinding
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import Identity
from LongitudinalINRLib.jobs.progress import Reporter
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.scans import Scans
from LongitudinalINRLib.jobs.start import start_digest


@dataclass(frozen=True)
class Job:
    """A request at work.

    Parameters
    ----------
    folder : JobFolder
        Where everything is.
    request : Request
        What is asked.
    identity : dict
        Hash of every input.
    scans : Scans
        The input volumes.
    reporter : Reporter
        Takes progress and warnings; knows whether to stop.
    person : PersonFinding
        Whether the scans' headers name one person.
    checkpoint_seconds : float
        Time between checkpoints of the fit.
    """

    folder: JobFolder
    request: Request
    identity: Identity
    scans: Scans
    reporter: Reporter
    person: PersonFinding
    checkpoint_seconds: float = 30.0

    def fit_key(self) -> str:
        """Return what decides the fit as one hash: a checkpoint or model of another key is another fit's."""
        later = ("labels-", "norms")  # they matter once the fit is done
        inputs = {name: value for name, value in self.identity.items() if not name.startswith(later)}
        return _hashed(
            __version__,
            inputs,
            self.request.months,
            asdict(self.request.config),
            start_digest(self.request.config),
            self.request.align,
            self.request.bias_correction,
        )

    def alignment_key(self, scan: str) -> str:
        """Return what decides the alignment of a scan as one hash."""
        deciding = [self.identity.get(name) for name in ("scan-0", scan, "mask", "labels")]
        if "exclude" in self.identity:
            deciding.append(self.identity["exclude"])
        return _hashed(__version__, deciding, self.request.align)


def _hashed(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
