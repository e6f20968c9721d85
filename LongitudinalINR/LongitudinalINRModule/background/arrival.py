"""A finished job comes into the scene."""

from __future__ import annotations

from typing import Any

import slicer

from LongitudinalINRModule.background.job_store import StoredJob


def bring_in(scene, stored: StoredJob, baseline: Any = None):
    """Load maps, follow-ups and regions of a finished job.

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
        Something is missing or cannot be read; the scene is then as before.
    """
    from LongitudinalINRModule.mrml.loading import add_map, load_result, remove_result
    from LongitudinalINRModule.mrml.provenance import keep_provenance
    from LongitudinalINRModule.mrml.region_files import load_regions
    from LongitudinalINRModule.mrml.result_files import ResultFiles

    files = ResultFiles.of(stored.folder.path)
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
