"""Norms as a file: JSON of numbers, refused where they are of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from LongitudinalINRLib.analysis.norms.given import read_given_text
from LongitudinalINRLib.analysis.norms.model import FORMAT, QUANTITY, UNITS, Norms
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, json_text, writing
from LongitudinalINRLib.json_model import checked
from LongitudinalINRLib.json_text import parse_json, shown

LARGEST_NORMS_BYTES = 10_000_000

_NORMS = TypeAdapter(Norms)
_WRITTEN = "a file that `longitudinal-inr norms build` wrote"


def write_norms(norms: Norms, path: Path, place: Place = writing) -> None:
    """Write norms, whole or not at all; `place` as for `tables.write_table`."""
    with place(path) as part:
        part.write_text(json_text(norms.model_dump(mode="json")) + "\n", encoding="utf-8")


def read_norms(path: Path, sha256: str | None = None) -> Norms:
    """Read norms that `write_norms` wrote.

    Parameters
    ----------
    path : Path
        The file.
    sha256 : str, optional
        Of the file as it was looked at before.

    Raises
    ------
    InputError
        The file cannot be read, holds no norms (`not-norms`), norms of another quantity or in other units
        (`norms-units`), or damaged ones (`job-file-damaged`).
    """
    text = read_given_text(path, LARGEST_NORMS_BYTES, _WRITTEN, sha256)
    try:
        content = parse_json(text)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError(
            "not-norms",
            f"{path.name} holds no norms.",
            expected=_WRITTEN,
            found="another kind of file",
            advice="Build norms from a table of healthy people, or choose the file again.",
        )
    for name, wanted in (("quantity", QUANTITY), ("units", UNITS)):
        if content.get(name) != wanted:
            raise _other_kind(path, name, wanted, content.get(name))
    return checked(path.name, text, _NORMS)


def _other_kind(path: Path, name: str, wanted: str, found: Any) -> InputError:
    return InputError(
        "norms-units",
        f"The norms in {path.name} are of another kind.",
        expected=f"{name}: {wanted}",
        found=shown(found),
        advice="Build the norms from annual changes as regions.csv has them (mean_percent_per_year).",
    )
