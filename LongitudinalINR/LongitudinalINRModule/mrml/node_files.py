"""Map files to nodes that live only as long as they are needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

from LongitudinalINRLib.errors import InputError


@contextmanager
def temporary_node(scene, class_name: str, name: str) -> Iterator:
    """Give a node of a scene that is removed again, with its display and storage nodes, whatever happens."""
    node = scene.AddNewNodeByClass(class_name, name)
    try:
        yield node
    finally:
        for each in (*owned_nodes(node), node):
            if each.GetScene() is scene:  # which may have been closed meanwhile
                scene.RemoveNode(each)


def owned_nodes(node) -> list:
    """Return the display and storage nodes that stand for nothing without a node."""
    owned = []
    if node.IsA("vtkMRMLDisplayableNode"):
        owned += [node.GetNthDisplayNode(index) for index in range(node.GetNumberOfDisplayNodes())]
    if node.IsA("vtkMRMLStorableNode"):
        owned += [node.GetNthStorageNode(index) for index in range(node.GetNumberOfStorageNodes())]
    return [each for each in owned if each is not None]


def read_scalar_map(path: Path, node) -> None:
    """Read a map into a scalar volume node, with the type and the geometry of the file.

    Slicer's own reader takes a truncated file for a map with zeros at its end; this one refuses it. The node
    keeps no trace of the path: a bundle must not point back into a job folder.

    Raises
    ------
    InputError
        If the file does not hold a whole scalar volume.
    """
    from LongitudinalINRLib.imaging.formats.nifti import load

    volume, _ = load(_existing(path))
    slicer.util.updateVolumeFromArray(node, volume.array.transpose(2, 1, 0))
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(volume.affine))


def read_map(path: Path, node) -> None:
    """Read a map of a job into a scalar volume node.

    Raises
    ------
    InputError
        If the file does not hold a whole map of finite numbers.
    """
    read_scalar_map(path, node)
    _check_finite(slicer.util.arrayFromVolume(node), path)


def read_displacement(path: Path, node) -> None:
    """Read a displacement map into a grid transform node whose transform to parent is the deformation.

    Putting the baseline, its segmentation or landmarks under the node moves them to the map's month; the
    node's inverse brings what was drawn at that month back.

    Parameters
    ----------
    path : Path
        NIfTI file of shape (I, J, K, 1, 3), RAS mm.
    node : vtkMRMLGridTransformNode
        Changed in place.

    Raises
    ------
    InputError
        If the file does not hold a whole displacement map.
    """
    from LongitudinalINRLib.imaging.formats.nifti import load_vectors

    volume = load_vectors(_existing(path))
    _check_finite(volume.array, path)
    spacing = volume.voxel_sizes_mm
    directions = np.eye(4)
    directions[:3, :3] = volume.affine[:3, :3] / spacing
    grid = vtk.vtkImageData()
    grid.SetDimensions(*volume.shape)
    grid.SetSpacing(*spacing)
    grid.SetOrigin(*volume.affine[:3, 3])
    vectors = np.ascontiguousarray(volume.array.transpose(2, 1, 0, 3), dtype=np.float32).reshape(-1, 3)
    grid.GetPointData().SetScalars(numpy_support.numpy_to_vtk(vectors, deep=True))
    transform = slicer.vtkOrientedGridTransform()
    transform.SetDisplacementGridData(grid)
    transform.SetGridDirectionMatrix(slicer.util.vtkMatrixFromArray(directions))
    transform.SetInterpolationModeToCubic()
    node.SetAndObserveTransformToParent(transform)


def _check_finite(voxels: NDArray[np.generic], path: Path) -> None:
    if not np.isfinite(voxels).all():
        raise InputError(
            "map-not-finite",
            f"The map {path.name} is damaged.",
            expected="a finite number in every voxel",
            found="voxels that are not a number or infinite",
            advice="Run the job again, or choose another result folder.",
        )


def _existing(path: Path) -> Path:
    if not os.path.isfile(path):  # which is false, too, where the path cannot be looked at
        raise InputError(
            "map-missing",
            f"The map {path.name} is missing.",
            expected="every map that the job was asked for",
            found="no such file",
            advice="Run the job again, or choose a result folder that is complete.",
        )
    return path
