"""Run by a child process: says in one line of JSON what PyTorch can compute on."""

from __future__ import annotations

import json
import os
import shutil


def report() -> dict[str, object]:
    """Return what was found."""
    import torch

    cuda = torch.cuda.is_available()
    found: dict[str, object] = {
        "torch": torch.__version__,
        "cores": os.cpu_count() or 1,
        "cuda": cuda,
        "mps": torch.backends.mps.is_available(),
        "nvidia_card": shutil.which("nvidia-smi") is not None,
    }
    if cuda:
        properties = torch.cuda.get_device_properties(0)
        found["cuda_name"] = properties.name
        found["cuda_gb"] = round(properties.total_memory / 2**30)
    return found


if __name__ == "__main__":
    print(json.dumps(report()))
