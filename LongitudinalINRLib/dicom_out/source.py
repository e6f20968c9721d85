"""A DICOM series of the person: its headers, and how a result's grid lies on its slices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset

from LongitudinalINRLib.dicom_out.headers import completed
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.folder import find_series
from LongitudinalINRLib.imaging.dicom.stack import Stack, stack_of
from LongitudinalINRLib.imaging.person import Person, person_in
from LongitudinalINRLib.imaging.volume import Volume

LARGEST_SHIFT_MM = 0.02
"""A NIfTI header holds 32 bits: the corner of a grid moves by some micrometres on its way through one."""


@dataclass(frozen=True, eq=False)
class Source:
    """One series in a folder.

    Parameters
    ----------
    name : str
        Of the folder.
    images : tuple of Dataset
        Headers without voxels; classic ones in the order of the slices, an enhanced one alone.
    stack : Stack
        Where the slices lie, in the order of `images`, or of the frames of the enhanced one.
    person : Person
        Whom the header names.
    """

    name: str
    images: tuple[Dataset, ...]
    stack: Stack
    person: Person

    @property
    def first(self) -> Dataset:
        """The header that patient and study are taken from."""
        return self.images[0]

    def frames_of(self, volume: Volume) -> NDArray[np.generic]:
        """Return a volume's voxels as this series has them, whatever the order and direction of its axes.

        Returns
        -------
        ndarray, shape (frames, rows, columns)
            In the order of `stack.slices`.

        Raises
        ------
        InputError
            The voxels of the volume and those of the series do not lie at the same places.
        """
        to_voxel = np.linalg.inv(volume.affine) @ self.stack.affine
        axes = np.rint(to_voxel[:3, :3])
        permutes = bool((np.abs(axes).sum(axis=0) == 1).all() and (np.abs(axes).sum(axis=1) == 1).all())
        shape = tuple(np.abs(axes.T) @ volume.shape) if permutes else None
        if shape != self.stack.shape or self._shift_mm(volume, axes) > LARGEST_SHIFT_MM:
            raise _other_grid(self, volume)
        array = np.transpose(volume.array, np.abs(axes).argmax(axis=0))
        array = np.flip(array, tuple(axis for axis in range(3) if axes[:, axis].sum() < 0))
        return np.ascontiguousarray(array.transpose(2, 1, 0))

    def _shift_mm(self, volume: Volume, axes: NDArray[np.float64]) -> float:
        """Return how far the corners of both grids lie apart."""
        ends = np.array(volume.shape) - 1
        start = np.where(axes.sum(axis=1) < 0, ends, 0)
        corners = np.array(np.meshgrid(*[(0, n - 1) for n in self.stack.shape])).reshape(3, -1)
        there = volume.affine[:3, :3] @ (axes @ corners + start[:, None]) + volume.affine[:3, 3:]
        here = self.stack.affine[:3, :3] @ corners + self.stack.affine[:3, 3:]
        return float(np.linalg.norm(here - there, axis=0).max())


def read_source(folder: Path) -> Source:
    """Read the headers of the one series of a folder.

    Raises
    ------
    InputError
        There is no such series, it is damaged, or it says too little to make other objects from it.
    """
    headers = find_series(folder)[0]
    stack = stack_of(headers, folder.name)
    paths = list(dict.fromkeys(slice_.path for slice_ in stack.slices))
    if len(paths) == 1:
        ordered = tuple(sorted(stack.slices, key=lambda slice_: slice_.frame))
        stack = Stack(ordered, stack.shape, _along(ordered, stack), stack.warnings)
    gap_mm = float(np.linalg.norm(stack.affine[:3, 2]))
    images = [pydicom.dcmread(path, stop_before_pixels=True) for path in paths]
    complete = tuple(completed(image, gap_mm, folder.name) for image in images)
    return Source(folder.name, complete, stack, person_in(headers[0].elements))


def _along(ordered: tuple[object, ...], stack: Stack) -> NDArray[np.float64]:
    """Return the affine of slices in the order of their frames: as it was, or from the last one back."""
    if ordered == stack.slices:
        return stack.affine
    if ordered == stack.slices[::-1]:
        affine: NDArray[np.float64] = stack.affine.copy()
        affine[:3, 3] += affine[:3, 2] * (len(ordered) - 1)
        affine[:3, 2] *= -1
        return affine
    raise InputError(
        "dicom-frames",
        "The frames of the enhanced series are not stored in the order in which they lie.",
        expected="a multi-frame file whose frames go from one end to the other",
        found="frames in another order",
        advice="Export the series as classic single-frame files.",
    )


def _other_grid(source: Source, volume: Volume) -> InputError:
    return InputError(
        "dicom-other-series",
        f"The series in {source.name} is not the one that the result was made from.",
        expected=_grid(volume),
        found=_grid(Volume(np.empty(source.stack.shape, np.bool_), source.stack.affine)),
        advice="Give the DICOM series of the baseline scan itself; one that was cropped or resampled before "
        "the fit has no DICOM series of its grid.",
    )


def _grid(volume: Volume) -> str:
    size = " x ".join(map(str, volume.shape))
    edges = " x ".join(f"{mm:.4g}" for mm in volume.voxel_sizes_mm)
    middle = volume.affine[:3, :3] @ ((np.array(volume.shape) - 1) / 2) + volume.affine[:3, 3]
    at = ", ".join(f"{mm:.2f}" for mm in middle)
    return f"{size} voxels of {edges} mm around ({at}) mm RAS"
