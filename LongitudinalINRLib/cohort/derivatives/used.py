"""Which settings the people of a cohort were fitted with, and which scans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from LongitudinalINRLib.cohort.plan import PersonPlan, request_of
from LongitudinalINRLib.core.config import FitConfig

Names = Counter[str]


@dataclass
class Used:
    """What was used, with the number of people that it was used for.

    Parameters
    ----------
    configs : Counter of FitConfig
        How people were fitted.
    alignments, regions, masks : Counter of str
        How follow-ups were aligned, where regions and brain masks came from.
    months_from : Counter of str
        Where the times of the scans came from, by scans.
    scans : Counter of int
        Scans of a person.
    last_months : list of float
        When the last scan of each person was made.
    bias_corrected, compared_with_norms : int
        People whose scans were corrected for shading, and who were compared with norms.
    """

    configs: Counter[FitConfig] = field(default_factory=Counter)
    alignments: Names = field(default_factory=Counter)
    regions: Names = field(default_factory=Counter)
    masks: Names = field(default_factory=Counter)
    months_from: Names = field(default_factory=Counter)
    scans: Counter[int] = field(default_factory=Counter)
    last_months: list[float] = field(default_factory=list)
    bias_corrected: int = 0
    compared_with_norms: int = 0

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.last_months)


def used_by(plans: Iterable[PersonPlan]) -> Used:
    """Return what was used for the people of some plans."""
    used = Used()
    for plan in plans:
        request = request_of(plan)
        used.configs[request.config] += 1
        used.alignments[request.align] += 1
        used.regions[plan.labels_from] += 1
        mask = "given" if request.mask else "labels" if request.labels else "estimated"
        used.masks[mask] += 1
        used.months_from.update(scan.months_from for scan in plan.scans)
        used.scans[len(plan.scans)] += 1
        used.last_months.append(plan.scans[-1].months)
        used.bias_corrected += request.bias_correction
        used.compared_with_norms += request.norms is not None
    return used
