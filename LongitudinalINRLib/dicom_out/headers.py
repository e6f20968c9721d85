"""What DICOM demands of a header before other objects can be made of it, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence

from pydicom import Dataset

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.person import Person, differences

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


def refuse_other_patient(people: Sequence[Person], same_person: bool) -> list[str]:
    """Return by what the patients of some series differ, if it is stated that they are one person.

    They are compared as a fit compares its scans: with the first, and what one of both leaves blank does not
    differ.

    Raises
    ------
    InputError
        They differ, and nobody said that they are one person.
    """
    different = differences({f"series {number}": person for number, person in enumerate(people)})
    found = list(dict.fromkeys(word for words in different.values() for word in words))
    if found and not same_person:
        raise InputError(
            "dicom-other-patient",
            "The DICOM series are not of one patient.",
            expected="the same patient ID, name, birth date and sex in all series, where they tell it",
            found="another " + ", another ".join(found),
            advice="Check the folders. If it is one person all the same, as in anonymised series, add "
            "--same-person: the objects will say so.",
        )
    return found
