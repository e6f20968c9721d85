"""The study that the objects go to: its patient and study, and references to all studies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydicom import Dataset
from pydicom.sequence import Sequence as Items

from LongitudinalINRLib import __version__
from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.dicom_out.headers import MAY_BE_EMPTY

RESEARCH_USE = "Research use only"
MAKER = "LongitudinalINR"
FIRST_SERIES_NUMBER = 9600

# Modules Patient, General Study and Patient Study, as far as they tell of the person and the order.
_OF_STUDY = (
    *MAY_BE_EMPTY,
    "StudyInstanceUID",
    "StudyDescription",
    "IssuerOfPatientID",
    "OtherPatientIDs",
    "PatientAge",
    "PatientSize",
    "PatientWeight",
    "EthnicGroup",
    "PatientComments",
    "PatientIdentityRemoved",
    "DeidentificationMethod",
)


@dataclass(frozen=True, eq=False)
class Target:
    """Where the objects go and what they refer to.

    Parameters
    ----------
    home : Dataset
        A header of the study that they become part of.
    images : tuple of Dataset
        Headers of all series that they come from or belong with.
    remarks : str
        How they were made, for people.
    """

    home: Dataset
    images: tuple[Dataset, ...]
    remarks: str

    def adopt(self, made: Dataset) -> None:
        """Make an object part of the study, in place; it names all studies and this program."""
        for keyword in _OF_STUDY:
            value = self.home.get(keyword)
            made.pop(keyword, None)  # never changed in place: the element may be the source's own
            if value is not None:
                setattr(made, keyword, str(value))
        made.ContributingEquipmentSequence = Items([self._equipment()])
        made.CodingSchemeIdentificationSequence = Items([codes.private_scheme()])
        if made.Modality not in ("SR", "DOC"):  # which have lists of evidence and sources of their own
            made.BodyPartExamined = "BRAIN"
            self._refer(made)

    def sources(self) -> Items:
        """Return references to all images, for objects that are not made of frames of theirs."""
        items = [_reference(image) for image in self.images]
        for item in items:
            item.PurposeOfReferenceCodeSequence = Items([codes.item_of(codes.SOURCE_IMAGE)])
        return Items(items)

    def _equipment(self) -> Dataset:
        equipment = Dataset()
        equipment.PurposeOfReferenceCodeSequence = Items([codes.item_of(codes.PROCESSING)])
        equipment.Manufacturer = MAKER
        equipment.ManufacturerModelName = "longitudinal-inr"
        equipment.SoftwareVersions = __version__
        equipment.ContributionDescription = self.remarks[:1024]
        return equipment

    def _refer(self, made: Dataset) -> None:
        made.pop("ReferencedSeriesSequence", None)
        made.pop("StudiesContainingOtherReferencedInstancesSequence", None)
        studies: dict[str, dict[str, list[Dataset]]] = {}
        for image in self.images:
            series = studies.setdefault(image.StudyInstanceUID, {})
            series.setdefault(image.SeriesInstanceUID, []).append(image)
        own = studies.pop(made.StudyInstanceUID, None)
        if own:
            made.ReferencedSeriesSequence = _series(own)
        if studies:
            made.StudiesContainingOtherReferencedInstancesSequence = Items(
                [
                    _item(StudyInstanceUID=uid, ReferencedSeriesSequence=_series(series))
                    for uid, series in studies.items()
                ]
            )


def series_description(what: str) -> str:
    """Return the description of a series, never without what it may be used for; at most 64 characters."""
    return f"{what} ({RESEARCH_USE.lower()})"[:64]


def maker(series_number: int, series_uid: str, instance_uid: str, number: int) -> dict[str, Any]:
    """Return what every object of highdicom's is told about its series and the program."""
    return {
        "series_instance_uid": series_uid,
        "series_number": FIRST_SERIES_NUMBER + series_number,
        "sop_instance_uid": instance_uid,
        "instance_number": number,
        "manufacturer": MAKER,
    }


SOFTWARE: dict[str, Any] = {
    "manufacturer_model_name": "longitudinal-inr",
    "software_versions": __version__,
    "device_serial_number": "none",
}


def _series(series: dict[str, list[Dataset]]) -> Items:
    return Items(
        [
            _item(SeriesInstanceUID=uid, ReferencedInstanceSequence=Items(map(_reference, images)))
            for uid, images in series.items()
        ]
    )


def _reference(image: Dataset) -> Dataset:
    return _item(ReferencedSOPClassUID=image.SOPClassUID, ReferencedSOPInstanceUID=image.SOPInstanceUID)


def _item(**elements: Any) -> Dataset:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item
