"""Whose files are in the folder of a simulated subject: only what a simulation wrote is replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import PART, make_folder
from LongitudinalINRLib.ownership import MANIFEST, Manifest

DESCRIPTION = "simulation.json"
TRUTH = "truth"

_OWN = re.compile(r"simulation\.json|(t|labels_|truth/(jacobian|rate|displacement)_)[0-9.]+mo\.nii\.gz")
"""What a simulation writes: a folder with more of ours in it is that of a fit."""


def check_place(folder: Path) -> None:
    """Refuse, before anything is computed, a folder that a subject cannot be written to.

    Raises
    ------
    InputError
        See `refuse_foreign`.
    OSError
        The folder cannot be made.
    """
    refuse_foreign(folder)
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        make_folder(folder)
    finally:
        for path in missing:
            with suppress(OSError):  # it could not be made
                path.rmdir()


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything but what a simulation wrote, whole or until it was killed.

    Raises
    ------
    InputError
        It is no folder, or holds files that a simulation did not write, or that were changed since.
    """
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise _refused(folder, "a link" if folder.is_symlink() else "a file")
    foreign = _foreign(folder)
    if foreign:
        more = f" and {len(foreign) - 2} more" if len(foreign) > 2 else ""
        raise _refused(folder, ", ".join(foreign[:2]) + more)


def _foreign(folder: Path) -> list[str]:
    manifest, found = Manifest(folder), sorted(_files_in(folder))
    if not manifest.exists:
        if DESCRIPTION in found:
            advice = "One of an older version can be read, but not replaced. "
            raise _refused(folder, f"a {DESCRIPTION} without {MANIFEST}", advice)
        return found
    try:
        manifest.names()
    except InputError as error:
        raise _refused(folder, f"a {MANIFEST} that is not as a simulation wrote it: {error.found}") from error
    return [name for name in found if not (_OWN.fullmatch(name) and manifest.state(folder / name) == "ours")]


def _files_in(folder: Path) -> Iterable[str]:
    """Yield what is in the folder and its truth, but for the manifest and what killed writers left."""
    for entry in os.scandir(folder):
        if entry.name == TRUTH and entry.is_dir(follow_symlinks=False):
            yield from (f"{TRUTH}/{inner.name}" for inner in os.scandir(entry) if not _is_part(inner.name))
        elif entry.name != MANIFEST and not _is_part(entry.name):
            yield entry.name


def _is_part(name: str) -> bool:
    return name.startswith(PART)


def _refused(folder: Path, found: str, why: str = "") -> InputError:
    return InputError(
        "output-not-empty",
        f"A simulated subject is not written to {folder.name}: it could cost files of somebody else.",
        expected="a folder that is new, empty, or holds nothing but what a simulation wrote",
        found=found,
        advice=f"{why}Choose a new folder.",
    )
