"""What pressing Run costs: seconds to the first progress, and how long the window stands still meanwhile.

Run ``python -m benchmarks.pressing_run --output FOLDER`` with slicer-core, trame-slicer, PySide6 installed.
The panel is the real one, on real MRML and real Qt. The scans are not aligned, so that the fit comes soon;
the job is cancelled at the end. Drawing slice views is no part of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.window import Window
from LongitudinalINRLib.files import write_text

ROOT = Path(__file__).parents[1]
MODULE = ROOT / "LongitudinalINR" / "LongitudinalINR.py"
TESTING = ROOT / "Testing"
FIT_SECONDS = 20.0

IMPORT = """
import sys, time, pathlib
sys.path.insert(0, {testing!r})
from standin.installation import install
running = install("5.12", 5)
import numpy, vtk
began = time.perf_counter()
running.load_module(pathlib.Path({module!r}))
print(time.perf_counter() - began, "torch" in sys.modules)
running.uninstall()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--seed", type=int, default=0, help="of the simulated subject")
    options = parser.parse_args()
    from benchmarks.subject import MONTHS, simulated  # which imports what the panel must import itself

    anatomy = simulated(options.output / f"subject-{options.seed}", options.seed)
    rows = [import_row(), *pressing_rows(options.output / f"subject-{options.seed}")]
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    told = {"anatomy": anatomy, "machine": machine, "load": load, "rows": rows}
    write_text(options.output / "pressing_run.json", json.dumps(told, indent=2))
    print(f"{machine}, load {load}; {anatomy}, {len(MONTHS) - 1} follow-ups")
    for each in rows:
        print(f"{each['what']:62} {each['value']:8.2f} {each['unit']:3} (asked: {each['asked']})")


def import_row() -> dict[str, object]:
    """Import the module in a fresh interpreter; the middle of five times."""
    code = IMPORT.format(testing=str(TESTING), module=str(MODULE))
    seconds = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        took, torch = done.stdout.split()[-2:]
        if torch != "False":
            raise SystemExit("importing the module imports torch")
        seconds.append(float(took))
    return row("importing the module, without torch", float(np.median(seconds)), "s", 0.3)


def pressing_rows(subject: Path) -> list[dict[str, object]]:
    """Fill in the panel, press Run, watch until the fit has run for a while, and cancel."""
    sys.path.insert(0, str(TESTING))
    from standin import driving
    from standin.installation import install

    running = install("5.12", 5)
    panel = running.open_module(MODULE)
    ui, queue = panel.ui, panel.logic.service.queue
    fill_in(ui, subject)
    driving.wait_until(lambda: "Looking" not in ui.deviceMessageLabel.text, 120)
    window = Window()
    window.do(lambda: driving.click(ui.runButton))
    job = queue.running
    if job is None:
        raise SystemExit(f"the job did not start: {ui.failureLabel.text}")
    pressed = window.began
    press_ms, press_processor_ms = window.longest_ms, window.processor_ms
    window.work_until(lambda: ui.stageLabel.text)
    first_seconds = time.perf_counter() - pressed
    before_ms = window.longest_ms
    window.forget()
    window.work_until(lambda: job.finished or (job.progress and job.progress.stage == "fit"))
    preparing_ms = window.longest_ms
    window.forget()
    end = time.perf_counter() + FIT_SECONDS
    window.work_until(lambda: job.finished or time.perf_counter() > end)
    if job.finished:
        raise SystemExit(f"the job ended too early: {job.last_event}")
    fit_ms, events = window.longest_ms, len(job.loss_history)
    window.forget()
    window.do(lambda: driving.click(ui.cancelButton))
    cancel_ms = window.longest_ms
    window.work_until(lambda: job.finished)
    cancel_seconds = time.perf_counter() - window.began
    job.stored.discard()
    running.uninstall()
    return [
        row("from pressing Run to the first progress", first_seconds, "s", 3),
        row("window blocked by pressing Run", press_ms, "ms", 50),
        # What other programs take from the machine does not count here.
        row("window blocked by pressing Run, processor time", press_processor_ms, "ms", 50),
        row("window blocked until the first progress, at most", before_ms, "ms", 50),
        row("window blocked from there to the fit, at most", preparing_ms, "ms", 50),
        row(f"window blocked in {FIT_SECONDS:g} s of fit ({events} losses drawn), at most", fit_ms, "ms", 50),
        row("window blocked by pressing Cancel", cancel_ms, "ms", 50),
        row("from pressing Cancel to the end of the worker", cancel_seconds, "s", None),
    ]


def fill_in(ui, subject: Path) -> None:
    """Load the scans and the regions of the baseline into the scene, and choose them."""
    import slicer
    from LongitudinalINRModule.sampledata.nodes import add_subject
    from LongitudinalINRModule.settings.choices import Align
    from standin import driving

    *scans, segmentation = add_subject(slicer.mrmlScene, subject)
    for index, volume in enumerate(scans):
        ui.addScanButton.click()
        driving.choose(ui.scansTable.cellWidget(index, 0), volume.GetName())
    driving.choose(ui.segmentationSelector, segmentation.GetName())
    ui.alignComboBox.setCurrentIndex(list(Align).index(Align.none))


def row(what: str, value: float, unit: str, asked: float | None) -> dict[str, object]:
    told = "nothing" if asked is None else f"at most {asked:g}"
    return {"what": what, "value": value, "unit": unit, "asked": told}


if __name__ == "__main__":
    main()
