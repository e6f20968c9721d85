"""A small head with a ventricle that grows: real enough to be fitted in seconds."""

from __future__ import annotations

import numpy as np
import slicer
from numpy.typing import ArrayLike, NDArray

SHAPE = (28, 32, 24)
VOXEL_MM = 4.0
MONTHS = (0.0, 12.0, 24.0)
REGIONS = {1: "Ventricle", 2: "Tissue"}
_BUMPS = 30


def affine() -> NDArray[np.float64]:
    """Return voxel to RAS mm, centred."""
    matrix = np.diag([VOXEL_MM, VOXEL_MM, VOXEL_MM, 1.0])
    matrix[:3, 3] = -VOXEL_MM * (np.array(SHAPE) - 1) / 2
    return matrix


def scan(months: float) -> NDArray[np.float32]:
    """Return a head whose ventricle has grown by so many months; shape (I, J, K)."""
    rng = np.random.default_rng(3)
    head = 1.0 / (1.0 + np.exp((_distance_mm() - 42.0) / 2.0))
    ventricle = 1.0 / (1.0 + np.exp((_distance_mm() - (10.0 + months / 12.0)) / 2.0))
    bumps = sum(
        np.exp(-((_distance_mm(rng.uniform(-32, 32, 3)) / 9.0) ** 2)) * rng.choice([-25.0, 25.0])
        for _ in range(_BUMPS)
    )
    noise = np.random.default_rng(int(months)).normal(0.0, 0.5, SHAPE)
    return (head * (120.0 + bumps) - 70.0 * ventricle + noise).clip(0).astype(np.float32)


def labels() -> NDArray[np.int16]:
    """Return the ventricle as 1 and the tissue around it as 2; shape (I, J, K)."""
    inside = _distance_mm()
    return np.where(inside < 12.0, 1, np.where(inside < 40.0, 2, 0)).astype(np.int16)


def add_head(
    scene: slicer.vtkMRMLScene,
) -> tuple[list[slicer.vtkMRMLScalarVolumeNode], slicer.vtkMRMLLabelMapVolumeNode]:
    """Put three scans and the label map of the baseline into a scene."""
    scans = [
        _add(scene, "vtkMRMLScalarVolumeNode", f"Doe^Jane {months:g}", scan(months)) for months in MONTHS
    ]
    return scans, _add(scene, "vtkMRMLLabelMapVolumeNode", "Head regions", labels())


def _add(
    scene: slicer.vtkMRMLScene, class_name: str, name: str, array: NDArray[np.generic]
) -> slicer.vtkMRMLScalarVolumeNode:
    node = scene.AddNewNodeByClass(class_name, name)
    slicer.util.updateVolumeFromArray(node, np.ascontiguousarray(array.transpose(2, 1, 0)))
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(affine()))
    node.CreateDefaultDisplayNodes()
    return node


def _distance_mm(centre: ArrayLike = (0.0, 0.0, 0.0)) -> NDArray[np.float64]:
    points = np.moveaxis(np.indices(SHAPE), 0, -1) * VOXEL_MM + affine()[:3, 3]
    return np.linalg.norm(points - np.array(centre), axis=-1)
