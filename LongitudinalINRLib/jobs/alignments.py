"""Alignments as JSON, in `alignment.json` and `fit.json`."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from LongitudinalINRLib.imaging.alignment import Alignment


def alignment_to_json(alignment: Alignment) -> dict[str, Any]:
    """Return an alignment as JSON values; the matrix takes baseline RAS mm to follow-up RAS mm."""
    fields = {item.name: getattr(alignment, item.name) for item in dataclasses.fields(alignment)}
    return {**fields, "matrix": np.asarray(alignment.matrix).tolist()}


def alignment_from_json(content: dict[str, Any]) -> Alignment:
    """Rebuild an alignment from what `alignment_to_json` gave."""
    names = {item.name for item in dataclasses.fields(Alignment)}
    fields = {name: value for name, value in content.items() if name in names}
    if fields.get("scale") is not None:
        fields["scale"] = tuple(fields["scale"])
    return Alignment(**{**fields, "matrix": np.array(content["matrix"], dtype=np.float64)})
