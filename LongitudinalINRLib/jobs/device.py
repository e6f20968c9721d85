"""Where to compute, and how much of the machine to take."""

from __future__ import annotations

import psutil
import SimpleITK as sitk
import torch

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import Device
from LongitudinalINRLib.jobs.sharing import usable_cores

LOW_PRIORITY = 10


def choose_device(asked: Device) -> str:
    """Return the torch device for a request; `auto` takes CUDA where torch finds it, else the CPU.

    Raises
    ------
    InputError
        The device that was asked for is not there.
    """
    found = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if asked == "auto":
        return "cuda" if found["cuda"] else "cpu"
    if not found[asked]:
        raise InputError(
            "device-missing",
            f"The device {asked} is not there.",
            expected="one of auto, " + ", ".join(name for name, there in found.items() if there),
            found=f"{asked}, which PyTorch {torch.__version__} cannot use on this machine",
            advice="Choose auto, or install the PyTorch build for this device.",
        )
    return asked


def describe_device(device: str) -> str:
    """Return the name of a device for people."""
    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"{device}, {torch.get_num_threads()} threads"


def take_usable_cores() -> None:
    """Use as many threads as there are cores for this process: libraries count those of the whole machine."""
    _use_threads(min(torch.get_num_threads(), usable_cores()))


def stay_in_background() -> None:
    """Leave the person's other programs a processor core and the first turn."""
    process = psutil.Process()
    # A process that was started at a still lower priority may not raise it.
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else max(process.nice(), LOW_PRIORITY))
    _use_threads(max(1, torch.get_num_threads() - 1))


def _use_threads(threads: int) -> None:
    torch.set_num_threads(threads)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)
