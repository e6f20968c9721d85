"""Scans of a scene as files of a job."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import slicer
import vtk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.mrml.hardening import hardened

if TYPE_CHECKING:
    from LongitudinalINRLib.imaging.volume import Volume

_TRIES = 3
"""How often a scan that changes while it is written is written in another thread."""

_OF_SEVERAL_VALUES = (
    "vtkMRMLVectorVolumeNode",
    "vtkMRMLTensorVolumeNode",
    "vtkMRMLDiffusionWeightedVolumeNode",
    "vtkMRMLMultiVolumeNode",
)


def check_scan(volume: slicer.vtkMRMLVolumeNode) -> None:
    """Refuse a volume node that cannot be a scan of a series.

    Parameters
    ----------
    volume : vtkMRMLVolumeNode
        Not changed.

    Raises
    ------
    InputError
        The volume is empty, a segmentation, holds several values a voxel, or is a single slice.
    """
    image = volume.GetImageData()
    name = volume.GetName()
    if image is None or image.GetNumberOfPoints() == 0:
        raise InputError(
            "volume-empty",
            f"{name} has no voxels.",
            expected="a scan",
            found="an empty volume",
            advice="Choose another volume, or load its file again.",
        )
    if volume.IsA("vtkMRMLLabelMapVolumeNode"):
        raise InputError(
            "volume-labels",
            f"{name} is a label map, not a scan.",
            expected="a scan",
            found="labels",
            advice="Use it as the segmentation instead.",
        )
    components = image.GetNumberOfScalarComponents()
    if components != 1 or any(volume.IsA(kind) for kind in _OF_SEVERAL_VALUES):
        raise InputError(
            "volume-4d",
            f"{name} holds more than one value a voxel.",
            expected="a 3D scan with one value a voxel",
            found=f"{components} values a voxel (a vector, colour or 4D volume)",
            advice="Take one volume out of it, for example with Vector to Scalar Volume or Sequences.",
        )
    if min(image.GetDimensions()) < 2:
        raise InputError(
            "volume-2d",
            f"{name} is a single slice.",
            expected="a 3D scan",
            found=" x ".join(str(size) for size in image.GetDimensions()) + " voxels",
            advice="Choose a volume with slices in all three directions.",
        )


def check_distinct(volumes: Sequence[slicer.vtkMRMLScalarVolumeNode]) -> None:
    """Refuse a series that holds one volume twice.

    Raises
    ------
    InputError
        Two of the nodes are the same.
    """
    seen = set()
    for volume in volumes:
        if volume.GetID() in seen:
            raise InputError(
                "scan-twice",
                f"{volume.GetName()} is in the table twice.",
                expected="a different scan at each time",
                found="the same volume at two times",
                advice="Choose the other scan, or remove one of the rows.",
            )
        seen.add(volume.GetID())


def export_scan(volume: slicer.vtkMRMLScalarVolumeNode, path: Path, place: Place = writing) -> Steps[None]:
    """Write a scan as it lies in the world, in steps; the node itself is not changed.

    Its voxels are written from where they are, in another thread, and once more if they changed meanwhile.

    Parameters
    ----------
    volume : vtkMRMLScalarVolumeNode
        Its parent transforms, linear or not, are applied to a temporary copy.
    path : Path
        For example ``inputs/scan-0.nii.gz``: never the node's name, which can be a person's.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).

    Raises
    ------
    InputError
        The volume cannot be a scan, or the file cannot be written.
    """
    check_scan(volume)
    with hardened(volume, "scan") as scan:
        for _ in range(_TRIES):
            began = _state(scan)
            yield partial(write_in_thread, volume_of(scan), path, place)
            check_scan(scan)
            if _state(scan) == began:
                return
        # It changes all the time, as one of a sequence that is played: written while nothing else happens.
        write_in_thread(volume_of(scan), path, place)


def _state(scan: slicer.vtkMRMLScalarVolumeNode) -> tuple[int, int]:
    """Return what changes with the geometry and with the voxels of a volume node."""
    return scan.GetMTime(), scan.GetImageData().GetMTime()


def write_in_thread(volume: Volume, path: Path, place: Place) -> None:
    """Write a volume; what is imported for it takes a while too."""
    from LongitudinalINRLib.imaging.writing import write_volume

    write_volume(volume, path, place)


def volume_of(node: slicer.vtkMRMLNode) -> Volume:
    """Return the voxels and the geometry of a volume node without parent transform; shares its memory."""
    from LongitudinalINRLib.imaging.volume import Volume

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    array = slicer.util.arrayFromVolume(node).transpose(2, 1, 0)
    return Volume(array, slicer.util.arrayFromVTKMatrix(matrix))
