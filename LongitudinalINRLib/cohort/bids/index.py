"""Who and what is in a BIDS folder: one look at each folder that may hold a T1-weighted scan.

What is odd is told and passed by: a data set of thousands of people always has something odd.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.cohort.bids.ignored import Ignored
from LongitudinalINRLib.cohort.bids.names import entities_of, folder_of, label_of, without_suffix

PERSON, SESSION, ANATOMY = "sub-", "ses-", "anat"


@dataclass(frozen=True)
class Note:
    """Something odd that was passed by.

    Parameters
    ----------
    where : str
        Path relative to the BIDS folder.
    message : str
        What is odd.
    """

    where: str
    message: str


@dataclass(frozen=True)
class Scan:
    """A T1-weighted scan.

    Parameters
    ----------
    path : str
        Relative to the BIDS folder.
    entities : mapping of str to str
        Of its name.
    """

    path: str
    entities: Mapping[str, str]


@dataclass(frozen=True)
class Session:
    """A visit: its label without ``ses-``, None where there are no folders of sessions, and its scans."""

    label: str | None
    scans: tuple[Scan, ...]


@dataclass(frozen=True)
class Person:
    """A person: the label without ``sub-``, and the sessions by their labels."""

    label: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Index:
    """What is in a BIDS folder."""

    people: tuple[Person, ...]
    notes: tuple[Note, ...]


def participants_in(bids_folder: Path) -> list[str]:
    """Return the labels of all people that have a folder, sorted."""
    found = _Look(bids_folder, lambda note: None).labelled("", PERSON)
    return sorted(label for label, _ in found)


def index(bids_folder: Path, only: Collection[str] | None = None) -> Index:
    """Look through a BIDS folder.

    Parameters
    ----------
    bids_folder : Path
        Holds ``sub-*/[ses-*/]anat/*_T1w.nii[.gz]``.
    only : collection of str, optional
        Labels of the people that matter; all by default.

    Raises
    ------
    OSError
        The folder itself cannot be read.
    """
    os.scandir(bids_folder).close()
    notes: list[Note] = []
    look = _Look(bids_folder, notes.append)
    people = [
        Person(label, tuple(look.sessions(label)))
        for label, _ in look.labelled("", PERSON)
        if only is None or label in only
    ]
    return Index(tuple(people), tuple(notes))


class _Look:
    """Looks into folders and tells what is odd."""

    def __init__(self, bids_folder: Path, tell: Callable[[Note], None]):
        self._root = f"{bids_folder}/"
        self._tell = tell
        self._ignored = Ignored.of(bids_folder)

    def labelled(self, folder: str, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield label and path of the folders with a prefix, by their names."""
        for entry in self._entries(folder):
            if not entry.name.startswith(prefix):
                continue
            path, label = f"{folder}{entry.name}", label_of(entry.name, prefix)
            if not self._is_folder(entry, path):
                continue
            if label is None:
                self._tell(Note(path, f"{prefix} is not followed by letters and digits alone: passed by"))
            elif not self._ignored(path):
                yield label, path

    def sessions(self, participant: str) -> Iterator[Session]:
        """Yield the sessions of a person."""
        place = folder_of(participant, None)
        found = [
            Session(label, tuple(self._scans(participant, label)))
            for label, _ in self.labelled(f"{place}/", SESSION)
        ]
        beside = tuple(self._scans(participant, None))
        if found and beside:
            self._tell(Note(f"{place}/{ANATOMY}", "scans beside the folders of sessions: passed by"))
        yield from found or ([Session(None, beside)] if beside else [])

    def _scans(self, participant: str, session: str | None) -> Iterator[Scan]:
        folder = f"{folder_of(participant, session)}/{ANATOMY}"
        for entry in self._entries(f"{folder}/"):
            stem = without_suffix(entry.name)
            path = f"{folder}/{entry.name}"
            if stem is None or self._ignored(path):
                continue
            entities = entities_of(stem)
            if entry.name.startswith("."):
                self._tell(Note(path, "a hidden file: passed by"))
            elif entities is None or (entities.get("sub"), entities.get("ses")) != (participant, session):
                self._tell(Note(path, "its name is not that of a scan of this person and session: passed by"))
            elif self._is_file(entry, path):
                yield Scan(path, entities)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root + folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return []
        except OSError as error:
            self._tell(Note(folder.rstrip("/") or ".", f"cannot be read ({error.strerror}): passed by"))
            return []

    def _is_folder(self, entry: os.DirEntry[str], path: str) -> bool:
        try:
            if entry.is_dir():
                return True
            what = "a link that leads nowhere" if entry.is_symlink() else ""
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
        if what:  # a plain file of such a name is usual: sub-01_sessions.tsv
            self._tell(Note(path, f"{what}: passed by"))
        return False

    def _is_file(self, entry: os.DirEntry[str], path: str) -> bool:
        try:
            if entry.is_file():
                return True
            linked = entry.is_symlink()
            what = "a link whose file is not here (was the data set fetched?)" if linked else "not a file"
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
        self._tell(Note(path, f"{what}: passed by"))
        return False
