"""Reading JSON that may be damaged or made to harm: bounded, and never through a link.

Needs the standard library alone.
"""

from __future__ import annotations

import json
import math
import os
import reprlib
import stat
from pathlib import Path
from typing import Any, NoReturn

from LongitudinalINRLib.errors import InputError

LONGEST_NUMBER = 400
"""Digits; every number of 64 bits has fewer."""

MOST_ENTRIES = 200_000
"""Of all lists and objects together: each could be an error that has to be kept until the first is told."""

LONGEST_SHOWN = 80


def read_own_text(path: Path, largest_bytes: int) -> str:
    """Read a text file that this program wrote.

    Parameters
    ----------
    path : Path
        The file. A link is refused, as is what is not a regular file.
    largest_bytes : int
        More is not read.

    Raises
    ------
    InputError
        The file is missing, a link, no regular file, too large, not readable or not UTF-8.
    """
    try:
        return _content(path, largest_bytes).decode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            "job-file-unreadable",
            f"{path.name} cannot be read.",
            expected=f"the {path.name} that this program wrote: a regular file of UTF-8 text",
            found=_reason(error),
            advice="Check that the folder was written by this program; if it is damaged, do the job again.",
        ) from error


def parse_json(text: str) -> Any:
    """Read JSON as its standard has it: each name once, finite numbers.

    Raises
    ------
    ValueError
        It is none; the message is short enough to be shown.
    """
    try:
        content = json.loads(
            text,
            object_pairs_hook=_each_name_once,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
            parse_float=_number,
        )
    except RecursionError:
        raise ValueError("values nested too deeply") from None
    _refuse_too_many(content)
    return content


def shown(value: Any) -> str:
    """Return a value as one short printable line."""
    shortening = reprlib.Repr()
    shortening.maxstring = shortening.maxother = shortening.maxlong = LONGEST_SHOWN
    text = shortening.repr(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def _refuse_too_many(content: Any) -> None:
    left, waiting = MOST_ENTRIES, [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (list, dict)):
            left -= len(value)
            if left < 0:
                raise ValueError(f"more than {MOST_ENTRIES} values")
            waiting.extend(value.values() if isinstance(value, dict) else value)


def _content(path: Path, largest_bytes: int) -> bytes:
    if path.is_symlink():  # for systems that cannot refuse links when they open
        raise ValueError("a link")
    # Without O_NONBLOCK, opening a named pipe waits for its writer.
    wanted = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    descriptor = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in wanted))
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("something that is not a regular file")
        content = stream.read(largest_bytes + 1)
    if len(content) > largest_bytes:
        raise ValueError(f"more than {largest_bytes} bytes")
    return content


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, UnicodeDecodeError):
        return f"a byte that is not UTF-8 at position {error.start}"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise ValueError(f"the name {shown(name)} twice")
        content[name] = value
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name}, which is no number")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"the number {shown(digits)}, which is too large")
    return value
