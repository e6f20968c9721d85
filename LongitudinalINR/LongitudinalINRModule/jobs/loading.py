"""A finished job into the scene: numeric sequences in months under one browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import MAPS_OF_SCANS, SAME_MONTH
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.display.shown_map import show_map
from LongitudinalINRModule.mrml.hardening import hardened
from LongitudinalINRModule.mrml.node_files import owned_nodes, read_displacement, read_map
from LongitudinalINRModule.mrml.sequences import Fill, months_of, new_sequence
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside
from LongitudinalINRModule.result.documents import Kind, keep_documents, read_documents
from LongitudinalINRModule.result.ground import Ground, keep_ground
from LongitudinalINRModule.result.map_interpolation import log_in_place
from LongitudinalINRModule.result.provenance import keep_provenance, provenance_of
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.region_files import Columns, keep_regions
from LongitudinalINRModule.result.result import BASELINE_ROLE, MAP_ATTRIBUTE, OBSERVED_ATTRIBUTE, SceneResult
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.result.scene_rollback import as_before_on_failure
from LongitudinalINRModule.result.tissue_range import keep_percents, tissue_percents

_TITLES = {
    **{name: quantity.title for name, quantity in QUANTITIES.items()},
    "displacement": "Deformation",
    "aligned": "Follow-up, aligned",
    "warped": "Follow-up, warped",
}


@dataclass
class LoadedFiles:
    """What a job wrote, read and in no scene yet.

    Parameters
    ----------
    observed_months : tuple of float
        Months with a scan.
    sequences : dict of str to vtkMRMLSequenceNode
        The maps by their names.
    percents : dict of str to float
        Ends of the colours by the map, from the data.
    provenance : dict
        How the result was made.
    documents : dict
        What the job wrote for people to read.
    tables : tuple, optional
        Columns of the regions, and of the regions over time.
    colours : optional
        Of the regions.
    ground : dict of str to ReadVoxels, optional
        Labels of the regions, and where every follow-up has data.
    """

    observed_months: tuple[float, ...]
    sequences: dict[str, Any]
    percents: dict[str, float]
    provenance: dict[str, Any]
    documents: dict[Kind, str]
    tables: tuple[Columns, Columns] | None = None
    colours: Any = None
    ground: Ground = field(default_factory=dict)


def load_maps(
    scene: slicer.vtkMRMLScene, files: ResultFiles, baseline: slicer.vtkMRMLScalarVolumeNode
) -> SceneResult:
    """Show the |J| maps of a finished job; the rates come along unseen, to interpolate between stored times.

    Tables and report come along as texts, so that a bundle of the scene needs no job folder.

    Parameters
    ----------
    scene : vtkMRMLScene
        A sequences logic must have it.
    files : ResultFiles
        The job.
    baseline : vtkMRMLScalarVolumeNode
        The scan the maps lie on; not changed.

    Returns
    -------
    SceneResult
        In the baseline's study, at the baseline's time.

    Raises
    ------
    InputError
        If there are maps of fewer than two months, or one is missing or cannot be read; the scene is then as
        before.
    """
    return here(put_into_scene(scene, here(read_files(files, baseline)), baseline))


def read_files(
    files: ResultFiles, baseline: slicer.vtkMRMLScalarVolumeNode, more_maps: Sequence[str] = ()
) -> Steps[LoadedFiles]:
    """Read |J|, rate and other maps, account and documents of a job, in steps and into no scene.

    Raises
    ------
    InputError
        If there are maps of fewer than two months, or something is missing or cannot be read.
    """
    months = files.months("jacobian")
    if len(months) < 2:
        raise InputError(
            "one-map",
            "The result cannot be shown over time.",
            expected="maps of at least two months, for example the baseline and the last scan",
            found=f"maps of {len(months)}",
            advice="Run the job again and ask for maps at more months.",
        )
    sequences: dict[str, Any] = {}
    for name in ("jacobian", "rate", *more_maps):
        if name in files.maps:
            sequences[name] = yield from _read(files, name, baseline)
    percents = yield partial(tissue_percents, _maps_to_look_at(files, sequences))
    provenance = yield partial(provenance_of, files)
    documents = yield partial(read_documents, files.folder)
    return LoadedFiles(files.observed_months, sequences, percents, provenance, documents)


def put_into_scene(
    scene: slicer.vtkMRMLScene, loaded: LoadedFiles, baseline: slicer.vtkMRMLScalarVolumeNode
) -> Steps[SceneResult]:
    """Put what was read into a scene, a little at a time, and a baseline that is in no scene with it.

    Nobody takes what is there for a result before all of it is; what fails leaves the scene as before.
    """
    return as_before_on_failure(scene, _put(scene, loaded, baseline))


def _put(
    scene: slicer.vtkMRMLScene, loaded: LoadedFiles, baseline: slicer.vtkMRMLScalarVolumeNode
) -> Steps[SceneResult]:
    if baseline.GetScene() is None:
        baseline.SetName(scene.GenerateUniqueName(baseline.GetName()))
        scene.AddNode(baseline)
        yield None
        baseline.CreateDefaultDisplayNodes()
        yield None
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", f"{baseline.GetName()} change over time")
    browser.SetNodeReferenceID(BASELINE_ROLE, baseline.GetID())
    browser.SetIndexDisplayFormat("%.1f")
    place_beside(scene, browser, baseline)
    result = SceneResult(browser)
    yield None
    keep_provenance(result, loaded.provenance)
    keep_percents(result, loaded.percents)
    for name, sequence in loaded.sequences.items():
        _browse(result, name, sequence, False)
        yield None
    keep_documents(result, loaded.documents)
    yield None
    if loaded.tables is not None:
        keep_regions(result, loaded.tables, loaded.colours)
        yield None
    keep_ground(result, loaded.ground)
    yield None
    browser.SetSelectedItemNumber(0)
    # By this attribute a result is known: it is whole now, but for what shows it.
    browser.SetAttribute(OBSERVED_ATTRIBUTE, " ".join(repr(month) for month in loaded.observed_months))
    browser.SetPlayback(result.sequence("jacobian"), True)
    yield None
    show_map(result, "jacobian")
    return result


def add_map(result: SceneResult, files: ResultFiles, map_name: str, *, shown: bool = True) -> None:
    """Add another map of the job: rate, displacement (as grid transforms), aligned or warped follow-ups.

    Aligned and warped follow-ups begin with the baseline at month 0, so that the browser always has the
    latest scan to show. Adding a map again does nothing but show it.

    Raises
    ------
    InputError
        If a map is missing or cannot be read; nothing is then added.
    """
    if map_name in result.maps:
        if shown:
            show_map(result, map_name)
        return
    _browse(result, map_name, here(_read(files, map_name, result.require_baseline())), shown)


def add_log_jacobian(result: SceneResult) -> None:
    """Add log |J|, made from the stored |J|; needs no file, so it works on a loaded bundle too."""
    if "log-jacobian" in result.maps:
        show_map(result, "log-jacobian")
        return
    sequence = result.sequence("jacobian")
    stored = [sequence.GetNthDataNode(index) for index in range(sequence.GetNumberOfDataNodes())]
    items = ((month, partial(_log, node)) for month, node in zip(months_of(sequence), stored, strict=True))
    made = here(new_sequence(_TITLES["log-jacobian"], "vtkMRMLScalarVolumeNode", items))
    _browse(result, "log-jacobian", made, True)


def remove_result(result: SceneResult) -> None:
    """Take a result out of its scene: browser, sequences, proxies, tables, labels, texts; no baseline."""
    scene = result.scene
    nodes = [result.browser, *result.tables, *result.documents]
    for node in filter(None, (result.labels, result.valid)):
        nodes += [*owned_nodes(node), node]
    for map_name in result.maps:
        proxy = result.proxy(map_name)
        if proxy is not None:
            nodes += [*owned_nodes(proxy), proxy]
        nodes.append(result.sequence(map_name))
    # The browser goes first: while it is there, the sequences logic makes a new proxy for each one removed.
    for node in nodes:
        scene.RemoveNode(node)


def _read(files: ResultFiles, map_name: str, baseline: slicer.vtkMRMLScalarVolumeNode) -> Steps[Any]:
    """Read a map of all months into a sequence that is in no scene."""
    class_name = "vtkMRMLGridTransformNode" if map_name == "displacement" else "vtkMRMLScalarVolumeNode"
    return new_sequence(_TITLES[map_name], class_name, _items(files, map_name, baseline))


def _maps_to_look_at(files: ResultFiles, sequences: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Return the maps of the last month with a scan, or of the last one before it that there is."""
    months = files.months("jacobian")
    index = max(np.searchsorted(months, files.observed_months[-1] + SAME_MONTH) - 1, 1)
    return {
        name: slicer.util.arrayFromVolume(sequence.GetNthDataNode(int(index)))
        for name, sequence in sequences.items()
        if name in QUANTITIES
    }


def _items(
    files: ResultFiles, map_name: str, baseline: slicer.vtkMRMLScalarVolumeNode
) -> Iterator[tuple[float, Fill]]:
    read: Callable[[Path, slicer.vtkMRMLNode], Steps[None]] = (
        read_displacement if map_name == "displacement" else read_map
    )
    if map_name in MAPS_OF_SCANS:
        yield 0.0, partial(_copy, baseline)
    for month in files.months(map_name):
        yield month, partial(read, files.path(map_name, month))


def _copy(baseline: slicer.vtkMRMLScalarVolumeNode, node: slicer.vtkMRMLNode) -> Steps[None]:
    with hardened(baseline, "baseline") as shown:
        node.CopyContent(shown)
    yield None


def _log(source: slicer.vtkMRMLScalarVolumeNode, node: slicer.vtkMRMLNode) -> Steps[None]:
    node.CopyContent(source)
    yield partial(log_in_place, slicer.util.arrayFromVolume(node))
    slicer.util.arrayFromVolumeModified(node)


def _name(result: SceneResult, map_name: str) -> str:
    return f"{(result.baseline or result.browser).GetName()} {_TITLES[map_name]}"


def _call(sequence: slicer.vtkMRMLSequenceNode, name: str) -> None:
    """Name a sequence and its items, which name what shows them."""
    sequence.SetName(name)
    for index in range(sequence.GetNumberOfDataNodes()):
        sequence.GetNthDataNode(index).SetName(name)


def _browse(result: SceneResult, map_name: str, sequence: slicer.vtkMRMLSequenceNode, shown: bool) -> None:
    browser = result.browser
    _call(sequence, result.scene.GenerateUniqueName(_name(result, map_name)))
    result.scene.AddNode(sequence)
    sequence.SetAttribute(MAP_ATTRIBUTE, map_name)
    with slicer.util.NodeModify(browser):
        browser.AddNodeReferenceID(MAP_ATTRIBUTE, sequence.GetID())
        browser.AddSynchronizedSequenceNode(sequence)
        browser.SetPlayback(sequence, False)
        browser.SetSaveChanges(sequence, False)
    place_beside(result.scene, sequence, browser)
    if shown:
        show_map(result, map_name)
