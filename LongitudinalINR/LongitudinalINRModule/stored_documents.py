"""What the panel reads of a job folder, checked before it is used: the folder may come from anywhere.

Files are read only where they are regular files of a bounded size: never through a link, from a pipe or a
device. Needs the standard library alone, as the panel looks for jobs before anything is installed.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import SCHEMA_VERSION, Request
from LongitudinalINRLib.words import LONGEST_MONTHS, MAP_NAMES, SAME_MONTH

LARGEST_DOCUMENT_BYTES = 64 << 20
MOST_MONTHS = 1201
_LONGEST_FOUND = 200
_NEVER_WAITS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def check_regular(path: Path) -> None:
    """Refuse a path that is there and is no regular file, a link for example.

    Raises
    ------
    InputError
        It is something else, or the folder cannot be looked into.
    """
    _refuse_other_than(stat.S_ISREG, path)


def check_own_folder(path: Path) -> None:
    """Refuse a folder of a job that is a link to another, or no folder; one that is missing is no harm.

    Raises
    ------
    InputError
        It is something else, or cannot be looked at.
    """
    _refuse_other_than(stat.S_ISDIR, path)


def is_regular(path: Path) -> bool:
    """Tell whether there is a regular file, and no link, that may be looked at."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def read_end(path: Path, count_bytes: int) -> bytes:
    """Return the end of a file of a job folder, at most so much.

    Raises
    ------
    InputError
        It is missing, no regular file, or cannot be read.
    """
    return _read(path, lambda stream: _end(stream, count_bytes))


def read_regular(path: Path, limit_bytes: int = LARGEST_DOCUMENT_BYTES) -> bytes:
    """Return what a file of a job folder holds.

    Raises
    ------
    InputError
        It is missing, no regular file, larger than the limit, or cannot be read.
    """
    content = _read(path, lambda stream: stream.read(limit_bytes + 1))
    if len(content) > limit_bytes:
        raise unreadable(path, f"more than {limit_bytes >> 20} MB")
    return content


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file of a job folder.

    Raises
    ------
    InputError
        The file cannot be read, or holds anything else.
    """
    try:
        content = json.loads(read_regular(path).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise unreadable(path, str(error)) from error
    if not isinstance(content, dict):
        raise unreadable(path, f"a {type(content).__name__} where an object belongs")
    return content


def read_request(path: Path) -> Request:
    """Return the request of a job, as far as the panel relies on it; the worker checks the rest.

    Raises
    ------
    InputError
        The file is missing, damaged, or asks for what no job can do.
    """
    content = read_object(path)
    try:
        _check_request(content)
        return Request.from_json(json.dumps(content))
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration, RecursionError) as error:
        raise unreadable(path, str(error)) from error


def unreadable(path: Path, found: str) -> InputError:
    """Return the error that tells of a file of a job that is not what it should be."""
    return InputError(
        "job-file-unreadable",
        f"{shown(path.name)} of the job folder cannot be read.",
        expected=f"the {shown(path.name)} that this program wrote, as a regular file",
        found=shown(found),
        advice="Choose the output folder of a finished job; if it is damaged, run the job again.",
    )


def shown(text: str) -> str:
    """Return foreign text so that a label can show it: printable and not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return plain if len(plain) <= _LONGEST_FOUND else plain[:_LONGEST_FOUND] + "…"


def _read(path: Path, take: Callable[[BinaryIO], bytes]) -> bytes:
    check_regular(path)
    try:
        with open(os.open(path, os.O_RDONLY | _NEVER_WAITS), "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise unreadable(path, _kind(mode))
            return take(stream)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise unreadable(path, "no such file" if missing else error.strerror or str(error)) from error


def _end(stream: BinaryIO, count_bytes: int) -> bytes:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - count_bytes))
    return stream.read(count_bytes)


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder"), (stat.S_ISREG, "a file"))
    return next((name for is_it, name in kinds if is_it(mode)), "a pipe or a device")


def _check_request(content: dict[str, Any]) -> None:
    version = content.get("schema_version")
    if type(version) is not int or not 1 <= version <= SCHEMA_VERSION:
        raise ValueError(f"schema_version {version!r}")
    _check_path(content["baseline"])
    follow_ups = content["follow_ups"]
    if not isinstance(follow_ups, list) or not follow_ups:
        raise ValueError("no follow-ups")
    for each in follow_ups:
        _check_path(each["path"])
    months = _months([each["months"] for each in follow_ups])
    if months[0] < SAME_MONTH:
        raise ValueError(f"a follow-up at month {months[0]:g}")
    _check_outputs(content.get("outputs", {}))


def _check_outputs(outputs: dict[str, Any]) -> None:
    if outputs.get("maps_at_months") is not None:
        _months(outputs["maps_at_months"])
    maps = outputs.get("maps", [])
    if not isinstance(maps, list) or len(set(maps)) < len(maps) or not set(maps) <= set(MAP_NAMES):
        raise ValueError(f"maps {maps!r}")


def _check_path(path: Any) -> None:
    if not isinstance(path, str) or not path or "\0" in path:
        raise ValueError(f"the path {path!r}")


def _months(values: Any) -> list[float]:
    """Return months in their order, checked."""
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_MONTHS:
        raise ValueError(f"months {values!r}")
    for each in values:
        if type(each) not in (int, float) or not 0 <= each <= LONGEST_MONTHS:
            raise ValueError(f"the month {each!r}")
    months = sorted(set(values))
    if any(later - earlier < SAME_MONTH for earlier, later in pairwise(months)):
        raise ValueError(f"the same month twice in {values!r}")
    return months


def _refuse_other_than(is_kind: Callable[[int], bool], path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error
    if not is_kind(mode):
        raise unreadable(path, _kind(mode))
