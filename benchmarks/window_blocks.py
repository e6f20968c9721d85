"""How long Slicer's window stands still at most: pressing Run, loading a result, installing packages.

Run ``python -m benchmarks.window_blocks --output FOLDER`` with slicer-core, trame-slicer, PySide6 installed.
The panel is the real one, on real MRML and real Qt; every number is the middle of several rounds, each with a
panel of its own in a process of its own, as a person meets it the first time. Drawing slice views is no part
of it; pip is played by a script that takes a while.
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

from benchmarks.pressing_run import MODULE, TESTING, fill_in, row
from benchmarks.slider_to_picture import SHAPE, write_result
from benchmarks.window import Window
from LongitudinalINRLib.files import write_text

ROUNDS = 3
ASKED_MS = 50
_FAKE_PYTHON = """#!/bin/sh
case "$*" in
*"pip install"*) for n in 1 2 3 4 5 6 7 8 9 10; do echo "Collecting $n"; sleep 0.2; done; touch "{done}";;
*) exec "{python}" "$@";;
esac
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--what", choices=_ROUNDS, nargs="+", default=list(_ROUNDS))
    parser.add_argument("--one", choices=_ROUNDS, help="one round in this process, told as JSON")
    options = parser.parse_args()
    subject, result = options.output / "subject-0", options.output / "result"
    if options.one:
        print(json.dumps(one_round(options.one, subject, result)))
        return
    from benchmarks.subject import MONTHS, simulated  # which imports what a round must import itself

    print(f"{simulated(subject, 0)}, {len(MONTHS) - 1} follow-ups")
    write_result(result)
    rows = []
    for what in options.what:
        told = [another_process(what, options.output) for _ in range(options.rounds)]
        for name, unit, asked in _NAMES:
            middle = float(np.median([each[name] for each in told]))
            rows.append(row(_TITLES[what] + name, middle, unit, asked))
    write_text(options.output / "window_blocks.json", json.dumps(rows, indent=2))
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load}; {SHAPE} voxels")
    for each in rows:
        print(f"{each['what']:62} {each['value']:8.1f} {each['unit']:3} (asked: {each['asked']})")


def another_process(what: str, output: Path) -> dict[str, float]:
    """Return what a round told that had a process of its own."""
    command = [sys.executable, "-m", "benchmarks.window_blocks", "--output", str(output), "--one", what]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def one_round(what: str, subject: Path, result: Path) -> dict[str, float]:
    """Open a panel, do one thing, and return the longest block of the window meanwhile."""
    sys.path.insert(0, str(TESTING))
    from standin import driving
    from standin.installation import install

    running = install("5.12", 5)
    panel = running.open_module(MODULE)
    driving.wait_until(lambda: "Looking" not in panel.ui.deviceMessageLabel.text, 120)
    _read_signatures(running)
    window = Window()
    began = time.perf_counter()
    _ROUNDS[what](panel, window, running, result if what == "load" else subject)
    seconds = time.perf_counter() - began
    running.uninstall()
    return {
        "window blocked at most": window.longest_ms,
        "the same, processor time": window.longest_processor_ms,
        "in all": seconds,
    }


def _read_signatures(running) -> None:
    """Paint once: PySide6, which plays Slicer's Qt here, then reads what its functions take, for 0.1 s."""
    from LongitudinalINRModule.panel.time_ruler import TimeRuler

    ruler = TimeRuler(running.qt.QLabel())
    ruler.show((12.0, 24.0), 36.0)
    ruler.close()


def press_run(panel, window: Window, _running, subject: Path) -> None:
    """Press Run with four scans and a segmentation, until the worker has said something."""
    from standin import driving

    fill_in(panel.ui, subject)
    window.do(lambda: driving.click(panel.ui.runButton))
    queue = panel.logic.service.queue
    window.work_until(lambda: queue.running is not None and queue.running.progress is not None)
    job = queue.running
    job.cancel()
    Window().work_until(lambda: job.finished)
    job.stored.discard()


def load(panel, window: Window, _running, result: Path) -> None:
    """Open a result folder, until its maps are on the slider."""
    from standin import dialogs, driving

    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(result))
    window.do(lambda: driving.click(panel.ui.openFolderButton))
    explore = panel.panel.explore_section
    window.work_until(lambda: explore.result is not None or panel.ui.exploreMessageLabel.text.startswith("⚠"))
    if explore.result is None:
        raise SystemExit(panel.ui.exploreMessageLabel.text)
    for _ in range(50):
        window.work_until(lambda: True)
        driving.process_events(0.01)


def install_packages(panel, window: Window, running, _subject: Path) -> None:
    """Install what is missing, from a pip that takes two seconds."""
    import shutil

    from LongitudinalINRModule.dependencies import requirements
    from standin import dialogs, driving

    fake = Path(shutil.which("PythonSlicer") or "")
    fake.unlink()
    done = fake.with_name("installed")
    fake.write_text(_FAKE_PYTHON.format(python=sys.executable, done=done))
    fake.chmod(0o755)
    requirements.missing.__defaults__ = (
        requirements.REQUIREMENTS,
        lambda name: requirements.installed_version(name) if name != "nibabel" or done.exists() else None,
    )
    dialogs.answer(running.qt.QMessageBox.Ok)
    ui = panel.ui
    panel.enter()
    window.do(lambda: driving.click(ui.installButton))
    window.work_until(lambda: not ui.dependenciesFrame.visible)


_ROUNDS = {"run": press_run, "load": load, "install": install_packages}
_TITLES = {"run": "pressing Run: ", "load": "loading a result: ", "install": "installing (2 s of pip): "}
_NAMES = (
    ("window blocked at most", "ms", ASKED_MS),
    ("the same, processor time", "ms", ASKED_MS),
    ("in all", "s", None),
)


if __name__ == "__main__":
    main()
