"""Whether files of an export may take the places they want: nothing of others is ever replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import sha256_of
from LongitudinalINRModule.stored_documents import is_regular, read_object, shown

MANIFEST = "manifest.json"
MADE_BY = "LongitudinalINR"


def exported_before(folder: Path) -> dict[str, str]:
    """Return the names and SHA-256 of files of earlier exports, by the manifest; empty where there is none.

    Raises
    ------
    InputError
        There is a manifest that is not ours.
    """
    path = folder / MANIFEST
    if not os.path.lexists(path):
        return {}
    try:
        content = read_object(path)
    except InputError as error:
        raise _taken(path) from error
    hashes = {**_hashes(path, content.get("earlier_files", {})), **_hashes(path, content.get("files"))}
    if content.get("made_by") != MADE_BY:
        raise _taken(path)
    return hashes


def refuse_taken(folder: Path, names: Iterable[str]) -> None:
    """Refuse names at which something lies that an earlier export has not written just so.

    Raises
    ------
    InputError
        A file of somebody else is in the way, or one that was changed since it was exported.
    """
    before = exported_before(folder)
    for name in names:
        path = folder / name
        if os.path.lexists(path) and not _is_ours(path, before.get(name)):
            raise _taken(path)


def _is_ours(path: Path, sha256: str | None) -> bool:
    return sha256 is not None and is_regular(path) and sha256_of(path) == sha256


def _hashes(path: Path, files: Any) -> dict[str, str]:
    if not isinstance(files, dict) or not all(isinstance(value, str) for value in files.values()):
        raise _taken(path)
    return files


def _taken(path: Path) -> InputError:
    return InputError(
        "export-taken",
        f"The folder holds {shown(path.name)}, which was not exported by this program or was changed since.",
        expected="a folder that is new or empty, or unchanged files of an earlier export",
        found=shown(path.name),
        advice="Choose another folder: nothing of this one was changed.",
    )
