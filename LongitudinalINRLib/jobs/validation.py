"""Reading a request that somebody else wrote: every field is checked before it is used."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.checks import check_request
from LongitudinalINRLib.jobs.request import SCHEMA_VERSION, Request

_REQUEST = TypeAdapter(Request)


def read_request(text: str) -> Request:
    """Read and check the JSON of a request.

    Raises
    ------
    InputError
        Not JSON; written by a newer version; unknown fields; a value of the wrong type; a request that cannot
        be carried out (see `checks.check_request`).
    """
    _refuse_newer(text)
    try:
        request = _REQUEST.validate_json(text)
    except ValidationError as error:
        raise _explained(error) from error
    check_request(request)
    return request


def _refuse_newer(text: str) -> None:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise InputError(
            "request-not-json",
            "The request is not JSON.",
            expected="a request.json written by a front of this program",
            found=str(error),
            advice="Make the job again.",
        ) from error
    version = content.get("schema_version", 0) if isinstance(content, dict) else 0
    if isinstance(version, (int, float)) and version > SCHEMA_VERSION:
        raise InputError(
            "request-newer",
            "The job was made by a newer version of this program.",
            expected=f"schema version {SCHEMA_VERSION} or older",
            found=f"schema version {version}",
            advice="Update LongitudinalINR, or make the job again with this version.",
        )


def _explained(error: ValidationError) -> InputError:
    """Say what is wrong with the first field that is wrong."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the request"
    if first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return InputError(
            "request-unknown-field",
            f"The request has a field that is not known: {where}.",
            expected="the fields of schema version " + str(SCHEMA_VERSION),
            found=where,
            advice="Remove the field, or correct its spelling.",
        )
    return InputError(
        "request-invalid",
        f"The request cannot be used: {where}.",
        expected=first["msg"],
        found=_shown(first["input"]),
        advice="Correct the field.",
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
