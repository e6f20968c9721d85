"""Whether scans look like the same person on the same scanner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from LongitudinalINRModule.scans import dicom_tags
from LongitudinalINRModule.scans.dicom_tags import Database, Tag, tag_value

if TYPE_CHECKING:
    import slicer

_SCANNER: tuple[tuple[str, Tag], ...] = (
    ("manufacturer of the scanner", dicom_tags.MANUFACTURER),
    ("model of the scanner", dicom_tags.MODEL),
    ("field strength", dicom_tags.FIELD_STRENGTH),
    ("MR sequence", dicom_tags.SEQUENCE),
    ("protocol", dicom_tags.PROTOCOL),
)


def consistency_warnings(
    volumes: Sequence[slicer.vtkMRMLScalarVolumeNode], database: Database | None = None
) -> list[str]:
    """Return what speaks against comparing the scans; what is not known is not held against them.

    Patient IDs and birth dates are compared but never told.

    Parameters
    ----------
    volumes : sequence of vtkMRMLVolumeNode or None
        In the order of the table, None where none is chosen: scans are called by their row, from 1.
    database : Database, optional
        Knows the tags of the loaded files.
    """
    warnings = []
    for what, tag in (("patient ID", dicom_tags.PATIENT_ID), ("birth date", dicom_tags.BIRTH_DATE)):
        if len(_values(volumes, tag, database)) > 1:
            warnings.append(f"The scans differ in {what}: make sure that they are of one person.")
    for what, tag in _SCANNER:
        values = _values(volumes, tag, database)
        if len(values) > 1:
            told = ", ".join(f"{value} (scan {scan})" for value, scan in values.items())
            warnings.append(
                f"The {what} changed between visits: {told}. Part of the change can come from it."
            )
    return warnings


def _values(
    volumes: Sequence[slicer.vtkMRMLScalarVolumeNode], tag: Tag, database: Database | None
) -> dict[str, int]:
    """Return each different value, with the number of the first scan that has it."""
    values: dict[str, int] = {}
    for number, volume in enumerate(volumes, start=1):
        value = tag_value(volume, tag, database) if volume is not None else ""
        if value:
            values.setdefault(_plain(value), number)
    return values


def _plain(value: str) -> str:
    """Write numbers alike: a field strength of 3 is one of 3.0."""
    try:
        return f"{float(value):g}"
    except ValueError:
        return value
