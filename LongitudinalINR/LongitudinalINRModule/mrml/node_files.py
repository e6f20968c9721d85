"""Map files to nodes that live only as long as they are needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.background.steps import Steps


@contextmanager
def temporary_node(scene: slicer.vtkMRMLScene, class_name: str, name: str) -> Iterator[slicer.vtkMRMLNode]:
    """Give a node of a scene that is removed again, with its display and storage nodes, whatever happens."""
    node = scene.AddNewNodeByClass(class_name, name)
    try:
        yield node
    finally:
        for each in (*owned_nodes(node), node):
            if each.GetScene() is scene:  # which may have been closed meanwhile
                scene.RemoveNode(each)


def owned_nodes(node: slicer.vtkMRMLNode) -> list[slicer.vtkMRMLNode]:
    """Return the display and storage nodes that stand for nothing without a node."""
    owned = []
    if node.IsA("vtkMRMLDisplayableNode"):
        owned += [node.GetNthDisplayNode(index) for index in range(node.GetNumberOfDisplayNodes())]
    if node.IsA("vtkMRMLStorableNode"):
        owned += [node.GetNthStorageNode(index) for index in range(node.GetNumberOfStorageNodes())]
    return [each for each in owned if each is not None]


@dataclass(frozen=True)
class ReadVoxels:
    """Voxels of a file as VTK keeps them: made in any thread, and put into a node without a copy.

    Parameters
    ----------
    scalars : vtkDataArray
        Of all voxels.
    shape : tuple of int
        Voxels along I, J and K.
    affine : ndarray, shape (4, 4)
        Voxel to RAS mm.
    """

    scalars: Any
    shape: tuple[int, int, int]
    affine: NDArray[np.float64]

    @classmethod
    def of(cls, array: NDArray[np.generic], affine: NDArray[np.float64]) -> ReadVoxels:
        """Copy an array of shape (I, J, K), or (I, J, K, 3) for vectors."""
        native = array.dtype.newbyteorder("=")
        scalars = numpy_support.create_vtk_array(numpy_support.get_vtk_array_type(native))
        scalars.SetName("ImageScalars")
        scalars.SetNumberOfComponents(array.shape[3] if array.ndim == 4 else 1)
        scalars.SetNumberOfTuples(int(np.prod(array.shape[:3])))
        by_slices = array.transpose(2, 1, 0, *range(3, array.ndim))
        numpy_support.vtk_to_numpy(scalars).reshape(by_slices.shape)[...] = by_slices
        i, j, k = array.shape[:3]
        return cls(scalars, (i, j, k), affine)

    def image(self) -> Any:
        """Return them as an image that knows no place."""
        image = vtk.vtkImageData()
        image.SetDimensions(*self.shape)
        image.GetPointData().SetScalars(self.scalars)
        return image

    def put_into(self, node: slicer.vtkMRMLNode) -> None:
        """Give them to a scalar volume node."""
        node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(self.affine))
        node.SetAndObserveImageData(self.image())


def read_voxels(path: Path) -> ReadVoxels:
    """Read a scalar volume, with the type and the geometry of the file, in any thread.

    Slicer's own reader takes a truncated file for a map with zeros at its end; this one refuses it. A node
    keeps no trace of the path: a bundle must not point back into a job folder.

    Raises
    ------
    InputError
        If the file does not hold a whole scalar volume.
    """
    from LongitudinalINRLib.imaging.formats.nifti import load

    volume, _ = load(_existing(path))
    return ReadVoxels.of(volume.array, volume.affine)


def read_scalar_map(path: Path, node: slicer.vtkMRMLNode) -> None:
    """Read a scalar volume into a node at once (see `read_voxels`)."""
    read_voxels(path).put_into(node)


def read_map(path: Path, node: slicer.vtkMRMLNode) -> Steps[None]:
    """Read a map of a job into a scalar volume node.

    Raises
    ------
    InputError
        If the file does not hold a whole map of finite numbers.
    """
    voxels = yield partial(_finite_voxels, path)
    voxels.put_into(node)


def read_displacement(path: Path, node: slicer.vtkMRMLGridTransformNode) -> Steps[None]:
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
    vectors = yield partial(_vectors, path)
    spacing = np.linalg.norm(vectors.affine[:3, :3], axis=0)
    directions = np.eye(4)
    directions[:3, :3] = vectors.affine[:3, :3] / spacing
    grid = vectors.image()
    grid.SetSpacing(*spacing)
    grid.SetOrigin(*vectors.affine[:3, 3])
    transform = slicer.vtkOrientedGridTransform()
    transform.SetDisplacementGridData(grid)
    transform.SetGridDirectionMatrix(slicer.util.vtkMatrixFromArray(directions))
    transform.SetInterpolationModeToCubic()
    node.SetAndObserveTransformToParent(transform)


def _finite_voxels(path: Path) -> ReadVoxels:
    voxels = read_voxels(path)
    _check_finite(numpy_support.vtk_to_numpy(voxels.scalars), path)
    return voxels


def _vectors(path: Path) -> ReadVoxels:
    from LongitudinalINRLib.imaging.formats.nifti import load_vectors

    volume = load_vectors(_existing(path))
    _check_finite(volume.array, path)
    return ReadVoxels.of(volume.array.astype(np.float32, copy=False), volume.affine)


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
