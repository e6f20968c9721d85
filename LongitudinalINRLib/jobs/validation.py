"""Reading a request that somebody else wrote: every field is checked before it is used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.checks import check_request
from LongitudinalINRLib.jobs.request import SCHEMA_VERSION, Request, without_former_settings
from LongitudinalINRLib.json_model import first_problem
from LongitudinalINRLib.json_text import parse_json, read_own_text, shown

LARGEST_REQUEST_BYTES = 10_000_000

_REQUEST = TypeAdapter(Request)


def read_request_file(path: Path) -> Request:
    """Read and check the `request.json` of a job folder.

    Raises
    ------
    InputError
        See `json_text.read_own_text` and `read_request`.
    """
    return read_request(read_own_text(path, LARGEST_REQUEST_BYTES))


def read_request(text: str) -> Request:
    """Read and check the JSON of a request.

    Raises
    ------
    InputError
        Not JSON, or too much of it; written by a newer version; unknown fields; a value of the wrong type; a
        request that cannot be carried out (see `checks.check_request`).
    """
    content = _parsed(text)
    _refuse_newer(content)
    explained = without_former_settings(content)
    try:
        request = _REQUEST.validate_json(text if explained == content else json.dumps(explained))
    except ValidationError as error:
        raise _explained(error) from error
    check_request(request)
    return request


def _parsed(text: str) -> Any:
    try:
        if len(text) > LARGEST_REQUEST_BYTES:
            raise ValueError(f"more than {LARGEST_REQUEST_BYTES} bytes")
        return parse_json(text)
    except ValueError as error:
        raise InputError(
            "request-not-json",
            "The request is not JSON.",
            expected="a request.json written by a front of this program",
            found=str(error),
            advice="Make the job again.",
        ) from error


def _refuse_newer(content: Any) -> None:
    version = content.get("schema_version", 0) if isinstance(content, dict) else 0
    if isinstance(version, (int, float)) and version > SCHEMA_VERSION:
        raise InputError(
            "request-newer",
            "The job was made by a newer version of this program.",
            expected=f"schema version {SCHEMA_VERSION} or older",
            found=f"schema version {shown(version)}",
            advice="Update LongitudinalINR, or make the job again with this version.",
        )


def _explained(error: ValidationError) -> InputError:
    unknown, where, expected, found = first_problem(error)
    if unknown:
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
        expected=expected,
        found=found,
        advice="Correct the field.",
    )
