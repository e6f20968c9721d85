"""What DICOM demands of a header before other objects can be made of it, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom import Dataset

from LongitudinalINRLib.errors import InputError

NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "FrameOfReferenceUID")
MAY_BE_EMPTY = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "StudyID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
)
PATIENT = {"PatientID": "patient ID", "PatientName": "name", "PatientBirthDate": "date of birth"}


def completed(image: Dataset, gap_mm: float, name: str) -> Dataset:
    """Return a header with those elements, empty, that it may not lack.

    Parameters
    ----------
    image : Dataset
        As read; changed in place, in memory alone.
    gap_mm : float
        Between slices, for a slice thickness that is not told.
    name : str
        Of its folder, for the error.

    Raises
    ------
    InputError
        It lacks what nobody else can fill in.
    """
    missing = [keyword for keyword in NEEDED if not image.get(keyword)]
    if missing:
        raise InputError(
            "dicom-header-short",
            f"The series in {name} lacks what other objects must refer to.",
            expected=", ".join(NEEDED),
            found="no " + ", no ".join(missing),
            advice="Give the series as the scanner or the PACS has it.",
        )
    for keyword in MAY_BE_EMPTY:
        if image.get(keyword) is None:
            setattr(image, keyword, "")
    if "PerFrameFunctionalGroupsSequence" not in image and not image.get("SliceThickness"):
        image.SliceThickness = f"{gap_mm:.6g}"
    return image


def differing(images: Sequence[Dataset]) -> list[str]:
    """Return by what the patients of some headers differ, in words, without their values."""
    return [
        word for keyword, word in PATIENT.items() if len({_plain(image, keyword) for image in images}) > 1
    ]


def _plain(image: Dataset, keyword: str) -> str:
    """Return a value without what differs between scanners: case, padding, and empty parts of a name."""
    return str(image.get(keyword) or "").strip().strip("^ ").upper()


def refuse_other_patient(images: Sequence[Dataset], same_person: bool) -> list[str]:
    """Return by what the patients of some series differ, if it is stated that they are one person.

    Raises
    ------
    InputError
        They differ, and nobody said that they are one person.
    """
    found = differing(images)
    if found and not same_person:
        raise InputError(
            "dicom-other-patient",
            "The DICOM series are not of one patient.",
            expected="the same patient ID, name and date of birth in all series",
            found="another " + ", another ".join(found),
            advice="Check the folders. If it is one person all the same, as in anonymised series, add "
            "--same-person: the objects will say so.",
        )
    return found
