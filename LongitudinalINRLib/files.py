"""The one way to write a file: whole or not at all, also when the power fails.

A file is written under a temporary name beside its own, flushed to the disk, renamed, and the rename flushed
too. A killed writer leaves its temporary file behind; the next one to write that name, or `remove_parts`,
removes it. Needs the standard library alone.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from LongitudinalINRLib.lock import try_lock

PART = ".writing-"
_PART_NAME = re.compile(re.escape(PART) + r"[0-9a-f]{12}-(?P<name>.+)", re.DOTALL)
_WINDOWS_WAITS_SECONDS = (0.02, 0.1, 0.5, 1.0)
_FOLDER_NOT_SYNCED = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}
_CHUNK_BYTES = 1 << 20

Place = Callable[[Path], Any]
"""Gives a context with the temporary path of a file; `writing` is one."""


@contextmanager
def writing(
    path: Path, before_rename: Callable[[Path], None] = lambda _: None, *, flushed: bool = True
) -> Iterator[Path]:
    """Give a temporary path; what is written there takes the place of a file when the block ends well.

    Parameters
    ----------
    path : Path
        The file. A link of that name is replaced, never followed.
    before_rename : callable
        Called with the temporary path once its content is on the disk.
    flushed : bool
        False for a file that the same command makes anew: it is whole or not there after the death of its
        writer, but may be empty after a power cut; waiting for the disk costs milliseconds a file.

    Raises
    ------
    OSError
        The file cannot be written; nothing of it is left.
    """
    remove_parts(path.parent, [path.name])
    part = path.with_name(f"{PART}{uuid.uuid4().hex[:12]}-{path.name}")
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    holder = os.open(part, flags, 0o666)
    try:
        try:
            try_lock(holder)  # tells others that its writer is alive
            yield part
            if flushed:
                _sync_file(part)
            before_rename(part)
        finally:
            if sys.platform == "win32":  # which renames no open file
                os.close(holder)
        _replace(part, path)
        if flushed:
            sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        if sys.platform != "win32":
            os.close(holder)


def write_bytes(path: Path, content: bytes, *, flushed: bool = True) -> None:
    """Write a file whole or not at all; `flushed` as of `writing`."""
    with writing(path, flushed=flushed) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str, *, flushed: bool = True) -> None:
    """Write a text file whole or not at all, in UTF-8, line ends as they are; `flushed` as of `writing`."""
    write_bytes(path, text.encode("utf-8"), flushed=flushed)


def write_json(path: Path, content: Any) -> None:
    """Write JSON whole or not at all."""
    write_text(path, json_text(content))


def json_text(content: Any) -> str:
    """Return JSON as this program writes it."""
    return json.dumps(content, indent=2)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, and flush that to the disk; one that is there is left as it is."""
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(mode if folder == missing[0] else 0o777, exist_ok=True)
        sync_folder(folder.parent)


def remove(path: Path) -> None:
    """Remove a file, if it is there, and flush that to the disk."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    sync_folder(path.parent)


def remove_parts(folder: Path, names: Iterable[str]) -> None:
    """Remove what killed writers of some files left in a folder; the files of living ones stay."""
    wanted = set(names)
    try:
        found = [entry for entry in os.listdir(folder) if entry.startswith(PART)]
    except OSError:
        return  # whoever writes there says what is wrong with the folder
    for entry in found:
        match = _PART_NAME.fullmatch(entry)
        if match and match["name"] in wanted:
            _remove_if_abandoned(folder / entry)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can: Windows cannot, and journals renames."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _FOLDER_NOT_SYNCED:
            raise
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        if sys.platform == "darwin":  # whose fsync leaves the data in the drive's own memory
            import fcntl

            try:
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            except OSError:  # a file system that does not know it
                os.fsync(descriptor)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(part: Path, path: Path) -> None:
    """Rename; on Windows again after a moment, as a search or virus scanner may have the file open."""
    for seconds in _WINDOWS_WAITS_SECONDS if sys.platform == "win32" else ():
        try:
            os.replace(part, path)
        except PermissionError:
            time.sleep(seconds)
        else:
            return
    os.replace(part, path)


def _remove_if_abandoned(part: Path) -> None:
    """Remove a temporary file unless its writer holds it."""
    try:
        descriptor = os.open(part, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:  # gone meanwhile, or a link: not ours
        return
    try:
        abandoned = try_lock(descriptor)
    finally:
        os.close(descriptor)
    if abandoned:
        try:
            part.unlink(missing_ok=True)
        except PermissionError:
            if sys.platform != "win32":  # there, it means that somebody has it open
                raise
