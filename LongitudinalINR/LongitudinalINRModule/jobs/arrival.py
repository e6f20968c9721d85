"""A job comes into the scene: all of it, or what is there of one that was cut short."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.integrity import refuse_harmed
from LongitudinalINRLib.words import MAPS_OF_SCANS
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.jobs.job_store import StoredJob
from LongitudinalINRModule.jobs.made_maps import keeps_maps, making_maps, new_place
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.stored_documents import check_regular, read_object

if TYPE_CHECKING:
    from LongitudinalINRModule.mrml.node_files import ReadVoxels

STANDS_IN_ATTRIBUTE = "LongitudinalINR.StandsIn"
"""Of a brain mask that the maps are drawn on because the scan is no longer where it was."""

_WHITE_OF_MASK = 3.0


def bring_in(
    scene: slicer.vtkMRMLScene,
    stored: StoredJob,
    baseline: Any = None,
    *,
    name: str = "Baseline",
    mask_stands_in: bool = False,
) -> Steps[Any]:
    """Load maps, follow-ups and regions of a job; of one that is not finished, the months that are.

    In steps: files are checked and read in another thread, and nothing is in the scene before all of it is.
    A result that keeps its model alone gets its maps from that, in a folder that goes again.

    Parameters
    ----------
    scene : vtkMRMLScene
        Gets the nodes.
    stored : StoredJob
        The job.
    baseline : vtkMRMLScalarVolumeNode, optional
        The scan the maps lie on; loaded where it is None, from the job's copy or from where the job found it.
    name : str
        Of a baseline that is loaded.
    mask_stands_in : bool
        Whether the brain's mask takes the place of a baseline that is no longer there (see
        `STANDS_IN_ATTRIBUTE`); else that is an error.

    Returns
    -------
    SceneResult

    Raises
    ------
    InputError
        A newer version made it, or something is missing or cannot be read; the scene is then as before.
    """
    files = yield partial(_files_of, stored)
    wanted = None if baseline is not None else _Wanted(name, mask_stands_in)
    if keeps_maps(files):
        return (yield from _bring(scene, stored, files, baseline, wanted))
    with new_place() as place:
        files = yield from making_maps(files, Path(place))
        return (yield from _bring(scene, stored, files, baseline, wanted))


@dataclass(frozen=True)
class _Wanted:
    """A baseline that is to be loaded."""

    name: str
    mask_stands_in: bool


def _bring(
    scene: slicer.vtkMRMLScene, stored: StoredJob, files: ResultFiles, baseline: Any, wanted: _Wanted | None
) -> Steps[Any]:
    path = None if wanted is None else _baseline_file(stored, files, wanted.mask_stands_in)
    colours, voxels, tables = yield partial(_read, stored, files, path)
    from LongitudinalINRModule.jobs.loading import put_into_scene, read_files
    from LongitudinalINRModule.result.ground import read_ground
    from LongitudinalINRModule.result.scene_rollback import closed_meanwhile

    if voxels is not None and wanted is not None:
        baseline = _node_of(voxels, wanted.name, stands_in=path == files.folder.mask)
    at_home = baseline.GetScene()
    loaded = yield from read_files(files, baseline, ("interval", "aligned", "warped", "displacement"))
    if baseline.GetScene() is not at_home:
        raise closed_meanwhile()
    loaded.tables, loaded.colours = tables, colours
    loaded.ground = yield partial(read_ground, files, stored.labels_copy)
    result = yield from put_into_scene(scene, loaded, baseline)
    if baseline.GetAttribute(STANDS_IN_ATTRIBUTE):
        _dim(baseline)
    return result


def _dim(mask: Any) -> None:
    """Draw a mask in dark grey: in white it would outshine the colours of the maps."""
    display = mask.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(0.0, _WHITE_OF_MASK)


def _node_of(voxels: ReadVoxels, name: str, *, stands_in: bool) -> Any:
    node = slicer.vtkMRMLScalarVolumeNode()
    node.SetName(name)
    if stands_in:
        node.SetAttribute(STANDS_IN_ATTRIBUTE, "yes")
    voxels.put_into(node)
    return node


def _read(stored: StoredJob, files: ResultFiles, baseline: Path | None) -> tuple[Any, ReadVoxels | None, Any]:
    """Check a job's files, and read what is not a map: notes, baseline and tables of regions."""
    from LongitudinalINRModule.mrml.node_files import read_voxels
    from LongitudinalINRModule.result.map_grids import check_grids
    from LongitudinalINRModule.result.region_files import read_regions, read_trajectories

    colours = stored.notes.get("region_colours")
    check_grids(files, baseline)
    voxels = None if baseline is None else read_voxels(baseline)
    tables = None
    if os.path.lexists(files.folder.regions):
        tables = read_regions(files.folder.regions), read_trajectories(files.folder.trajectories)
    return colours, voxels, tables


def _files_of(stored: StoredJob) -> ResultFiles:
    if stored.made_by_newer_version:
        raise InputError(
            "result-newer",
            "The result was made by a newer version of LongitudinalINR.",
            advice="Update LongitudinalINR to open it.",
        )
    files = ResultFiles.of(stored.folder.path)
    if os.path.lexists(stored.folder.results):
        read_object(stored.folder.results)  # which refuses a damaged one
        refuse_harmed(stored.folder)
        return files
    refuse_harmed(stored.folder)
    # The worker writes all maps of one month before those of the next.
    months = tuple(month for month in files.request.map_months if _has_all_maps(files, month))
    complete = files.observed_months[-1] in months  # the checks show the last follow-up
    maps = tuple(name for name in files.maps if complete or name not in MAPS_OF_SCANS)
    outputs = replace(files.request.outputs, maps_at_months=months, maps=maps)
    return replace(files, request=replace(files.request, outputs=outputs))


def _has_all_maps(files: ResultFiles, month: float) -> bool:
    return all(files.path(name, month).exists() for name in files.maps if month in files.months(name))


def _baseline_file(stored: StoredJob, files: ResultFiles, mask_stands_in: bool) -> Path:
    if os.path.lexists(stored.baseline_copy):
        check_regular(stored.baseline_copy)
        return stored.baseline_copy
    path = files.folder.resolve(files.request.baseline)
    return files.folder.mask if mask_stands_in and not os.path.lexists(path) else path
