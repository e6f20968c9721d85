"""Where the answer to a question may be written: never over a scan, a result, or a file nobody meant."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import writing
from LongitudinalINRLib.imaging.dicom.place import on_disk
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request


class Destination:
    """A file that is to be written once.

    Parameters
    ----------
    path : Path
        As it was asked for.
    suffixes : tuple of str
        What its name may end in.
    overwrite : bool
        Whether a file of that name may be replaced.

    Raises
    ------
    InputError
        The name has another ending; its folder is not there; it exists and may not be replaced.
    """

    def __init__(self, path: Path, suffixes: tuple[str, ...], overwrite: bool):
        self.path = path
        self._overwrite = overwrite
        if not path.name.lower().endswith(suffixes):
            raise InputError(
                "output-kind",
                f"{path.name} is not a name for this output.",
                expected="a name ending in " + " or ".join(suffixes),
                found=path.name,
                advice="Change the ending of --output.",
            )
        if not path.parent.is_dir():
            raise InputError(
                "output-folder-missing",
                f"The folder of {path.name} is not there.",
                expected="a folder that exists",
                found=f"no folder at {path.parent}",
                advice="Make the folder first, or correct --output.",
            )
        self._refuse_existing()

    def protect(self, folder: JobFolder, request: Request, others: Iterable[Path | None] = ()) -> None:
        """Refuse to replace what the result is made of or made from.

        Parameters
        ----------
        folder, request
            Of the result.
        others : iterable of Path
            What else is read for the answer.

        Raises
        ------
        InputError
            The output is one of them, or lies in a folder of DICOM files that is.
        """
        if _is_part_of(folder, self.path):
            raise _protected(self.path, "a part of the result itself")
        given = (on_disk(path) for path in others if path is not None)
        for read in [*_inputs(folder, request), *given]:
            if any(_same(read, place) for place in (self.path, *self.path.absolute().parents)):
                raise _protected(self.path, "a file that the result was made from")

    def place(self, path: Path) -> AbstractContextManager[Path]:
        """Give the temporary path of the file (see `files.writing`); one that came meanwhile stays too."""
        return writing(path, before_rename=lambda _: self._refuse_existing())

    def _refuse_existing(self) -> None:
        try:
            mode = self.path.lstat().st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISREG(mode):
            raise InputError(
                "output-not-a-file",
                f"{self.path.name} cannot be replaced.",
                expected="a new name, or with --overwrite that of a file",
                found=_kind(mode),
                advice="Choose another --output.",
            )
        if not self._overwrite:
            raise InputError(
                "output-exists",
                f"{self.path.name} exists already.",
                expected="a new name",
                found="a file of that name",
                advice="Choose another --output, or replace the file with --overwrite.",
            )


def _inputs(folder: JobFolder, request: Request) -> Iterator[Path]:
    entries = (*request.follow_ups, *request.follow_up_labels)
    for path in (
        request.baseline,
        request.mask,
        request.labels,
        request.exclude,
        None if request.norms is None else request.norms.path,
        *(entry.path for entry in entries),
    ):
        if path:
            yield on_disk(folder.resolve(path))


def _is_part_of(folder: JobFolder, path: Path) -> bool:
    """Tell whether a path is one that the program itself writes in a job folder."""
    if any(_same(inner, path.parent) for inner in (folder.maps, folder.inputs)):
        return True
    if not _same(folder.path, path.parent):
        return False
    own = {item.name.lower() for item in vars(folder).values() if isinstance(item, Path)}
    return path.name.lower() in own


def _same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, however they are written."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _protected(path: Path, what: str) -> InputError:
    return InputError(
        "output-protected",
        f"{path.name} is not replaced.",
        expected="an output beside the scans and the result",
        found=what,
        advice="Choose another --output.",
    )


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISLNK, "a link"), (stat.S_ISFIFO, "a named pipe"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device or a socket")
