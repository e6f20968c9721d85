"""Installing what is missing, after asking, and nothing else."""

from __future__ import annotations

import importlib
import importlib.util
import platform
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.runner import kill_tree
from LongitudinalINRModule.background.python_process import slicer_python
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.dependencies.requirements import TORCH, Requirement, constraints

POLL_SECONDS = 0.1


def can_be_cancelled() -> bool:
    """Tell whether an installation ends when it is told to: Slicer's own installer, of 5.12 on, does not."""
    return not _has_packaging()


def outlook(requirements: Sequence[Requirement]) -> str:
    """Say in one line what installing will do on this computer."""
    if TORCH not in requirements:
        return ""
    if _torch_logic_available():
        return "The PyTorch extension takes the build of torch for this computer's graphics card."
    if platform.system() == "Linux":
        return (
            "On Linux pip takes the build of torch with CUDA (up to 3 GB); with the PyTorch extension "
            "installed first, only what this computer's graphics card needs."
        )
    return (
        "pip takes the build of torch without CUDA (200 MB): for an NVIDIA card install the PyTorch "
        "extension first."
    )


def question(requirements: Sequence[Requirement]) -> str:
    """Return what the person is asked before anything is installed."""
    lines = [f"  • {each.name}: {each.purpose} ({each.size})" for each in requirements]
    parts = [
        "LongitudinalINR needs Python packages that are not installed yet:",
        "\n".join(lines),
        "They are downloaded from the Python package index into this Slicer, "
        "whose own packages stay as they are.",
    ]
    parts += filter(None, [outlook(requirements)])
    return "\n\n".join([*parts, "Install them now?"])


def installing(requirements: Sequence[Requirement]) -> Steps[None]:
    """Install packages in steps: PyTorch by its extension where that is there, everything else by pip.

    pip is run by Slicer's own installer where Slicer has one (5.12), else in a process of its own.

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
            with _constraints_file() as path:
                by = _by_slicer if _has_packaging() else _by_pip
                yield from by([each.specifier for each in others], path)
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
    here(installing(requirements), meanwhile=slicer.app.processEvents)


def _torch_logic_available() -> bool:
    return hasattr(slicer.modules, "pytorchutils")


def _install_torch() -> None:
    import PyTorchUtils

    logic = PyTorchUtils.PyTorchUtilsLogic()
    if logic.installTorch(askConfirmation=False, torchVersionRequirement=TORCH.bounds) is None:
        raise RuntimeError("the PyTorch extension did not install torch")


def _has_packaging() -> bool:
    return importlib.util.find_spec("slicer.packaging") is not None


@contextmanager
def _constraints_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "constraints.txt"
        path.write_text("\n".join(constraints()) + "\n", encoding="utf-8")
        yield path


def _by_slicer(specifiers: list[str], constraints_path: Path) -> Steps[None]:
    """Let Slicer's installer work beside the window; it says in the window's thread when it has ended."""
    from slicer import packaging

    while packaging.isPipInstallInProgress():  # another extension's
        yield partial(time.sleep, POLL_SECONDS)
    ended: list[int] = []
    packaging.pip_install(
        specifiers,
        constraints=str(constraints_path),
        blocking=False,
        show_progress=False,
        requester="LongitudinalINR",
        logCallback=print,
        completedCallback=ended.append,
    )
    while not ended:
        yield partial(time.sleep, POLL_SECONDS)
    if ended[0]:
        raise subprocess.CalledProcessError(ended[0], "pip install")


def _by_pip(specifiers: list[str], constraints_path: Path) -> Steps[None]:
    """Let pip work in a process of its own: `slicer.util.pip_install` would wait for it."""
    log = constraints_path.with_name("pip.log")
    command = [slicer_python(), "-m", "pip", "install", "--constraint", str(constraints_path), *specifiers]
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
