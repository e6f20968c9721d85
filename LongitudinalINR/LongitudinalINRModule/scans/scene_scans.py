"""The scans in a scene that say themselves when they were made."""

from __future__ import annotations

from dataclasses import dataclass

import slicer

from LongitudinalINRModule.scans.dicom_tags import Database
from LongitudinalINRModule.scans.scan_dates import MONTHS_ATTRIBUTE, months_since_first, scan_date

_INSTANCES = "DICOM.instanceUIDs"


@dataclass(frozen=True)
class FoundScans:
    """What a scene offers to the table of scans.

    Parameters
    ----------
    scans : list of (vtkMRMLScalarVolumeNode, float)
        With the months of each, in their order.
    segmentation : vtkMRMLSegmentationNode or None
        Of the baseline.
    """

    scans: list[tuple[slicer.vtkMRMLScalarVolumeNode, float]]
    segmentation: slicer.vtkMRMLSegmentationNode | None = None


def scans_in(scene: slicer.vtkMRMLScene, database: Database | None = None) -> FoundScans:
    """Return the simulated subject that came last, else what was loaded from DICOM with a date.

    Parameters
    ----------
    scene : vtkMRMLScene
        Results in it, which lie in the studies of their scans, are not taken for scans.
    database : Database, optional
        Asked for dates.
    """
    volumes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode", scene)
    simulated = {float(own): volume for volume in volumes if (own := volume.GetAttribute(MONTHS_ATTRIBUTE))}
    if simulated:
        labels = [
            node
            for node in slicer.util.getNodesByClass("vtkMRMLSegmentationNode", scene)
            if node.GetAttribute(MONTHS_ATTRIBUTE)
        ]
        return FoundScans(_ordered(simulated), labels[-1] if labels else None)
    loaded = [volume for volume in volumes if volume.GetAttribute(_INSTANCES)]
    months = months_since_first([scan_date(volume, database) for volume in loaded])
    dated = {month: volume for volume, month in zip(loaded, months, strict=True) if month is not None}
    return FoundScans(_ordered(dated))


def _ordered(
    by_month: dict[float, slicer.vtkMRMLScalarVolumeNode],
) -> list[tuple[slicer.vtkMRMLScalarVolumeNode, float]]:
    return [(by_month[month], month) for month in sorted(by_month)]
