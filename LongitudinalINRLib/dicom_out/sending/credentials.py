"""Who we are for a web server: from the environment or a file, never from the command line.

What is given on a command line can be read by everybody on the machine and stays in the shell's history.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from LongitudinalINRLib.errors import InputError

USER, PASSWORD, TOKEN = (f"LONGITUDINAL_INR_PACS_{name}" for name in ("USER", "PASSWORD", "TOKEN"))
LARGEST_FILE_BYTES = 64_000
_SHARED = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Credentials:
    """A user with a password, or a bearer token; shown nowhere."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def find_credentials(file: Path | None, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return the credentials of a file, else of the environment, else none.

    Parameters
    ----------
    file : Path, optional
        One line: ``user:password``, or ``Bearer`` and a token; readable by its owner alone.
    environment : mapping
        May hold a token, or user and password, under the names above.

    Raises
    ------
    InputError
        The file cannot be read or is open to others, or it says something else.
    """
    if file is not None:
        return _from_file(file)
    if environment.get(TOKEN):
        return Credentials(token=environment[TOKEN])
    if environment.get(USER):
        return Credentials(environment[USER], environment.get(PASSWORD, ""))
    return None


def _from_file(file: Path) -> Credentials:
    try:
        mode = file.stat().st_mode
        with file.open("rb") as stream:
            text = stream.read(LARGEST_FILE_BYTES).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(file, getattr(error, "strerror", None) or "no text") from error
    if sys.platform != "win32" and mode & _SHARED:
        raise _refused(file, "a file that others can read", f"Close it with: chmod 600 {file.name}")
    if text.lower().startswith("bearer "):
        return Credentials(token=text[len("bearer ") :].strip())
    user, colon, password = text.partition(":")
    if not (colon and user) or "\n" in text:
        raise _refused(file, "something else")
    return Credentials(user, password)


def _refused(file: Path, found: str, advice: str = "Check --credentials.") -> InputError:
    return InputError(
        "credentials-file",
        f"{file.name} cannot be used to sign in.",
        expected="a file of one line, user:password or Bearer TOKEN, that only its owner can read",
        found=found,
        advice=advice,
    )
