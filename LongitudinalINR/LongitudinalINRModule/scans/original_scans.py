"""The volumes of a scene that a scanner made, and what they say about themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.roles import ROLE_ATTRIBUTE, nodes_of
from LongitudinalINRModule.mrml.subject_hierarchy import ancestor_at
from LongitudinalINRModule.scans import dicom_tags
from LongitudinalINRModule.scans.dicom_tags import INSTANCES_ATTRIBUTE, Database, tag_value
from LongitudinalINRModule.scans.scan_dates import MONTHS_ATTRIBUTE, ScanDate, scan_date
from LongitudinalINRModule.scans.scan_export import check_scan


@dataclass(frozen=True)
class OriginalScan:
    """A scan as it lies in a scene.

    Parameters
    ----------
    volume : vtkMRMLScalarVolumeNode
        Not changed.
    person : str
        Tells people apart, and is shown to nobody; empty where nothing says whose scan it is.
    modality : str
        DICOM's word, for example MR; empty where it is not known.
    series : str
        Description and protocol of the series in small letters, else the name of the volume.
    date : ScanDate
        When it was made.
    own_months : float, optional
        Months that the volume brings along, as a simulated one does.
    """

    volume: slicer.vtkMRMLScalarVolumeNode
    person: str
    modality: str
    series: str
    date: ScanDate
    own_months: float | None = None

    @property
    def voxels(self) -> int:
        """How many it has."""
        return int(self.volume.GetImageData().GetNumberOfPoints())


def original_scans(scene: slicer.vtkMRMLScene, database: Database | None = None) -> list[OriginalScan]:
    """Return what was loaded from DICOM or from other files, and simulated scans, in the order of the scene.

    Neither maps and differences of a result, nor what shows an item of a sequence, nor volumes that were made
    in the scene, nor a copy of another scan, nor what a workstation made of one (DERIVED, SECONDARY).

    Parameters
    ----------
    scene : vtkMRMLScene
        Not changed.
    database : Database, optional
        Asked for what the subject hierarchy does not tell.
    """
    found: dict[str, OriginalScan] = {}
    for volume in nodes_of(scene, "vtkMRMLScalarVolumeNode"):
        if _is_usable(volume) and not _is_shown_by_us(volume) and not _is_derived(volume, database):
            found.setdefault(_origin(volume), _described(volume, database))
    found.pop("", None)
    return list(found.values())


def is_proxy(node: slicer.vtkMRMLNode) -> bool:
    """Tell whether a node shows an item of a sequence, and another one at another time."""
    browsers = nodes_of(node.GetScene(), "vtkMRMLSequenceBrowserNode")
    return any(browser.IsProxyNodeID(node.GetID()) for browser in browsers)


def _is_usable(volume: slicer.vtkMRMLScalarVolumeNode) -> bool:
    try:
        check_scan(volume)
    except InputError:
        return False
    return not volume.GetHideFromEditors()


def _is_shown_by_us(volume: slicer.vtkMRMLScalarVolumeNode) -> bool:
    return volume.GetAttribute(ROLE_ATTRIBUTE) is not None or is_proxy(volume)


def _is_derived(volume: slicer.vtkMRMLScalarVolumeNode, database: Database | None) -> bool:
    kinds = tag_value(volume, dicom_tags.IMAGE_TYPE, database).upper().split("\\")
    return "DERIVED" in kinds and "SECONDARY" in kinds


def _origin(volume: slicer.vtkMRMLScalarVolumeNode) -> str:
    """Return what a copy of a volume has in common with it; empty where the volume was made in the scene."""
    own = volume.GetAttribute(MONTHS_ATTRIBUTE)
    if own:
        return f"{ancestor_at(volume.GetScene(), volume, 'Patient')} {own}"
    instances = volume.GetAttribute(INSTANCES_ATTRIBUTE)
    storage = volume.GetStorageNode()
    return instances or (storage.GetFileName() if storage is not None else None) or ""


def _described(volume: slicer.vtkMRMLScalarVolumeNode, database: Database | None) -> OriginalScan:
    own = volume.GetAttribute(MONTHS_ATTRIBUTE)
    described = (dicom_tags.SERIES_DESCRIPTION, dicom_tags.PROTOCOL)
    texts = [tag_value(volume, tag, database) for tag in described]
    return OriginalScan(
        volume,
        _person(volume, database),
        tag_value(volume, dicom_tags.MODALITY, database),
        re.sub(r"[^a-z0-9+]+", " ", (" ".join(texts).strip() or volume.GetName()).lower()).strip(),
        scan_date(volume, database),
        float(own) if own else None,
    )


def _person(volume: slicer.vtkMRMLScalarVolumeNode, database: Database | None) -> str:
    patient = ancestor_at(volume.GetScene(), volume, "Patient")
    # Not the ID alone: of anonymised people it is often the same.
    return tag_value(volume, dicom_tags.PATIENT_ID, database) if patient is None else f"item {patient}"
