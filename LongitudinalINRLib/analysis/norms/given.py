"""Text files that a person gives: bounded, regular, told by their hash."""

from __future__ import annotations

from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.source import SourceFile, check_sha256


def read_given_text(path: Path, largest_bytes: int, what: str, sha256: str | None = None) -> str:
    """Read a text file that a person chose.

    Parameters
    ----------
    path : Path
        The file; a link is followed.
    largest_bytes : int
        More is refused.
    what : str
        What it should be, for the message.
    sha256 : str, optional
        Of the file as it was looked at before.

    Raises
    ------
    InputError
        It is missing, no regular file, too large, not UTF-8, or another than before.
    """
    try:
        with SourceFile(path) as file:
            content = file.read(largest_bytes + 1)
            found = file.sha256
    except InputError as error:
        raise InputError(
            error.code,
            error.message,
            expected=what,
            found=error.found,
            advice="Check the path and the rights to read it.",
        ) from error
    if len(content) > largest_bytes:
        raise _no_text(path, what, f"more than {largest_bytes} bytes")
    check_sha256(path.name, found, sha256)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text(path, what, f"a byte that is not UTF-8 at position {error.start}") from error


def _no_text(path: Path, what: str, found: str) -> InputError:
    return InputError(
        "file-unreadable",
        f"{path.name} cannot be read.",
        expected=what,
        found=found,
        advice="Choose the file again.",
    )
