"""Folders as an archive exports them: several series of a visit, in subfolders or side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from dicom_writer import Elements, write_series

from LongitudinalINRLib.imaging.dicom import tags

VOXELS = np.random.default_rng(3).integers(1, 1000, (6, 5, 7)).astype(np.uint16)
LPS = np.diag([1.0, 1.0, 1.5, 1.0])

LOCALISER: Elements = {
    tags.IMAGE_TYPE: ("CS", ["ORIGINAL", "PRIMARY", "LOCALIZER"]),
    tags.SERIES_DESCRIPTION: ("LO", "AAHead_Scout"),
}
T1: Elements = {tags.SERIES_DESCRIPTION: ("LO", "T1 MPRAGE sag"), tags.ACQUISITION_TYPE: ("CS", "3D")}
T2: Elements = {tags.SERIES_DESCRIPTION: ("LO", "t2_tse_tra"), tags.ACQUISITION_TYPE: ("CS", "2D")}
DERIVED: Elements = {
    tags.IMAGE_TYPE: ("CS", ["DERIVED", "SECONDARY", "MPR"]),
    tags.SERIES_DESCRIPTION: ("LO", "T1 MPRAGE tra MPR"),
}
PERSON: Elements = {
    tags.PATIENT_ID: ("LO", "4711"),
    tags.PATIENT_NAME: ("PN", "Mustermann^Erika"),
    tags.PATIENT_BIRTH_DATE: ("DA", "19640812"),
    tags.PATIENT_SEX: ("CS", "F"),
}


def uid_of(number: int, visit: str = "1") -> str:
    return f"1.2.826.{visit}.{number}"


def add_series(
    folder: Path,
    number: int,
    elements: Elements,
    voxels: np.ndarray = VOXELS,
    lps: np.ndarray = LPS,
    visit: str = "1",
    day: str = "20200102",
) -> None:
    """Write one series of a visit into a folder, beside what is there."""
    uid = uid_of(number, visit)

    def change(index: int, own: Elements) -> None:
        own[tags.STUDY] = ("UI", f"1.2.826.{visit}")
        own[tags.SERIES] = ("UI", uid)
        own[tags.SOP_INSTANCE] = ("UI", f"{uid}.{index + 1}")
        own[tags.SERIES_NUMBER] = ("IS", number)
        own[tags.ACQUISITION_DATE] = ("DA", day)
        own.update(PERSON)
        own.update(elements)

    folder.mkdir(parents=True, exist_ok=True)
    write_series(folder, voxels, lps, change, start=100 * number)


def add_visit(
    folder: Path,
    voxels: np.ndarray = VOXELS,
    lps: np.ndarray = LPS,
    visit: str = "1",
    day: str = "20200102",
    more: Elements | None = None,
    flat: bool = False,
) -> Path:
    """Write a visit: a localiser, a T2, a reformat and one 3D T1-weighted series, which is number 5."""
    for number, elements in ((1, LOCALISER), (2, T2), (5, T1), (6, DERIVED)):
        place = folder if flat else folder / "PAT0" / "ST0" / f"SE{number}"
        few = voxels if number == 5 else voxels[:, :, ::3]
        step = lps if number == 5 else lps @ np.diag([1, 1, 3, 1])
        add_series(place, number, {**elements, **(more or {})}, few, step, visit, day)
    return folder
