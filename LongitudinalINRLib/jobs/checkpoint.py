"""A fit's state on disk: one safetensors file with its JSON values in the header: the two never disagree."""

from __future__ import annotations

import json
from collections.abc import Callable

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from LongitudinalINRLib.core.state import FitState
from LongitudinalINRLib.jobs.folder import JobFolder


def save_checkpoint(state: FitState, key: str, folder: JobFolder) -> None:
    """Write a state, whole or not at all.

    Parameters
    ----------
    state : FitState
        What the fit needs to go on.
    key : str
        What decides the fit (`Job.fit_key`).
    folder : JobFolder
        The job's.
    """
    content = save(state.tensors, {"key": key, "scalars": json.dumps(state.scalars)})
    folder.manifest.write_bytes(folder.checkpoint, content)


def load_checkpoint(key: str, folder: JobFolder, warn: Callable[[str], None]) -> FitState | None:
    """Read a state; None where there is none of this fit, or, with a warning, where it is damaged."""
    path = folder.checkpoint
    if not path.exists():
        return None
    try:
        if not folder.manifest.usable(path):
            raise ValueError("it is not as it was written")
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            if header.get("key") != key:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dictionary)
        return FitState(tensors, json.loads(header["scalars"]))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        warn(f"The checkpoint cannot be used ({error}): the fit starts over.")
        return None
