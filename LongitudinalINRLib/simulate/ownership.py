"""Whose files are in the folder of a simulated subject: only what a simulation wrote is replaced."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import PART, make_folder, remove, remove_parts, sha256_of
from LongitudinalINRLib.json_text import parse_json, read_own_text
from LongitudinalINRLib.simulate.description import LARGEST_DESCRIPTION_BYTES

DESCRIPTION = "simulation.json"
TRUTH = "truth"

_OWN = re.compile(r"(t|labels_|truth/(jacobian|rate|displacement)_)[0-9.]+mo\.nii\.gz")
"""What a list may name: nothing outside the folder, whoever wrote it."""

Written = Mapping[str, Mapping[str, Any]]
"""Size and SHA-256 of each file, by its path relative to the folder; empty while it is being written."""


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


def refuse_foreign(folder: Path) -> Written:
    """Return what an earlier simulation wrote into a folder, which holds nothing else.

    Raises
    ------
    InputError
        It is no folder, or holds files that a simulation did not write, or that were changed since.
    """
    if not os.path.lexists(folder):
        return {}
    if folder.is_symlink() or not folder.is_dir():
        raise _refused(folder, "a link" if folder.is_symlink() else "a file", "")
    found = sorted(_files_in(folder))
    if not found:
        return {}
    written = _written(folder)
    foreign = [name for name in found if name != DESCRIPTION and not _is_as_written(folder, name, written)]
    if foreign:
        more = f" and {len(foreign) - 2} more" if len(foreign) > 2 else ""
        raise _refused(folder, ", ".join(foreign[:2]) + more, "")
    return written


def account_of(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the size and SHA-256 of files that were just written."""
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256_of(folder / name)}
        for name in sorted(names)
    }


def remove_written(folder: Path, names: Iterable[str]) -> None:
    """Remove files of an earlier simulation, and what killed writers left of them."""
    for name in names:
        remove_parts((folder / name).parent, [(folder / name).name])
        remove(folder / name)


def _written(folder: Path) -> Written:
    """Read the list of files; that of an older version has none, and may have been added to since."""
    path = folder / DESCRIPTION
    if not os.path.lexists(path):
        return {}
    try:
        files: dict[str, dict[str, Any]] = parse_json(read_own_text(path, LARGEST_DESCRIPTION_BYTES))["files"]
        if not all(_OWN.fullmatch(name) and isinstance(entry, dict) for name, entry in files.items()):
            raise ValueError
    except (InputError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(
            folder,
            f"a {DESCRIPTION} without a list of its files",
            "One of an older version can be read, but not replaced. ",
        ) from error
    return files


def _files_in(folder: Path) -> Iterable[str]:
    """Yield what is in the folder and its truth, but for what killed writers left."""
    for entry in os.scandir(folder):
        if entry.name == TRUTH and entry.is_dir(follow_symlinks=False):
            yield from (f"{TRUTH}/{inner.name}" for inner in os.scandir(entry) if not _is_part(inner.name))
        elif not _is_part(entry.name):
            yield entry.name


def _is_part(name: str) -> bool:
    return name.startswith(PART)


def _is_as_written(folder: Path, name: str, written: Written) -> bool:
    path = folder / name
    if name not in written or path.is_symlink() or not path.is_file():
        return False
    entry = written[name]  # empty where the simulation was killed
    return not entry or (path.stat().st_size == entry.get("bytes") and sha256_of(path) == entry.get("sha256"))


def _refused(folder: Path, found: str, why: str) -> InputError:
    return InputError(
        "output-not-empty",
        f"A simulated subject is not written to {folder.name}: it could cost files of somebody else.",
        expected="a folder that is new, empty, or holds nothing but what a simulation wrote",
        found=found,
        advice=f"{why}Choose a new folder.",
    )
