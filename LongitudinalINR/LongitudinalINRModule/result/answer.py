"""What a result says first: which regions changed beyond their error, and the warnings of the fit."""

from __future__ import annotations

import numpy as np
import slicer

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.analysis.findings import Change, changed_text, unchanged_text
from LongitudinalINRLib.words import APPROXIMATE_REGIONS
from LongitudinalINRModule.mrml.tables import has_column, numbers_of
from LongitudinalINRModule.result.provenance import provenance_in
from LongitudinalINRModule.result.regions import labels_of, regions_of
from LongitudinalINRModule.result.result import REGIONS_ROLE, SceneResult

_WHOLES = (BRAIN_LABEL, TISSUE_LABEL)


def answer_of(result: SceneResult) -> str:
    """Return lines for people: the regions at the last scan, then the warnings of the fit.

    Parameters
    ----------
    result : SceneResult
        Where it has no regions, only warnings are told; empty where there is nothing to tell.

    Raises
    ------
    InputError
        The table of regions, or the account of the fit, is damaged.
    """
    lines = []
    node = result.browser.GetNodeReference(REGIONS_ROLE)
    if node is not None:
        month = result.observed_months[-1]
        changes = _changes_at(result, node, month)
        if changes:
            texts = changed_text(changes), unchanged_text(changes)
            lines.append(f"By month {month:.4g}, the last scan: " + " ".join(filter(None, texts)))
    warnings = provenance_in(result).get("warnings", [])
    lines += [f"⚠ {warning}" for warning in warnings if isinstance(warning, str)]
    return "\n".join(lines)


def has_approximate_regions(result: SceneResult) -> bool:
    """Tell whether the regions were carried over from an atlas, as the account of the fit says."""
    return APPROXIMATE_REGIONS in provenance_in(result).get("warnings", [])


def _changes_at(result: SceneResult, node: slicer.vtkMRMLTableNode, month: float) -> list[Change]:
    labels, months = labels_of(node), numbers_of(node, "months")
    percent, volume_ml = numbers_of(node, "volume_change_percent"), numbers_of(node, "baseline_volume_ml")
    unknown = np.full(len(labels), np.nan)
    interval = numbers_of(node, "interval_points") if has_column(node, "interval_points") else unknown
    names = {region.label: region.title for region in regions_of(result)}
    rows = [row for row in np.flatnonzero(np.isclose(months, month)) if labels[row] not in _WHOLES]
    return [
        Change(names[int(labels[row])], float(percent[row]), float(interval[row]), float(volume_ml[row]))
        for row in rows
    ]
