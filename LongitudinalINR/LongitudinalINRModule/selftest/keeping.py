"""The last stops: what can be exported, and a bundle that is explored again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import slicer

from LongitudinalINRModule.selftest.hands import press, settle, unfold, wait_until
from LongitudinalINRModule.selftest.looking import go_through_time

FILES = {
    "jacobian_000.0mo.nii.gz",
    "jacobian_012.0mo.nii.gz",
    "jacobian_024.0mo.nii.gz",
    "jacobian_030.0mo.nii.gz",
    "jacobian_036.0mo.nii.gz",
    "jacobian.seq.nrrd",
    "regions.csv",
    "trajectories.csv",
    "views.png",
    "months.png",
    "report.html",
    "manifest.json",
}
ANIMATIONS = {"views.gif", "views.mp4"}
"""The second where Slicer finds ffmpeg."""


def export(widget: Any, folder: Path) -> None:
    """Tick everything, and look at what was written."""
    ui = widget.ui
    unfold(ui, "exportSectionButton")
    ui.exportPathEdit.setCurrentPath(str(folder))
    press(ui, "exportAllOfItButton")
    press(ui, "exportButton")
    written = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert written.keys() >= FILES, f"missing: {FILES - written.keys()}. {ui.exportMessageLabel.text}"
    assert len(written.keys() & ANIMATIONS) == 1, "there is no animation"
    assert all(written.values()), f"some files are empty: {written}"
    assert ui.exportMessageLabel.text.startswith("Wrote "), ui.exportMessageLabel.text


def bring_back(widget: Any, bundle: Path) -> None:
    """Save the scene, close it, load it again: the result is explored as before."""
    explore = widget.panel.explore_section
    answer, months = widget.ui.answerLabel.text, explore.result.months
    assert slicer.util.saveScene(str(bundle)), "the scene could not be saved as a bundle"
    slicer.mrmlScene.Clear(0)
    slicer.app.processEvents()
    assert explore.result is None, "a result is explored in an empty scene"
    slicer.util.loadScene(str(bundle))
    wait_until(lambda: explore.result is not None, "the result of the bundle")
    settle(widget)
    back = widget.panel.explore_section.result.months
    assert back == months, f"the bundle holds the months {back}"
    assert widget.ui.answerLabel.text == answer, f"it says: {widget.ui.answerLabel.text}"
    go_through_time(widget)
