"""The details of a defect, in a file of the temporary folder that its owner alone can read."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from LongitudinalINRLib.jobs.failures import details

PREFIX, SUFFIX = "longitudinal-inr-", ".log"
KEPT = 3
"""Of the newest defects."""


def write_log(error: BaseException) -> Path | None:
    """Write the details of a defect to a new file, and remove the older ones but the newest few.

    Returns
    -------
    Path or None
        None where there is no place to write to.
    """
    try:
        descriptor, name = tempfile.mkstemp(SUFFIX, PREFIX)
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(details(error))
    except OSError:
        return None
    _remove_older(Path(name))
    return Path(name)


def _remove_older(newest: Path) -> None:
    """Remove what earlier defects left; links, folders and files of other people are not ours."""
    own = []
    for path in newest.parent.glob(f"{PREFIX}*{SUFFIX}"):
        try:
            status = path.lstat()
        except OSError:  # gone meanwhile
            continue
        is_mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if stat.S_ISREG(status.st_mode) and is_mine and path != newest:
            own.append((status.st_mtime_ns, path))
    for _, path in sorted(own, reverse=True)[KEPT - 1 :]:
        path.unlink(missing_ok=True)
