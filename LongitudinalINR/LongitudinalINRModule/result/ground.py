"""What lies under the maps of a job: which voxel is of which region, and where every follow-up has data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.node_files import ReadVoxels, read_voxels
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.map_grids import read_grid
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.result import LABELS_ROLE, VALID_ROLE, SceneResult
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.stored_documents import check_regular, read_object

LARGEST_LABEL = 32_767
_TITLES = {LABELS_ROLE: "regions", VALID_ROLE: "seen by every follow-up"}

Ground = dict[str, ReadVoxels]


def read_ground(files: ResultFiles, labels_copy: Path) -> Ground:
    """Read both of a job, in any thread; where one of them is missing the result is shown without it.

    Parameters
    ----------
    files : ResultFiles
        The job.
    labels_copy : Path
        Where the panel keeps the label map that it gave the job; there may be none.

    Raises
    ------
    InputError
        What the job itself wrote cannot be read.
    """
    ground: Ground = {}
    if os.path.lexists(files.folder.valid):
        check_regular(files.folder.valid)
        ground[VALID_ROLE] = read_voxels(files.folder.valid)
    labels = _read_labels(files, labels_copy)
    if labels is not None:
        ground[LABELS_ROLE] = labels
    return ground


def keep_ground(result: SceneResult, ground: Ground) -> None:
    """Bring both into the scene, where a bundle keeps them; Slicer's selectors do not list them."""
    scene, browser = result.scene, result.browser
    for role, voxels in ground.items():
        name = scene.GenerateUniqueName(f"{(result.baseline or browser).GetName()}, {_TITLES[role]}")
        node = scene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", name)
        node.SetHideFromEditors(True)
        voxels.put_into(node)
        browser.SetNodeReferenceID(role, node.GetID())
        place_beside(scene, node, browser)


def value_at(node: slicer.vtkMRMLLabelMapVolumeNode, point_ras: Sequence[float]) -> int:
    """Return what a label map holds at a point, RAS mm; 0 outside of it."""
    matrix = vtk.vtkMatrix4x4()
    node.GetRASToIJKMatrix(matrix)
    i, j, k = (round(value) for value in matrix.MultiplyPoint((*point_ras, 1.0))[:3])
    voxels = slicer.util.arrayFromVolume(node)
    inside = 0 <= k < voxels.shape[0] and 0 <= j < voxels.shape[1] and 0 <= i < voxels.shape[2]
    return int(voxels[k, j, i]) if inside else 0


def hide_unseen(voxels: NDArray[np.float32], unseen: NDArray[np.intp], map_name: str) -> None:
    """Set a map to no change, which no view draws, where it was not measured; shape (K, J, I)."""
    voxels.reshape(-1)[unseen] = QUANTITIES[map_name].centre


def unseen_voxels(result: SceneResult) -> NDArray[np.intp]:
    """Return which voxels of a map, counted as they lie in memory, some follow-up has no data for.

    Those whose last map tells of no change are left out: there is nothing to hide.
    """
    if result.valid is None:
        return np.empty(0, np.intp)
    outside = np.flatnonzero(slicer.util.arrayFromVolume(result.valid) == 0)
    sequence = result.sequence("jacobian")
    last = slicer.util.arrayFromVolume(sequence.GetNthDataNode(sequence.GetNumberOfDataNodes() - 1))
    return outside[last.reshape(-1)[outside] != 1.0]


def _read_labels(files: ResultFiles, labels_copy: Path) -> ReadVoxels | None:
    """Read the label map that the regions were measured with, on the grid of the maps."""
    from LongitudinalINRLib.imaging.reading import read_labels
    from LongitudinalINRLib.imaging.resampling import on_grid
    from LongitudinalINRLib.imaging.volume import Volume

    path, sha256 = _labels_file(files, labels_copy)
    if path is None:
        return None
    grid = read_grid(files.path("jacobian", files.months("jacobian")[0]))
    try:
        labels, _ = read_labels(path, sha256)
        on_maps = on_grid(labels, Volume(np.broadcast_to(np.uint8(0), grid.shape[:3]), grid.affine))
    except InputError:
        return None  # it is the person's own file, changed or moved since: regions are told without it
    array = on_maps.array
    if array.max() > LARGEST_LABEL:
        return None  # a table of colours has an entry for each number up to the largest
    return ReadVoxels.of(array.astype(np.int16), grid.affine)


def _labels_file(files: ResultFiles, labels_copy: Path) -> tuple[Path | None, str | None]:
    """Return the panel's copy of the label map, or the file the job was given and what it held then."""
    if os.path.lexists(labels_copy):
        check_regular(labels_copy)
        return labels_copy, None
    if files.request.labels is None or not os.path.lexists(files.folder.identity):
        return None, None
    sha256 = read_object(files.folder.identity).get("labels")
    return (files.folder.resolve(files.request.labels), sha256) if isinstance(sha256, str) else (None, None)
