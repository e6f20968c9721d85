"""What there is to compute on, found out by a child process: importing PyTorch here would take seconds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qt

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.runner import kill_tree
from LongitudinalINRModule.background.python_process import slicer_python

POLL_MS = 200
_SCRIPT = Path(__file__).with_name("device_report.py")


class DeviceProbe:
    """Asks once, in the background.

    Parameters
    ----------
    on_found : callable
        Takes what was found; an empty dictionary where PyTorch does not work.
    """

    def __init__(self, on_found: Callable[[dict[str, Any]], None]):
        self._on_found = on_found
        self._process: subprocess.Popen[str] | None = None
        self._timer = qt.QTimer()
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(self) -> None:
        """Ask, unless the answer is on its way."""
        if self._process is not None:
            return
        try:
            command = [slicer_python(), str(_SCRIPT)]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                start_new_session=True,
            )
        except (InputError, OSError):
            self._on_found({})
            return
        self._timer.start()

    def close(self) -> None:
        """Ask no more."""
        self._timer.stop()
        self._timer.timeout.disconnect(self._poll)
        if self._process is not None:
            kill_tree(self._process.pid)  # PythonSlicer is a launcher: its child has to end with it
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def _poll(self) -> None:
        if self._process is None or self._process.poll() is None:
            return
        self._timer.stop()
        output, _ = self._process.communicate()  # it has ended: this does not wait
        self._process = None
        try:
            self._on_found(json.loads(output))
        except ValueError:
            self._on_found({})


def describe(found: dict[str, Any], chosen: str, seconds: float | None) -> str:
    """Return what the panel says about the device.

    Parameters
    ----------
    found : dict
        From the probe.
    chosen : str
        `auto`, `cpu`, `cuda` or `mps`.
    seconds : float, optional
        Estimate for the scans that were chosen, on a processor.
    """
    if not found:
        return "PyTorch is not installed yet."
    if chosen == "cuda" and not found["cuda"]:
        return "PyTorch finds no CUDA here: the job would fail. Choose Automatic." + _unused_card(found)
    if chosen == "mps" and not found["mps"]:
        return "PyTorch finds no Apple graphics here: the job would fail. Choose Automatic."
    if found["cuda"] and chosen in ("auto", "cuda"):
        return f"CUDA: {found['cuda_name']}, {found['cuda_gb']} GB"
    if chosen == "mps":
        return "MPS: Apple graphics"
    estimate = "" if seconds is None else f", {_about(seconds)} for these scans"
    return f"CPU: {found['cores']} cores{estimate}." + _unused_card(found)


def _unused_card(found: dict[str, Any]) -> str:
    if not found["nvidia_card"] or found["cuda"]:
        return ""
    return (
        " There is an NVIDIA card, but the installed PyTorch has no CUDA support: it runs on the CPU."
        " The PyTorch extension can install the right build."
    )


def _about(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(10, round(seconds / 10) * 10):g} seconds"
    return f"about {round(seconds / 60):g} minutes"
