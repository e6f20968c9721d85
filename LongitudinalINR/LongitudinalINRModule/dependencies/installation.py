"""Installing what is missing, after asking, and nothing else."""

from __future__ import annotations

import importlib
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.runner import kill_tree
from LongitudinalINRModule.background.python_process import slicer_python
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.dependencies.requirements import TORCH, Requirement, constraints

POLL_SECONDS = 0.1


def question(requirements: Sequence[Requirement]) -> str:
    """Return what the person is asked before anything is installed."""
    lines = [f"  • {each.name}: {each.purpose} ({each.size})" for each in requirements]
    where = (
        "PyTorch is installed by the PyTorch extension, which picks the build for your graphics card."
        if _torch_logic_available()
        else "For a graphics card, install the PyTorch extension first: it picks the right build of torch."
    )
    parts = [
        "LongitudinalINR needs Python packages that are not installed yet:",
        "\n".join(lines),
        "They are downloaded from the Python package index into this Slicer, "
        "whose own packages stay as they are.",
    ]
    if TORCH in requirements:
        parts.append(where)
    return "\n\n".join([*parts, "Install them now?"])


def installing(requirements: Sequence[Requirement]) -> Steps[None]:
    """Install packages in steps: PyTorch by its extension where that is there, everything else by pip.

    Raises
    ------
    InputError
        The installation failed.
    """
    others = list(requirements)
    try:
        if TORCH in others and _torch_logic_available():
            _install_torch()
            others.remove(TORCH)
        if others:
            yield from _pip_install([each.specifier for each in others])
    except Exception as error:  # pip, the extension and the network fail in many ways
        raise InputError(
            "installation-failed",
            "The packages could not be installed.",
            expected="an installation without errors",
            found=f"{type(error).__name__}: {error}",
            advice="Check the network connection and the space on the disk, then try again. "
            "Slicer's Python console shows what pip wrote.",
        ) from error
    importlib.invalidate_caches()


def install(requirements: Sequence[Requirement]) -> None:
    """Install packages and wait for it (see `installing`)."""
    here(installing(requirements))


def _torch_logic_available() -> bool:
    return hasattr(slicer.modules, "pytorchutils")


def _install_torch() -> None:
    import PyTorchUtils

    logic = PyTorchUtils.PyTorchUtilsLogic()
    if logic.installTorch(askConfirmation=False, torchVersionRequirement=TORCH.bounds) is None:
        raise RuntimeError("the PyTorch extension did not install torch")


def _pip_install(specifiers: list[str]) -> Steps[None]:
    """Let pip work in a process of its own: `slicer.util.pip_install` would wait for it."""
    with tempfile.TemporaryDirectory() as folder:
        path, log = Path(folder) / "constraints.txt", Path(folder) / "pip.log"
        path.write_text("\n".join(constraints()) + "\n", encoding="utf-8")
        command = [slicer_python(), "-m", "pip", "install", "--constraint", str(path), *specifiers]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                start_new_session=True,  # PythonSlicer is a launcher: its child has to end with it
            )
        try:
            while process.poll() is None:
                yield partial(time.sleep, POLL_SECONDS)
        finally:
            if process.poll() is None:  # Slicer is closed, or the person has cancelled
                kill_tree(process.pid)
                process.wait()
            print(log.read_text(encoding="utf-8", errors="replace"))
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, "pip install")
