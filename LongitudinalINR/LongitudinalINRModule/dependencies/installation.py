"""Installing what is missing, after asking, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.dependencies.requirements import TORCH, Requirement, constraints


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


def install(requirements: Sequence[Requirement]) -> None:
    """Install packages: PyTorch by its extension where that is there, everything else by pip.

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
            _pip_install([each.specifier for each in others])
    except Exception as error:  # pip, the extension and the network fail in many ways
        raise InputError(
            "installation-failed",
            "The packages could not be installed.",
            expected="an installation without errors",
            found=f"{type(error).__name__}: {error}",
            advice="Check the network connection and the space on the disk, then try again. "
            "Slicer's Python console shows what pip wrote.",
        ) from error


def _torch_logic_available() -> bool:
    return hasattr(slicer.modules, "pytorchutils")


def _install_torch() -> None:
    import PyTorchUtils

    logic = PyTorchUtils.PyTorchUtilsLogic()
    if logic.installTorch(askConfirmation=False, torchVersionRequirement=TORCH.bounds) is None:
        raise RuntimeError("the PyTorch extension did not install torch")


def _pip_install(specifiers: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "constraints.txt"
        path.write_text("\n".join(constraints()) + "\n", encoding="utf-8")
        slicer.util.pip_install(["--constraint", str(path), *specifiers])
