"""What is said, in JSON, about the volumes and alignments of a person."""

from __future__ import annotations

from typing import Any

from LongitudinalINRLib.cohort.derivatives.names import uri
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedScan
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.words import MapName, TimeKind

PUBLISHED_MAPS: dict[MapName, tuple[str, str, str]] = {
    "jacobian": (
        "jacobian",
        "Jacobian determinant of the deformation from the baseline to the month: by which factor the tissue "
        "at a voxel has grown (above 1) or shrunk (below 1); 1 outside the brain",
        "1",
    ),
    "rate": (
        "jacobianrate",
        "Rate of change of the Jacobian determinant at the month; 0 outside the brain",
        "1/month",
    ),
}
"""Suffix, description and unit of the maps that a person's derivatives hold."""


def sources_of(plan: PersonPlan) -> list[str]:
    """Return the BIDS URIs of all scans."""
    return [uri(scan.path) for scan in plan.scans]


def of_baseline_space(plan: PersonPlan) -> dict[str, Any]:
    """Return what every volume in the space of the baseline says."""
    return {"SpatialReference": uri(plan.scans[0].path)}


def of_map(plan: PersonPlan, name: MapName, months: float, kind: TimeKind) -> dict[str, Any]:
    """Return what is said of a map."""
    _, description, unit = PUBLISHED_MAPS[name]
    return {
        "Description": description,
        "Units": unit,
        "Months": months,
        "Kind": kind,
        "Sources": sources_of(plan),
        **of_baseline_space(plan),
    }


def of_mask(plan: PersonPlan, origin: str) -> dict[str, Any]:
    """Return what is said of the brain mask."""
    return {
        "Description": f"Brain in which change is measured ({origin})",
        "Type": "Brain",
        "Sources": [uri(plan.scans[0].path)],
        **of_baseline_space(plan),
    }


def of_segmentation(plan: PersonPlan, summary: str) -> dict[str, Any]:
    """Return what is said of regions that were found, not given."""
    return {
        "Description": summary,
        "Manual": False,
        "Sources": [uri(plan.scans[0].path)],
        **of_baseline_space(plan),
    }


def of_transform(plan: PersonPlan, scan: PlannedScan, alignment: Alignment) -> dict[str, Any]:
    """Return what is said of the alignment of a scan."""
    return {
        "Description": "Alignment by which ITK and ANTs resample the follow-up onto the grid of the baseline "
        "(ITK text; LPS mm of the baseline to LPS mm of the follow-up)",
        "Kind": alignment.kind,
        "Months": scan.months,
        "Matrix": alignment.matrix.tolist(),
        "MatrixDescription": "RAS mm of the baseline to RAS mm of the follow-up",
        "SimilarityBefore": alignment.similarity_before,
        "SimilarityAfter": alignment.similarity_after,
        "Sources": [uri(scan.path), uri(plan.scans[0].path)],
        **of_baseline_space(plan),
    }
