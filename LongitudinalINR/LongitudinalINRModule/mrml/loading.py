"""A finished job into the scene: numeric sequences in months under one browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import MAPS_OF_SCANS
from LongitudinalINRModule.mrml.documents import keep_documents
from LongitudinalINRModule.mrml.hardening import copy_hardened
from LongitudinalINRModule.mrml.map_display import MapDisplay
from LongitudinalINRModule.mrml.map_interpolation import log_in_place
from LongitudinalINRModule.mrml.node_files import owned_nodes, read_displacement, read_map
from LongitudinalINRModule.mrml.provenance import keep_provenance
from LongitudinalINRModule.mrml.quantities import QUANTITIES
from LongitudinalINRModule.mrml.result import BASELINE_ROLE, MAP_ATTRIBUTE, OBSERVED_ATTRIBUTE, Result
from LongitudinalINRModule.mrml.result_files import ResultFiles
from LongitudinalINRModule.mrml.sequences import Fill, add_sequence, months_of
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside

_TITLES = {
    **{name: quantity.title for name, quantity in QUANTITIES.items()},
    "displacement": "Deformation",
    "aligned": "Follow-up, aligned",
    "warped": "Follow-up, warped",
}


def load_result(scene, files: ResultFiles, baseline) -> Result:
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
    Result
        In the baseline's study, at the baseline's time.

    Raises
    ------
    InputError
        If there are maps of fewer than two months, or one is missing or cannot be read; the scene is then as
        before.
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
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", f"{baseline.GetName()} change over time")
    browser.SetAttribute(OBSERVED_ATTRIBUTE, " ".join(repr(month) for month in files.observed_months))
    browser.SetNodeReferenceID(BASELINE_ROLE, baseline.GetID())
    browser.SetIndexDisplayFormat("%.1f")
    place_beside(scene, browser, baseline)
    result = Result(browser)
    try:
        keep_provenance(result, files)
        add_map(result, files, "jacobian")
        if "rate" in files.maps:
            add_map(result, files, "rate", shown=False)
        keep_documents(result, files.folder)
    except BaseException:
        remove_result(result)
        raise
    browser.SetSelectedItemNumber(0)
    return result


def add_map(result: Result, files: ResultFiles, map_name: str, *, shown: bool = True) -> None:
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
    class_name = "vtkMRMLGridTransformNode" if map_name == "displacement" else "vtkMRMLScalarVolumeNode"
    items = _items(result, files, map_name)
    _browse(result, map_name, add_sequence(result.scene, _name(result, map_name), class_name, items), shown)


def add_log_jacobian(result: Result) -> None:
    """Add log |J|, made from the stored |J|; needs no file, so it works on a loaded bundle too."""
    if "log-jacobian" in result.maps:
        show_map(result, "log-jacobian")
        return
    sequence = result.sequence("jacobian")
    stored = [sequence.GetNthDataNode(index) for index in range(sequence.GetNumberOfDataNodes())]
    items = (
        (month, partial(_fill_log, node)) for month, node in zip(months_of(sequence), stored, strict=True)
    )
    name = _name(result, "log-jacobian")
    _browse(result, "log-jacobian", add_sequence(result.scene, name, "vtkMRMLScalarVolumeNode", items), True)


def show_map(result: Result, map_name: str, shown: bool = True) -> None:
    """Let the browser make and update the proxy of a map, or leave it as it is."""
    result.browser.SetPlayback(result.sequence(map_name), shown)
    proxy = result.proxy(map_name)
    if not shown or proxy is None:
        return
    place_beside(result.scene, proxy, result.browser)
    if map_name in QUANTITIES:
        MapDisplay(proxy, QUANTITIES[map_name])


def remove_result(result: Result) -> None:
    """Take a result out of its scene: browser, sequences, proxies, tables and texts; not the baseline."""
    scene = result.scene
    nodes = [result.browser, *result.tables, *result.documents]
    for map_name in result.maps:
        proxy = result.proxy(map_name)
        if proxy is not None:
            nodes += [*owned_nodes(proxy), proxy]
        nodes.append(result.sequence(map_name))
    # The browser goes first: while it is there, the sequences logic makes a new proxy for each one removed.
    for node in nodes:
        scene.RemoveNode(node)


def _items(result: Result, files: ResultFiles, map_name: str) -> Iterator[tuple[float, Fill]]:
    read: Callable = read_displacement if map_name == "displacement" else read_map
    if map_name in MAPS_OF_SCANS:
        yield 0.0, partial(copy_hardened, result.require_baseline())
    for month in files.months(map_name):
        yield month, partial(read, files.path(map_name, month))


def _fill_log(source, node) -> None:
    node.CopyContent(source)
    log_in_place(slicer.util.arrayFromVolume(node))
    slicer.util.arrayFromVolumeModified(node)


def _name(result: Result, map_name: str) -> str:
    return f"{(result.baseline or result.browser).GetName()} {_TITLES[map_name]}"


def _browse(result: Result, map_name: str, sequence, shown: bool) -> None:
    browser = result.browser
    sequence.SetAttribute(MAP_ATTRIBUTE, map_name)
    with slicer.util.NodeModify(browser):
        browser.AddNodeReferenceID(MAP_ATTRIBUTE, sequence.GetID())
        browser.AddSynchronizedSequenceNode(sequence)
        browser.SetPlayback(sequence, False)
        browser.SetSaveChanges(sequence, False)
    place_beside(result.scene, sequence, browser)
    if shown:
        show_map(result, map_name)
