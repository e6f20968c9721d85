"""What `simulation.json` says of a simulated subject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_model import Document, Matrix, Months, read_document

LARGEST_DESCRIPTION_BYTES = 10_000_000
RIGID_DIFFERS = 1e-6


class Description(Document):
    """The content of `simulation.json`; see `storage.Truth`."""

    months: Annotated[tuple[Months, ...], Field(min_length=2)]
    parameters: dict[str, Any]
    baseline_to_scan: tuple[Matrix, ...]
    files: dict[str, Any] = Field(default_factory=dict)
    """Of an older version, which kept no manifest."""

    @model_validator(mode="after")
    def _check_scans(self) -> Description:
        months = list(self.months)
        if months[0] != 0 or months != sorted(set(months)):
            raise ValueError("months ascending from 0, each once")
        if len(self.baseline_to_scan) != len(months):
            raise ValueError("one matrix for each month")
        for rows in self.baseline_to_scan:
            matrix = np.array(rows)
            turn = matrix[:3, :3]
            rigid = np.abs(turn.T @ turn - np.eye(3)).max() <= RIGID_DIFFERS and np.linalg.det(turn) > 0
            if not (rigid and np.array_equal(matrix[3], [0, 0, 0, 1])):
                raise ValueError("matrices of a rotation and a shift")
        return self


_DESCRIPTION = TypeAdapter(Description)


def read_description(path: Path) -> Description:
    """Read `simulation.json`.

    Raises
    ------
    InputError
        The file is missing, cannot be read, or is not that of a simulated subject.
    """
    try:
        return read_document(path, _DESCRIPTION, LARGEST_DESCRIPTION_BYTES)
    except InputError as error:
        raise InputError(
            "not-a-simulation",
            f"{path.parent.name} does not hold a simulated subject.",
            expected=f"a folder with {path.name}, written by `longitudinal-inr simulate`; {error.expected}",
            found=error.found,
            advice="Give the folder that the simulation was written to.",
        ) from error
