"""The details of a defect, in a file of the temporary folder that its owner alone can read."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from LongitudinalINRLib.jobs.failures import details

FOLDER = "longitudinal-inr-logs"
PREFIX, SUFFIX = "longitudinal-inr-", ".log"
KEPT = 3
"""Of the newest defects."""

_OWN = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}" + re.escape(SUFFIX))
"""As `tempfile` makes them."""


def write_log(error: BaseException) -> Path | None:
    """Write the details of a defect to a new file, and remove the older ones but the newest few.

    Returns
    -------
    Path or None
        None where there is no place to write to.
    """
    try:
        folder = _own_folder()
        descriptor, name = tempfile.mkstemp(SUFFIX, PREFIX, folder)
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(details(error))
    except OSError:
        return None
    if folder is not None:
        _remove_older(Path(name))
    return Path(name)


def _own_folder() -> Path | None:
    """Return a folder that this user alone can use; None where somebody else has its name."""
    user = f"-{os.getuid()}" if hasattr(os, "getuid") else ""  # the temporary folder of Windows is one user's
    folder = Path(tempfile.gettempdir(), FOLDER + user)
    with suppress(FileExistsError):
        folder.mkdir(0o700)
    status = folder.lstat()
    is_mine = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
    return folder if stat.S_ISDIR(status.st_mode) and is_mine else None


def _remove_older(newest: Path) -> None:
    """Remove what earlier defects left; in a folder of our own, where all else stays too."""
    own = []
    for path in newest.parent.iterdir():
        try:
            status = path.lstat()
        except OSError:  # gone meanwhile
            continue
        if _OWN.fullmatch(path.name) and stat.S_ISREG(status.st_mode) and path != newest:
            own.append((status.st_mtime_ns, path))
    for _, path in sorted(own, reverse=True)[KEPT - 1 :]:
        path.unlink(missing_ok=True)
