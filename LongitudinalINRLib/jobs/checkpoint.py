"""A fit's state on disk: one safetensors file with its JSON values in the header: the two never disagree."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from LongitudinalINRLib.core.state import FitState
from LongitudinalINRLib.files import write_bytes


def save_checkpoint(state: FitState, key: str, path: Path) -> None:
    """Write a state, whole or not at all.

    Parameters
    ----------
    state : FitState
        What the fit needs to go on.
    key : str
        What decides the fit (`Job.fit_key`).
    path : Path
        The file.
    """
    write_bytes(path, save(state.tensors, {"key": key, "scalars": json.dumps(state.scalars)}))


def load_checkpoint(key: str, path: Path) -> FitState | None:
    """Read a state; None where there is none of this fit, or it cannot be read."""
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            if header.get("key") != key:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
    except (OSError, SafetensorError):
        return None
    return FitState(tensors, json.loads(header["scalars"]))
