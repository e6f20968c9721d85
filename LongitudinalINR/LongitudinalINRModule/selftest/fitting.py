"""The first stops: the scans that were found are taken, and fitted."""

from __future__ import annotations

import time
from typing import Any

import slicer

from LongitudinalINRModule.scans.scan_dates import MONTHS_ATTRIBUTE
from LongitudinalINRModule.selftest.hands import LONGEST_SECONDS, press, settle, wait_until
from LongitudinalINRModule.selftest.head import MONTHS, add_head
from LongitudinalINRModule.settings.choices import Align, Preset

STEPS = 20


def take_scans(ui: Any) -> None:
    """Bring scans that know their months into the scene, and take what the panel offers."""
    scans, _ = add_head(slicer.mrmlScene)
    for volume, months in zip(scans, MONTHS, strict=True):
        volume.SetAttribute(MONTHS_ATTRIBUTE, repr(months))
    wait_until(lambda: ui.offerLabel.text, "an offer of the scans in the scene")
    wanted = "Found 3 scans of one person: months 0, 12.0, 24.0; regions: Head regions."
    assert ui.offerLabel.text == wanted, f"the panel offers: {ui.offerLabel.text}"
    press(ui, "useScansButton")
    taken = [
        (ui.scansTable.cellWidget(row, 0).currentNode(), ui.scansTable.cellWidget(row, 1).text)
        for row in range(ui.scansTable.rowCount)
    ]
    assert taken == list(zip(scans, ("0", "12", "24"), strict=True)), f"the table holds: {taken}"
    assert not ui.offerLabel.text, "what was taken is offered again"


def choose_settings(ui: Any) -> None:
    """Choose a fit that takes seconds, and a prediction beyond the last scan."""
    ui.maskSelector.setCurrentNode(ui.segmentationSelector.currentNode())
    ui.presetComboBox.setCurrentIndex(list(Preset).index(Preset.preview))
    ui.presetComboBox.activated(ui.presetComboBox.currentIndex)
    ui.alignComboBox.setCurrentIndex(list(Align).index(Align.none))
    ui.stepsSpinBox.setValue(STEPS)
    ui.extrapolateSpinBox.setValue(12.0)
    assert ui.runButton.enabled, ui.runMessageLabel.text


def run(widget: Any) -> None:
    """Press Run and wait for the result, while Slicer goes on working."""
    started = time.monotonic()
    press(widget.ui, "runButton")
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
