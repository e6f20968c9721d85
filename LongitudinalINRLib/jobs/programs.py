"""Segmentation by a program of this computer, where it is installed: FreeSurfer's SynthSeg, or FastSurfer."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from LongitudinalINRLib.errors import Cancelled, InputError
from LongitudinalINRLib.imaging.reading import read_labels
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume

ProgramName = Literal["synthseg", "fastsurfer"]

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_END = 5.0


@dataclass(frozen=True)
class Program:
    """How a program is called.

    Parameters
    ----------
    command : str
        What it is called by.
    arguments : tuple of str
        ``{scan}`` and ``{folder}`` stand for the file of the scan and a folder for what it writes.
    result : str
        The segmentation, within that folder, in FreeSurfer's numbers.
    licence : str
        Whose it is, for the note beside the labels.
    """

    command: str
    arguments: tuple[str, ...]
    result: str
    licence: str


PROGRAMS: dict[ProgramName, Program] = {
    "synthseg": Program(
        "mri_synthseg",
        ("--i", "{scan}", "--o", "{folder}/labels.nii.gz", "--cpu"),
        "labels.nii.gz",
        "SynthSeg (Billot et al., Medical Image Analysis 86, 2023), under FreeSurfer's licence",
    ),
    "fastsurfer": Program(
        "run_fastsurfer.sh",
        ("--t1", "{scan}", "--sid", "subject", "--sd", "{folder}", "--seg_only"),
        "subject/mri/aparc.DKTatlas+aseg.deep.mgz",
        "FastSurfer (Henschel et al., NeuroImage 219, 2020), Apache-2.0",
    ),
}


def segmented(name: ProgramName, scan: Volume, should_stop: Callable[[], bool] = lambda: False) -> Volume:
    """Let a program of this computer segment a scan.

    What it prints goes to standard error, which is the job's log.

    Parameters
    ----------
    name : str
        Which program.
    scan : Volume
        The T1-weighted scan; it is handed over in a temporary folder that is removed.
    should_stop : callable
        Asked five times a second; the program is then ended.

    Returns
    -------
    Volume
        Labels in FreeSurfer's numbers on the grid of the scan, nearest neighbours.

    Raises
    ------
    InputError
        The program is not on the PATH, fails, or writes no labels.
    Cancelled
        When `should_stop` said so.
    """
    program = PROGRAMS[name]
    found = found_program(name)
    with tempfile.TemporaryDirectory(prefix="longitudinal-inr-") as temporary:
        path = Path(temporary) / "scan.nii.gz"
        write_volume(scan, path)
        places = {"scan": str(path), "folder": temporary}
        code = _run([found, *(argument.format(**places) for argument in program.arguments)], should_stop)
        result = Path(temporary) / program.result
        if code or not result.exists():
            raise InputError(
                "program-failed",
                f"{program.command} did not segment the baseline.",
                expected="a segmentation",
                found=f"exit code {code}" if code else "no file with one",
                advice="worker.log in the output folder holds what it said. Run it by hand and give its "
                "result as labels, or choose another way to find regions (--regions atlas).",
            )
        labels, _ = read_labels(result)
    return resample(labels, scan, order="nearest")


def found_program(name: ProgramName) -> str:
    """Return where a program is.

    Raises
    ------
    InputError
        It is not on the PATH.
    """
    command = PROGRAMS[name].command
    found = shutil.which(command)
    if found is None:
        raise InputError(
            "program-missing",
            f"{command} is not installed, or is not on the PATH.",
            expected=f"the program {command}, which --regions {name} calls",
            found="no such program",
            advice="Install it and add its folder to the PATH, or choose --regions atlas or none.",
        )
    return found


def _run(command: list[str], should_stop: Callable[[], bool]) -> int:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
    try:
        while process.poll() is None:
            if should_stop():
                raise Cancelled
            time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_END)
            process.kill()
            process.wait()
    return process.returncode
