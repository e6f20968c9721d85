"""JSON files of ours as typed, frozen objects: every field is checked before it is used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import LONGEST_SHOWN, parse_json, read_own_text, shown
from LongitudinalINRLib.words import LONGEST_MONTHS

T = TypeVar("T")

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Months = Annotated[float, Field(ge=0, le=LONGEST_MONTHS)]
LaterMonths = Annotated[float, Field(gt=0, le=LONGEST_MONTHS)]
Seconds = Annotated[float, Field(ge=0, le=1e10)]
Row = tuple[float, float, float, float]
Matrix = tuple[Row, Row, Row, Row]


class Document(BaseModel):
    """A part of a JSON file: frozen, types as they are written, finite numbers, no unknown field."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False, extra="forbid")


def read_document(
    path: Path, kind: TypeAdapter[T], largest_bytes: int, migrated: Callable[[Any], Any] | None = None
) -> T:
    """Read a JSON file of ours.

    Parameters
    ----------
    path : Path
        The file.
    kind : TypeAdapter
        What it holds.
    largest_bytes : int
        More is not read.
    migrated : callable, optional
        See `checked`.

    Raises
    ------
    InputError
        The file cannot be read (`job-file-unreadable`), or does not hold that (`job-file-damaged`).
    """
    return checked(path.name, read_own_text(path, largest_bytes), kind, migrated)


def checked(name: str, text: str, kind: TypeAdapter[T], migrated: Callable[[Any], Any] | None = None) -> T:
    """Check the text of a JSON file of ours.

    Parameters
    ----------
    name : str
        Of the file, for the message.
    text : str
        Its content.
    kind : TypeAdapter
        What it holds.
    migrated : callable, optional
        Brings the plain content of an older version's file to the form of this one; a ValueError that it
        raises says what is wrong with the content.

    Raises
    ------
    InputError
        The text is no JSON or does not hold that (`job-file-damaged`).
    """
    try:
        content = parse_json(text)
    except ValueError as error:
        raise damaged(name, "JSON", str(error)) from error
    if migrated is not None:
        try:
            text = json.dumps(migrated(content))
        except ValueError as error:
            raise damaged(name, "the content that was written", str(error)) from error
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        _, where, wanted, found = first_problem(error)
        raise damaged(name, f"{where}: {wanted}", found) from error


def damaged(name: str, expected: str, found: str) -> InputError:
    """Return the error of a file of ours that does not hold what it should."""
    return InputError(
        "job-file-damaged",
        f"{name} is damaged.",
        expected=expected,
        found=found,
        advice="Check that the folder was written by this program; if it is damaged, do the job again.",
    )


class Problem(NamedTuple):
    """What is wrong with the first field that is wrong.

    Parameters
    ----------
    unknown : bool
        Whether the field is one that is not known.
    where : str
        Its place, for example ``config.steps``.
    expected, found : str
        What it should hold and what it holds, on one short line each.
    """

    unknown: bool
    where: str
    expected: str
    found: str


def first_problem(error: ValidationError) -> Problem:
    """Return what is wrong with the first field that is wrong."""
    first = error.errors(include_url=False)[0]
    parts = (str(part) for part in first["loc"])
    where = ".".join(part if part.isprintable() else shown(part) for part in parts)
    unknown = first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}
    message = "the known fields alone" if unknown else first["msg"].removeprefix("Value error, ")
    return Problem(unknown, where[:LONGEST_SHOWN] or "the whole", message, shown(first["input"]))
