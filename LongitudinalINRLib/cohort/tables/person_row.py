"""One line of ``people.parquet``: who a person is, how the work for them ended, how good the scans are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.cohort.plan import PersonPlan
from LongitudinalINRLib.jobs.documents.account import Account

QUALITY_COLUMNS = (
    "unexplained_share",
    "implausible_share",
    "detail_ratio",
    "grain_ratio",
    "curved_share",
    "alignment_similarity",
    "folded_share",
    "brain_ml",
)
"""Numbers that tell people who stand apart: each is that of the worst follow-up."""

WAY = ("preset", "alignment", "labels_from", "version")
"""How a person was fitted: what people should share, if they are to be compared."""

LEFT_OUT = "left out"
"""Status of a person for whom no plan could be made."""


@dataclass(frozen=True)
class PersonRow:
    """A person of the cohort.

    Parameters
    ----------
    participant_id : str
        With ``sub-``.
    group, age_years, sex, site : str, float, str, str or None
        See `covariates.Covariates`.
    status : str
        ``used``; ``done`` and not used; ``failed``; ``waiting``, which was not run to its end; or ``left
        out`` when plans were made, whether there is a result of before or none.
    reason : str
        Why a person is not used; empty for those who are.
    follow_ups : int
        Scans after the baseline.
    last_months : float or None
        When the last of them was.
    warnings : int
        How many there were.
    warning_text : str
        The warnings, a line each.
    unexplained_share : float or None
        Largest share of a follow-up's variance that the deformed baseline leaves unexplained.
    implausible_share : float or None
        Largest share of the brain that changed by more than a quarter.
    detail_ratio, grain_ratio : float or None
        Of the follow-up that is farthest from the baseline in sharpness, and in noise; 1: alike.
    curved_share : float or None
        Largest share of contrast that only a bent course of intensities explains.
    alignment_similarity : float or None
        Lowest after rigid alignment.
    folded_share : float or None
        Largest share of folded voxels in the brain.
    brain_ml : float or None
        Volume of the mask.
    outlying : str
        Names of the numbers among these by which the person stands apart (see `outliers`).
    preset, alignment, labels_from, version : str
        How the person was fitted: the settings' name, how follow-ups were aligned, where the regions came
        from, and by which version of this program. Empty where that is not known.
    """

    participant_id: str
    group: str | None
    age_years: float | None
    sex: str | None
    site: str | None
    status: str
    reason: str
    follow_ups: int = 0
    last_months: float | None = None
    warnings: int = 0
    warning_text: str = ""
    unexplained_share: float | None = None
    implausible_share: float | None = None
    detail_ratio: float | None = None
    grain_ratio: float | None = None
    curved_share: float | None = None
    alignment_similarity: float | None = None
    folded_share: float | None = None
    brain_ml: float | None = None
    outlying: str = ""
    preset: str = ""
    alignment: str = ""
    labels_from: str = ""
    version: str = ""


def way_of(account: Account, plan: PersonPlan) -> dict[str, Any]:
    """Return how a person was fitted, by the names of `WAY`."""
    alignments = dict.fromkeys(each.kind for each in account.alignments)
    return {
        "preset": account.config.preset,
        "alignment": " and ".join(alignments),
        "labels_from": plan.labels_from,
        "version": account.versions.get("LongitudinalINR", ""),
    }


def quality_of(account: Account, rows: Sequence[RegionRow]) -> dict[str, Any]:
    """Return the numbers of `QUALITY_COLUMNS` by name."""
    quality = account.quality
    scans, appearance = (quality.scans, quality.appearance) if quality else ((), ())
    brain = [row for row in rows if row.label == BRAIN_LABEL and row.kind == "observed"]
    return {
        "unexplained_share": max((scan.unexplained_share for scan in scans), default=None),
        "implausible_share": max((scan.implausible_share for scan in scans), default=None),
        "detail_ratio": _farthest_from_one(look.detail_ratio for look in appearance),
        "grain_ratio": _farthest_from_one(look.grain_ratio for look in appearance),
        "curved_share": max((look.curved_share for look in appearance), default=None),
        "alignment_similarity": min((each.similarity_after for each in account.alignments), default=None),
        "folded_share": max((row.folded_voxels / max(row.voxels, 1) for row in brain), default=None),
        "brain_ml": next((row.baseline_volume_ml for row in brain), None),
    }


def _farthest_from_one(ratios: Iterable[float]) -> float | None:
    return max(ratios, key=lambda ratio: max(ratio, 1 / ratio) if ratio > 0 else float("inf"), default=None)
