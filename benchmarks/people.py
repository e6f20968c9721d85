"""The people whose brains the simulations deform, and where their scans are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from scipy import ndimage

from benchmarks.dlmuse import in_freesurfer_numbers
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject

DATA_VARIABLE = "LONGITUDINAL_INR_DATA"
USUAL = "t1_labelled"
"""The person that everything is measured on where no other is named."""


@dataclass(frozen=True)
class Person:
    """A brain with its regions.

    Parameters
    ----------
    name : str
        Short name.
    voxel_mm : float
        Edge of the voxels.
    t1, labels : str, optional
        Files below the folder that `DATA_VARIABLE` names; the average brain of many, which is built in, has
        none.
    numbering : str
        Of the labels.
    has_head : bool
        Whether the scan shows the head around the brain.
    source : str
        Where the scan is from, and its licence.
    second_t1 : str, optional
        Another scan of the same session: nothing grew or shrank in between.
    """

    name: str
    voxel_mm: float
    t1: str = ""
    labels: str = ""
    numbering: Literal["FreeSurfer", "DLMUSE"] = "FreeSurfer"
    has_head: bool = False
    source: str = ""
    second_t1: str = ""

    @property
    def missing(self) -> str | None:
        """Why the person cannot be read; None where nothing is missing."""
        if not self.t1:
            return None
        folder = os.environ.get(DATA_VARIABLE)
        if not folder:
            return f"{DATA_VARIABLE} is not set"
        wanted = filter(None, (self.t1, self.labels, self.second_t1))
        absent = [name for name in wanted if not (Path(folder) / name).exists()]
        return f"{DATA_VARIABLE} holds no {', '.join(absent)}" if absent else None

    def read(self, with_head: bool = False) -> tuple[Volume, Volume]:
        """Return the scan and its labels in FreeSurfer's numbers, on one grid.

        Parameters
        ----------
        with_head : bool
            Keep the head around the brain; without, everything outside the labels is 0.
        """
        if not self.t1:
            return builtin_subject(self.voxel_mm)
        folder = Path(os.environ[DATA_VARIABLE])
        t1, labels = read_volume(folder / self.t1)[0], read_labels(folder / self.labels)[0]
        if self.numbering == "DLMUSE":
            labels = in_freesurfer_numbers(labels)
        return (t1 if with_head or not self.has_head else stripped(t1, labels)), labels

    def read_second(self) -> Volume:
        """Return the other scan of the same session."""
        return read_volume(Path(os.environ[DATA_VARIABLE]) / self.second_t1)[0]


def stripped(t1: Volume, labels: Volume) -> Volume:
    """Return a scan with everything outside its labels set to 0; what they enclose is kept."""
    brain = ndimage.binary_fill_holes(labels.array > 0)
    return t1.with_array(np.where(brain, t1.array, 0).astype(np.float32))


def _of_ixi(scan: str) -> Person:
    number = scan.partition("-")[0].lower()
    t1 = f"ixi_2mm/{scan}-T1_ds"
    source = "IXI (brain-development.org), CC BY-SA 3.0"
    return Person(number, 2.0, f"{t1}.nii.gz", f"{t1}_DLMUSE.nii.gz", "DLMUSE", True, source)


_IXI = (
    "IXI012-HH-1211",
    "IXI013-HH-1212",
    "IXI014-HH-1236",
    "IXI015-HH-1258",
    "IXI033-HH-1259",
    "IXI034-HH-1260",
)
PEOPLE = {
    person.name: person
    for person in (
        Person(
            USUAL,
            1.0,
            "t1_labelled/T1w_brain.nii.gz",
            "t1_labelled/aseg.nii.gz",
            source="VoxelMorph, Apache-2.0",
        ),
        Person(
            "open_ms_patient07",
            1.0,
            "open_ms_patient07/T1_brain.nii.gz",
            "open_ms_patient07/labels_approximate.nii.gz",
            source="Laboratory of Imaging Technologies, Ljubljana, CC-BY",
            second_t1="open_ms_patient07/T1_post_contrast_brain.nii.gz",
        ),
        *(_of_ixi(scan) for scan in _IXI),
        Person("average", 1.0, source="ICBM 2009a"),
        Person("average_2mm", 2.0, source="ICBM 2009a"),
    )
}
"""By name. No picture of the people of IXI, nor weights of a network learned on them, may be shipped."""
