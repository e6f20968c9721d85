"""A job comes into the scene: all of it, or what is there of one that was cut short."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import MAPS_OF_SCANS
from LongitudinalINRModule.background.job_store import StoredJob

if TYPE_CHECKING:
    from LongitudinalINRModule.mrml.result_files import ResultFiles


def bring_in(scene, stored: StoredJob, baseline: Any = None):
    """Load maps, follow-ups and regions of a job; of one that is not finished, the months that are.

    Parameters
    ----------
    scene : vtkMRMLScene
        Gets the nodes.
    stored : StoredJob
        The job.
    baseline : vtkMRMLScalarVolumeNode, optional
        The scan the maps lie on; loaded from the job's copy where it is None.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        A newer version made it, or something is missing or cannot be read; the scene is then as before.
    """
    from LongitudinalINRModule.mrml.loading import add_map, load_result, remove_result
    from LongitudinalINRModule.mrml.provenance import keep_provenance
    from LongitudinalINRModule.mrml.region_files import load_regions

    files = _files_of(stored)
    own = baseline is None
    if own:
        baseline = _baseline_of(scene, stored, files)
    try:
        result = load_result(scene, files, baseline)
        try:
            for name in ("aligned", "warped", "displacement"):
                if name in files.maps:
                    add_map(result, files, name, shown=False)
            if files.folder.regions.exists():
                colours = stored.notes.get("region_colours", {})
                load_regions(result, files.folder.regions, files.folder.trajectories, colours)
            keep_provenance(result, files)
        except BaseException:
            remove_result(result)
            raise
    except BaseException:
        if own:
            scene.RemoveNode(baseline)
        raise
    return result


def _files_of(stored: StoredJob) -> ResultFiles:
    from LongitudinalINRModule.mrml.result_files import ResultFiles

    if stored.made_by_newer_version:
        raise InputError(
            "result-newer",
            "The result was made by a newer version of LongitudinalINR.",
            advice="Update LongitudinalINR to open it.",
        )
    files = ResultFiles.of(stored.folder.path)
    if stored.folder.results.exists():
        return files
    # The worker writes all maps of one month before those of the next.
    months = tuple(month for month in files.request.map_months if _has_all_maps(files, month))
    complete = files.observed_months[-1] in months  # the checks show the last follow-up
    maps = tuple(name for name in files.maps if complete or name not in MAPS_OF_SCANS)
    outputs = replace(files.request.outputs, maps_at_months=months, maps=maps)
    return replace(files, request=replace(files.request, outputs=outputs))


def _has_all_maps(files: ResultFiles, month: float) -> bool:
    return all(files.path(name, month).exists() for name in files.maps if month in files.months(name))


def _baseline_of(scene, stored: StoredJob, files):
    from LongitudinalINRModule.mrml.node_files import read_scalar_map

    copy = stored.baseline_copy
    path = copy if copy.exists() else files.folder.resolve(files.request.baseline)
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Baseline")
    try:
        read_scalar_map(path, node)
    except BaseException:
        scene.RemoveNode(node)
        raise
    node.CreateDefaultDisplayNodes()
    slicer.util.arrayFromVolumeModified(node)
    return node
