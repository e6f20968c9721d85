"""What DICOM says about a loaded volume: first its subject hierarchy, then the database of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from LongitudinalINRModule.mrml.subject_hierarchy import inherited_attribute

if TYPE_CHECKING:
    import slicer

PATIENT_ID = ("DICOM.PatientID", "0010,0020")
BIRTH_DATE = ("DICOM.PatientBirthDate", "0010,0030")
STUDY_DATE = ("DICOM.StudyDate", "0008,0020")
DATES_CHANGED = ("", "0028,0303")
MANUFACTURER = ("", "0008,0070")
MODEL = ("", "0008,1090")
STATION = ("", "0008,1010")
FIELD_STRENGTH = ("", "0018,0087")
SERIAL_NUMBER = ("", "0018,1000")
SOFTWARE = ("", "0018,1020")
SEQUENCE = ("", "0018,0024")
PROTOCOL = ("", "0018,1030")
MODALITY = ("DICOM.Modality", "0008,0060")
SERIES_DESCRIPTION = ("", "0008,103E")
IMAGE_TYPE = ("", "0008,0008")

INSTANCES_ATTRIBUTE = "DICOM.instanceUIDs"
"""Of a volume that was loaded from DICOM: its instances, with blanks between them."""

Tag = tuple[str, str]


class Database(Protocol):
    """The part of Slicer's DICOM database that is used."""

    def instanceValue(self, instance_uid: str, tag: str) -> str:
        """Return the value of a tag of an instance; empty where it is not known."""


def tag_value(volume: slicer.vtkMRMLVolumeNode, tag: Tag, database: Database | None = None) -> str:
    """Return what a tag says about a volume.

    Parameters
    ----------
    volume : vtkMRMLVolumeNode
        Loaded from DICOM or not.
    tag : tuple of str
        Name of the attribute in the subject hierarchy (empty where it keeps none), and DICOM tag.
    database : Database, optional
        Asked where the subject hierarchy has nothing.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    attribute, code = tag
    value = inherited_attribute(volume.GetScene(), volume, attribute).strip() if attribute else ""
    instances = (volume.GetAttribute(INSTANCES_ATTRIBUTE) or "").split()
    if value or database is None or not instances:
        return value
    return (database.instanceValue(instances[0], code) or "").strip()
