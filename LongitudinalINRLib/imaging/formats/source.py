"""The files that a scan is read from: regular ones, read once, hashed as they are read.

A pipe or a device has no end and can block whoever opens it, so anything but a regular file is refused before
it is opened. Needs the standard library alone.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from pathlib import Path
from types import TracebackType

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats import metaheader, nrrdheader
from LongitudinalINRLib.imaging.formats.refusals import bad_header
from LongitudinalINRLib.words import ITK_SUFFIXES, NRRD_SUFFIXES

_CHUNK_BYTES = 1 << 20
_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class SourceFile:
    """A regular file that is read once, from its start; the bytes that were read are hashed.

    Parameters
    ----------
    path : Path
        Links are followed; what they lead to must be a regular file.

    Raises
    ------
    InputError
        As :func:`open_regular`; `read` and `readline` raise it where the disk fails.
    """

    def __init__(self, path: Path):
        self.name = path.name
        self._file = open_regular(path)
        self._path = path
        self._digest = hashlib.sha256()
        self.size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> SourceFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was read so far."""
        return self._digest.hexdigest()

    @property
    def left(self) -> int:
        """How many bytes of the file, as long as it was when it was opened, were not read yet."""
        return self.size - self._file.tell()

    def peek(self, count: int) -> bytes:
        """Return the next few bytes without taking them."""
        try:
            return self._file.peek(count)[:count]
        except OSError as error:
            raise _unreadable(self._path, error) from error

    def read(self, count: int) -> bytes:
        """Return the next bytes, fewer than asked for only at the end of the file."""
        try:
            return self._hashed(self._file.read(count) or b"")
        except OSError as error:
            raise _unreadable(self._path, error) from error

    def readline(self, most: int) -> bytes:
        """Return the bytes up to and with the next line end, at most so many."""
        try:
            return self._hashed(self._file.readline(most) or b"")
        except OSError as error:
            raise _unreadable(self._path, error) from error

    def _hashed(self, content: bytes) -> bytes:
        self._digest.update(content)
        return content


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading, without ever waiting for somebody to write to it.

    Raises
    ------
    InputError
        ``file-missing``, ``file-unreadable`` or ``not-a-regular-file``.
    """
    try:
        _check_regular(path, os.stat(path).st_mode)
        flags = os.O_RDONLY
        for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, name, 0)
        descriptor = os.open(path, flags)
    except (OSError, ValueError) as error:  # ValueError: a character that no path can have
        raise _unreadable(path, error) from error
    try:
        _check_regular(path, os.fstat(descriptor).st_mode)  # it may have been replaced meanwhile
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def source_files(path: str | Path) -> list[Path]:
    """Return the files whose bytes make up a scan: the file itself, and the data file that its header names.

    Parameters
    ----------
    path : str or Path
        A file of any kind that is read; not a folder.

    Raises
    ------
    InputError
        A file is missing, not a regular one, or the header names its data in a way that is not read.
    """
    path = Path(path)
    with SourceFile(path) as file:
        data_file = _data_file(path, file) if path.name.lower().endswith(ITK_SUFFIXES) else None
    if data_file is None:
        return [path]
    open_regular(data_file).close()
    return [path, data_file]


def sha256_of_source(path: str | Path) -> str:
    """Return the SHA-256 of a scan's file; with a data file, that of both files' sorted hashes.

    Raises
    ------
    InputError
        As :func:`source_files`.
    """
    return joined_sha256([_sha256(file) for file in source_files(path)])


def joined_sha256(digests: list[str]) -> str:
    """Return the one digest there is, else the SHA-256 of all of them, sorted and joined."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def check_sha256(name: str, found: str, wanted: str | None) -> None:
    """Refuse a file that is not the one that was hashed before.

    Raises
    ------
    InputError
        ``input-changed``; never if nothing is wanted.
    """
    if wanted is not None and found != wanted:
        raise InputError(
            "input-changed",
            f"{name} changed after it was first looked at.",
            expected=f"the SHA-256 {wanted}",
            found=f"the SHA-256 {found}",
            advice="Put the file back as it was, or start again with the file as it is.",
        )


def data_file_path(header: Path, name: str) -> Path:
    """Return the path of a data file that a header names: in the header's own folder or below it.

    Raises
    ------
    InputError
        The name leads elsewhere, or stands for several files.
    """
    folder = header.parent.resolve()
    try:
        path = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise bad_header(header.name, f"a data file that cannot be found: {error}") from error
    if "\\" in name or not path.is_relative_to(folder) or path == folder:
        raise InputError(
            "data-file-elsewhere",
            f"The data file of {header.name} lies outside its folder.",
            expected="a data file in the folder of its header, or below it",
            found=repr(name[:200]),
            advice="Put both files into one folder, with the bare name of the data file in the header.",
        )
    return path


def _data_file(path: Path, file: SourceFile) -> Path | None:
    parse = nrrdheader.read if path.name.lower().endswith(NRRD_SUFFIXES) else metaheader.read
    name = parse(file).data_file
    return None if name is None else data_file_path(path, name)


def _sha256(path: Path) -> str:
    with SourceFile(path) as file:
        while file.read(_CHUNK_BYTES):
            pass
        return file.sha256


def _check_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise InputError(
            "not-a-regular-file",
            f"{path.name} is not a file that can be read to its end.",
            expected="a file",
            found=_KINDS.get(stat.S_IFMT(mode), "something else"),
            advice="Give the image file itself; a folder of DICOM files must not be named like a file.",
        )


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    missing = not isinstance(error, OSError) or error.errno in _MISSING
    return InputError(
        "file-missing" if missing else "file-unreadable",
        f"{path.name} {'does not exist' if missing else 'cannot be read'}.",
        expected="an image file that can be read",
        found=f"nothing at {path}" if missing else getattr(error, "strerror", None) or str(error),
        advice="Check the path and the rights to read it.",
    )
