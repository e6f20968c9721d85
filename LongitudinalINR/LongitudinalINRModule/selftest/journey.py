"""From scans to an exported map through the panel's own widgets: the same steps inside Slicer and outside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import slicer

from LongitudinalINRModule.selftest.head import MONTHS, add_head
from LongitudinalINRModule.settings.choices import Align, Preset

STEPS = 20
LONGEST_SECONDS = 300.0


def walk_through(tell: Callable[[str], object]) -> Path:
    """Fill in the panel, run a preview, scrub, and export; return the folder of the export.

    Parameters
    ----------
    tell : callable
        Takes what is being done.

    Raises
    ------
    AssertionError
        The panel does not do what it should.
    """
    slicer.util.selectModule("LongitudinalINR")
    widget = slicer.modules.LongitudinalINRWidget
    ui = widget.ui
    tell("Filling in the scans")
    fill_in(ui)
    tell("Running the preview")
    run(widget)
    tell("Scrubbing through time")
    scrub(widget)
    tell("Exporting")
    return export(widget)


def fill_in(ui: Any) -> None:
    """Choose three scans with their months, and the regions."""
    scans, regions = add_head(slicer.mrmlScene)
    for row, (volume, months) in enumerate(zip(scans, MONTHS, strict=True)):
        ui.addScanButton.click()
        selector = ui.scansTable.cellWidget(row, 0)
        selector.setCurrentNode(volume)
        selector.nodeActivated(volume)
        ui.scansTable.cellWidget(row, 1).setText(f"{months:g}")
    ui.segmentationSelector.setCurrentNode(regions)
    ui.maskSelector.setCurrentNode(regions)
    ui.presetComboBox.setCurrentIndex(list(Preset).index(Preset.preview))
    ui.presetComboBox.activated(ui.presetComboBox.currentIndex)
    ui.alignComboBox.setCurrentIndex(list(Align).index(Align.none))
    ui.stepsSpinBox.setValue(STEPS)
    ui.extrapolateSpinBox.setValue(12.0)
    assert ui.runButton.enabled, ui.runMessageLabel.text


def run(widget: Any) -> None:
    """Press Run and wait for the result, while Slicer goes on working."""
    started = time.monotonic()
    widget.ui.runButton.click()
    settle(widget)
    job = widget.logic.service.queue.running
    assert job is not None, widget.ui.failureLabel.text
    first: list[float] = []
    job.progressed.connect(lambda _: first.append(time.monotonic()))
    job.wait(LONGEST_SECONDS)
    assert job.state == "done", widget.ui.failureLabel.text
    assert job.result is not None
    assert first[0] - started < LONGEST_SECONDS
    settle(widget)


def settle(widget: Any) -> None:
    """Wait until what was begun is in the job's folder, or in the scene."""
    end = time.monotonic() + LONGEST_SECONDS
    while widget.logic.service.busy and time.monotonic() < end:
        slicer.app.processEvents()
        time.sleep(0.01)


def scrub(widget: Any) -> None:
    """Go through the checks, then move the map through time."""
    ui = widget.ui
    assert ui.checkLabel.text.startswith("Check before you trust")
    ui.showMapButton.click()
    result = widget.panel.explore_section.result
    proxy = result.proxy("jacobian")
    seen = []
    for months in (0.0, 12.0, 30.0):
        ui.timeSlider.setValue(months)
        slicer.app.processEvents()
        seen.append(float(slicer.util.arrayFromVolume(proxy)[11:13, 15:17, 13:15].mean()))
    assert np.allclose(seen[0], 1.0, atol=1e-3), "there is no change at month 0"
    assert seen[2] != seen[1] != seen[0], "the map moves with the slider"


def export(widget: Any) -> Path:
    """Write the shown map, the regions and the report."""
    ui = widget.ui
    folder = Path(tempfile.mkdtemp(prefix="LongitudinalINR-export-", dir=slicer.app.temporaryPath))
    ui.exportPathEdit.setCurrentPath(str(folder))
    for box in (ui.exportAllBox, ui.exportRegionsBox, ui.exportReportBox):
        box.setChecked(True)
    assert ui.exportButton.enabled, ui.exportMessageLabel.text
    ui.exportButton.click()
    written = {path.name for path in folder.iterdir()}
    wanted = {"manifest.json", "regions.csv", "report.html", "jacobian_036.0mo.nii.gz"}
    assert wanted <= written, ui.exportMessageLabel.text
    return folder
