"""Arrays kept in files that are whole or not there, so that a run that was cut off goes on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from LongitudinalINRLib.files import writing


def write_arrays(arrays: Mapping[str, ArrayLike], file: Path) -> None:
    """Write named arrays as .npz; makes the folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with writing(file) as part, part.open("wb") as stream:
        np.savez(stream, **arrays)
