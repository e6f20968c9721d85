"""Whether the scans of a job are of one scanner, asked before copies of them lose their headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from LongitudinalINRLib.imaging.scanner import ScannerNames, same_scanner
from LongitudinalINRLib.jobs.request import Scanner
from LongitudinalINRModule.scans import dicom_tags
from LongitudinalINRModule.scans.dicom_tags import Database, tag_value

if TYPE_CHECKING:
    import slicer

_TAGS = {
    "serial_number": dicom_tags.SERIAL_NUMBER,
    "manufacturer": dicom_tags.MANUFACTURER,
    "model": dicom_tags.MODEL,
    "station": dicom_tags.STATION,
    "field_strength": dicom_tags.FIELD_STRENGTH,
    "software": dicom_tags.SOFTWARE,
}


def scanner_of_volumes(
    volumes: Sequence[slicer.vtkMRMLScalarVolumeNode], database: Database | None = None
) -> Scanner:
    """Return what to ask the engine for: `same` where DICOM says so of all volumes, else `auto`.

    Parameters
    ----------
    volumes : sequence of vtkMRMLVolumeNode
        Loaded from DICOM or not.
    database : Database, optional
        Knows the tags of the loaded files.
    """
    named = {
        f"scan-{index}": ScannerNames.from_texts(
            {name: tag_value(volume, tag, database) for name, tag in _TAGS.items()}
        )
        for index, volume in enumerate(volumes)
    }
    return "same" if same_scanner(named).same else "auto"
