"""Whose scans a job is about: `inputs.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StringConstraints, TypeAdapter

from LongitudinalINRLib.jobs.identity import BASELINE, Identity
from LongitudinalINRLib.json_model import Sha256, read_document

LARGEST_IDENTITY_BYTES = 1_000_000

InputName = Annotated[
    str, StringConstraints(pattern="^(mask|labels|exclude|norms|(scan|labels)-[0-9]{1,4})$")
]


def _with_baseline(identity: Identity) -> Identity:
    if BASELINE not in identity:
        raise ValueError(f"the hash of {BASELINE}, the baseline")
    return identity


_IDENTITY = TypeAdapter(Annotated[dict[InputName, Sha256], AfterValidator(_with_baseline)])


def read_identity(path: Path) -> Identity:
    """Read `inputs.json`: the SHA-256 of each input by its name.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    return read_document(path, _IDENTITY, LARGEST_IDENTITY_BYTES)
