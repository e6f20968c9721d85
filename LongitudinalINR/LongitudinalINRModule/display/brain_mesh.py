"""The surface of the brain that was measured, as triangles; made in any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

from LongitudinalINRLib.errors import InputError

EDGE_MM = 1.8
"""Of the grid that the surface is drawn through: about 100,000 points for an adult's brain, fine enough for
its folds. A finer surface made coarser again takes twenty seconds, and looks the same."""

LARGEST_BRAIN_ML = 2300.0
"""No brain is larger. A mask that is may hold the head, whose surface tells who the person is."""

_SMOOTHING_MM = 0.8
_ITERATIONS, _PASS_BAND = 15, 0.1


@dataclass(frozen=True, eq=False)
class Mesh:
    """A surface.

    Parameters
    ----------
    surface : vtkPolyData
        Triangles in RAS mm.
    points : ndarray, shape (N, 3)
        RAS mm.
    normals : ndarray, shape (N, 3)
        Of unit length, outwards.
    """

    surface: Any
    points: NDArray[np.float64]
    normals: NDArray[np.float64]


def brain_mesh(brain: NDArray[np.bool_], affine: NDArray[np.float64]) -> Mesh:
    """Return the smooth outer surface of the largest connected part of a brain.

    Parameters
    ----------
    brain : ndarray of bool, shape (K, J, I)
        What was measured.
    affine : ndarray, shape (4, 4)
        Voxel (I, J, K) to RAS mm.

    Raises
    ------
    InputError
        There is nothing, or more than a brain: the surface of a head is never made.
    """
    volume_ml = float(brain.sum() * abs(np.linalg.det(affine[:3, :3])) / 1000.0)
    if not 0.0 < volume_ml <= LARGEST_BRAIN_ML:
        raise InputError(
            "no-brain-surface",
            "The surface of the brain cannot be shown.",
            expected=f"a measured region of at most {LARGEST_BRAIN_ML:g} mL, as a brain has",
            found=f"{volume_ml:.0f} mL: its surface might show the face" if volume_ml else "nothing measured",
            advice="Run the job again with a mask or a segmentation of the brain.",
        )
    grid = _smooth_grid(brain, affine)
    outline = vtk.vtkFlyingEdges3D()
    outline.SetInputConnection(grid.GetOutputPort())
    outline.SetValue(0, 0.5)
    for quantity in (outline.ComputeNormalsOff, outline.ComputeGradientsOff, outline.ComputeScalarsOff):
        quantity()
    largest = vtk.vtkPolyDataConnectivityFilter()
    largest.SetInputConnection(outline.GetOutputPort())
    largest.SetExtractionModeToLargestRegion()
    clean = vtk.vtkCleanPolyData()  # drops the points of all other parts
    clean.SetInputConnection(largest.GetOutputPort())
    smooth = vtk.vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(clean.GetOutputPort())
    smooth.SetNumberOfIterations(_ITERATIONS)
    smooth.SetPassBand(_PASS_BAND)
    smooth.NormalizeCoordinatesOn()
    placed = vtk.vtkTransformPolyDataFilter()
    placed.SetInputConnection(smooth.GetOutputPort())
    placed.SetTransform(_grid_to_ras(affine))
    placed.Update()
    return _with_normals(placed.GetOutput(), mirrored=np.linalg.det(affine[:3, :3]) < 0)


def _smooth_grid(brain: NDArray[np.bool_], affine: NDArray[np.float64]) -> Any:
    """Return the filter of the brain, 0 to 1, smoothed, on a grid of `EDGE_MM` along its axes, in mm."""
    found = [np.flatnonzero(brain.any(axis=axes)) for axes in ((0, 1), (0, 2), (1, 2))]
    first = [int(each[0]) for each in found]
    box = tuple(slice(each[0], each[-1] + 1) for each in reversed(found))
    values = brain[box].astype(np.float32)
    image = vtk.vtkImageData()
    image.SetDimensions(*values.shape[::-1])
    sizes_mm = np.linalg.norm(affine[:3, :3], axis=0)
    image.SetSpacing(*sizes_mm)
    image.SetOrigin(*(first * sizes_mm))
    image.GetPointData().SetScalars(numpy_support.numpy_to_vtk(values.ravel(), deep=True))
    padded = vtk.vtkImageConstantPad()  # the surface closes where the scan ends
    padded.SetInputData(image)
    last = np.array(values.shape[::-1]) - 1
    rim = np.ceil(3.0 * EDGE_MM / sizes_mm).astype(int)
    padded.SetOutputWholeExtent(*np.column_stack([-rim, last + rim]).ravel().tolist())
    smoothed = vtk.vtkImageGaussianSmooth()
    smoothed.SetInputConnection(padded.GetOutputPort())
    smoothed.SetStandardDeviations(*(_SMOOTHING_MM / sizes_mm))
    grid = vtk.vtkImageResample()
    grid.SetInputConnection(smoothed.GetOutputPort())
    for axis in range(3):
        grid.SetAxisOutputSpacing(axis, EDGE_MM)
    return grid


def _grid_to_ras(affine: NDArray[np.float64]) -> Any:
    sizes_mm = np.linalg.norm(affine[:3, :3], axis=0)
    matrix = affine @ np.diag([*(1.0 / sizes_mm), 1.0])
    transform = vtk.vtkTransform()
    transform.SetMatrix(matrix.ravel().tolist())
    return transform


def _with_normals(surface: Any, mirrored: bool) -> Mesh:
    """Add normals, which are sums of those of the triangles around a point, so that large ones count more."""
    points = numpy_support.vtk_to_numpy(surface.GetPoints().GetData()).astype(np.float64)
    corners = numpy_support.vtk_to_numpy(surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    if mirrored:
        corners[:, 1:] = corners[:, :0:-1].copy()
    first, second, third = (points[corners[:, index]] for index in range(3))
    facing = np.cross(second - first, third - first)
    normals = np.empty_like(points)
    for axis in range(3):
        weights = np.repeat(facing[:, axis], 3)
        normals[:, axis] = np.bincount(corners.ravel(), weights, minlength=len(points))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    array = numpy_support.numpy_to_vtk(normals.astype(np.float32), deep=True)
    array.SetName("Normals")
    surface.GetPointData().SetNormals(array)
    return Mesh(surface, points, normals)
