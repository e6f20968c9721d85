"""The voxels of one volume on the grid of another."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support


def resampled_like(
    volume: slicer.vtkMRMLScalarVolumeNode, reference: slicer.vtkMRMLScalarVolumeNode
) -> NDArray[np.generic]:
    """Return a volume's voxels on the grid of another, trilinear; 0 where there is nothing.

    Volumes that hold the same grid in another order of axes come out exactly.

    Parameters
    ----------
    volume, reference : vtkMRMLScalarVolumeNode
        Without parent transforms; not changed.

    Returns
    -------
    ndarray, shape (K, J, I)
        In the reference's order, in the volume's type.
    """
    to_ras, to_ijk = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    reference.GetIJKToRASMatrix(to_ras)
    volume.GetRASToIJKMatrix(to_ijk)
    between = vtk.vtkMatrix4x4()
    vtk.vtkMatrix4x4.Multiply4x4(to_ijk, to_ras, between)
    size = reference.GetImageData().GetDimensions()
    if _is_identity(between) and size == volume.GetImageData().GetDimensions():
        return slicer.util.arrayFromVolume(volume)
    reslice = vtk.vtkImageReslice()
    reslice.SetInputData(volume.GetImageData())
    reslice.SetResliceAxes(between)
    reslice.SetInterpolationModeToLinear()
    reslice.SetOutputSpacing(1, 1, 1)
    reslice.SetOutputOrigin(0, 0, 0)
    reslice.SetOutputExtent(0, size[0] - 1, 0, size[1] - 1, 0, size[2] - 1)
    reslice.Update()
    scalars = reslice.GetOutput().GetPointData().GetScalars()
    return numpy_support.vtk_to_numpy(scalars).reshape(size[::-1])


def _is_identity(matrix: vtk.vtkMatrix4x4) -> bool:
    return bool(np.allclose(slicer.util.arrayFromVTKMatrix(matrix), np.eye(4), atol=1e-6))
