"""Which files of a folder this program wrote: it replaces and removes these and no others.

A manifest, `files.json` or a file elsewhere, names every file before it is created, and its size and SHA-256
before it gets its name. After a crash at any moment a file is either one that the manifest knows by content,
or somebody else's. Needs the standard library alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from LongitudinalINRLib import files
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import parse_json, read_own_text

MANIFEST = "files.json"
LARGEST_MANIFEST_BYTES = 8 << 20
_SCHEMA_VERSION = 1

FileState = Literal["absent", "ours", "changed", "foreign"]


@dataclass(frozen=True)
class Stamp:
    """What a file's content is told by: bytes and SHA-256."""

    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Stamp:
        """Read a file."""
        return cls(path.stat().st_size, files.sha256_of(path))


class Manifest:
    """The files of ours in a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    open_names : sequence of str
        Files that grow or come and go while a job runs, and are ours whatever they hold.
    on_kept : callable
        Takes a sentence about a file that was in the way and was kept under another name.
    path : Path, optional
        Where the manifest itself is, which may be outside the folder; `files.json` in it by default.
    """

    def __init__(
        self,
        folder: Path,
        open_names: Sequence[str] = (),
        on_kept: Callable[[str], None] = lambda _: None,
        path: Path | None = None,
    ):
        self.folder = folder
        self.path = folder / MANIFEST if path is None else path
        self.open_names = frozenset(open_names)
        self.on_kept = on_kept
        self._read_only: dict[str, Any] | None = None

    @property
    def exists(self) -> bool:
        """Whether the folder has a manifest, be it damaged, or one that is kept in mind."""
        return self._read_only is not None or os.path.lexists(self.path)

    @property
    def keeps_older(self) -> bool:
        """Whether the folder holds files of a version that kept no manifest."""
        return bool(self._read()["older"])

    def start(self, *, older: bool = False) -> None:
        """Begin a manifest.

        Parameters
        ----------
        older : bool
            Whether the folder holds a result of a version that kept no manifest: what is in the way of a new
            file there is kept under another name.
        """
        self._write({"older": older, "files": {}})

    def restore(self, stamps: Mapping[str, Stamp]) -> None:
        """Begin anew, in place of one that is lost or damaged, with files that are known from elsewhere.

        In a folder that may only be read it is kept in mind.
        """
        content = {"older": False, "files": {name: [asdict(stamp)] for name, stamp in stamps.items()}}
        try:
            self._write(content)
        except OSError:
            self._read_only = content

    def settle(self) -> None:
        """Forget what files of ours held before, and names that were never used."""
        content = self._read()
        settled = {}
        for name, known in content["files"].items():
            path = self.folder / name
            now = self.stamp(path)
            if now is not None:
                settled[name] = [asdict(now)]
            elif os.path.lexists(path):  # changed by somebody: what we wrote is still known by this
                settled[name] = known
        self._write({**content, "files": settled})

    def names(self) -> list[str]:
        """Return the names of our files, relative to the folder, that are known by content."""
        return sorted(self._read()["files"])

    def state(self, path: Path) -> FileState:
        """Tell whether a file is there, and whether it is what we wrote."""
        if self._through_link(path):
            return "foreign"
        if not os.path.lexists(path):
            return "absent"
        content = self._read()
        name = self._name(path)
        if not stat.S_ISREG(path.lstat().st_mode):
            return "foreign"
        if name in self.open_names:
            return "ours"
        if name not in content["files"]:
            return "foreign"
        return "ours" if self._known(content, name, path) else "changed"

    def claim(self, paths: Iterable[Path]) -> None:
        """Name files that are going to be written, on the disk, before the first of them is created."""
        content = self._read()
        new = {self._name(path) for path in paths} - set(content["files"]) - self.open_names
        if new:
            content["files"] |= {name: [] for name in sorted(new)}
            self._write(content)

    @contextmanager
    def writing(self, path: Path) -> Iterator[Path]:
        """Give a temporary path; what is written there becomes our file (see `files.writing`).

        Raises
        ------
        InputError
            A file that is not ours has this name.
        """
        self._make_way(path)
        self.claim([path])
        with files.writing(path, before_rename=lambda part: self._expect(path, Stamp.of(part))) as part:
            yield part

    def write_bytes(self, path: Path, content: bytes) -> None:
        """Write a file of ours; one that has this content already is left alone."""
        if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
            return
        with self.writing(path) as part:
            part.write_bytes(content)

    def link(self, source: Path, path: Path) -> None:
        """Give a file of ours a second name, without copying it where the file system can.

        Raises
        ------
        InputError
            A file that is not ours has the name.
        """
        self._make_way(path)
        self.claim([path])
        self._expect(path, Stamp.of(source))
        try:
            os.link(source, path)
            files.sync_folder(path.parent)
        except OSError:  # a file system without links
            with files.writing(path) as part:
                shutil.copyfile(source, part)

    def refuse_taken(self, paths: Iterable[Path]) -> None:
        """Refuse names that others' files have.

        Raises
        ------
        InputError
            A file that is not ours, a folder or a link has one of the names.
        """
        for path in paths:
            if self.state(path) == "foreign" and not self._of_older_version(path):
                raise InputError(
                    "output-taken",
                    f"{path.name} in {self.folder.name} was not written by this program.",
                    expected="an output folder that is new, empty, or holds a result of this program",
                    found=f"a file, folder or link of somebody else called {self._name(path)}",
                    advice="Move it to another place, or choose another output folder.",
                )

    def _make_way(self, path: Path) -> None:
        """Keep a file of ours that somebody changed, or an older version's, under another name."""
        self.refuse_taken([path])
        if self.state(path) in ("changed", "foreign"):
            kept = _free_name(path)
            os.rename(path, kept)
            files.sync_folder(path.parent)
            self.on_kept(
                f"{path.name} is not as this program wrote it, or an older version wrote it: it is kept as "
                f"{kept.name}."
            )

    def remove(self, paths: Iterable[Path]) -> None:
        """Remove those files that are ours and as we wrote them, and forget those that are gone."""
        paths = list(paths)
        for path in paths:
            if self.state(path) == "ours":
                files.remove(path)
        self.remove_parts(paths)
        content = self._read()
        gone = {self._name(path) for path in paths if not os.path.lexists(path)}
        if gone & set(content["files"]):
            content["files"] = {name: seen for name, seen in content["files"].items() if name not in gone}
            self._write(content)

    def remove_parts(self, paths: Iterable[Path] | None = None) -> None:
        """Remove what killed writers of our files left; of all files, if none are given."""
        ours = [self.folder / name for name in self.names()] if paths is None else list(paths)
        for folder in {path.parent for path in ours} | {self.folder}:
            if not self._through_link(folder / "-"):
                files.remove_parts(folder, [path.name for path in ours if path.parent == folder])
        files.remove_parts(self.path.parent, [self.path.name])

    def remove_all(self) -> None:
        """Remove every file of ours, and the manifest if no file that it names is left."""
        content = self._read()
        names = [*content["files"], *self.open_names]
        self.remove(self.folder / name for name in names)
        for folder in {(self.folder / name).parent for name in names} - {self.folder}:
            if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                folder.rmdir()
        if not self._read()["files"]:
            files.remove(self.path)

    def usable(self, path: Path) -> bool:
        """Tell whether a file is there as we wrote it, or as a version did that kept no manifest."""
        state = self.state(path)
        return state == "ours" or (state == "foreign" and self._of_older_version(path))

    def stamp(self, path: Path) -> Stamp | None:
        """Return what a file of ours is told by; None where it is not as we wrote it."""
        found = Stamp.of(path) if path.is_file() else None
        return found if found and asdict(found) in self._read()["files"].get(self._name(path), []) else None

    def _expect(self, path: Path, stamp: Stamp) -> None:
        """Know a content before the file has it; the one that is there stays known until then."""
        content, name = self._read(), self._name(path)
        before = [asdict(Stamp.of(path))] if path.is_file() else []
        known = [seen for seen in content["files"].get(name, []) if seen in before]
        content["files"][name] = [*known, *([asdict(stamp)] if asdict(stamp) not in known else [])]
        self._write(content)

    def _known(self, content: dict[str, Any], name: str, path: Path) -> bool:
        size = path.stat().st_size
        seen = [stamp for stamp in content["files"][name] if stamp["size"] == size]
        return bool(seen) and asdict(Stamp.of(path)) in seen

    def _of_older_version(self, path: Path) -> bool:
        plain = not self._through_link(path) and stat.S_ISREG(path.lstat().st_mode)
        return plain and self.keeps_older

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _through_link(self, path: Path) -> bool:
        between = path.relative_to(self.folder).parents
        return any((self.folder / each).is_symlink() for each in between if each != Path("."))

    def _write(self, content: dict[str, Any]) -> None:
        about = {"made_by": "LongitudinalINR", "schema_version": _SCHEMA_VERSION}
        files.write_text(self.path, files.json_text(sealed({**about, **content})))

    def _read(self) -> dict[str, Any]:
        if self._read_only is not None:
            return self._read_only
        try:
            content = unsealed(parse_json(read_own_text(self.path, LARGEST_MANIFEST_BYTES)))
            if not _is_manifest(content):
                raise ValueError("it is not a list of files")
        except (InputError, ValueError) as error:
            raise InputError(
                "manifest-damaged",
                f"{self.path.name} of {self.folder.name} cannot be used: it says which files are ours.",
                expected=f"{self.path.name} as it was written",
                found=error.found if isinstance(error, InputError) else str(error),
                advice="Put the file back from a copy, or do the fit again in another folder.",
            ) from error
        return content


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """Return JSON values with a digest of them, so that damage shows."""
    return {**content, "digest": _digest(content)}


def unsealed(content: Any) -> dict[str, Any]:
    """Return JSON values without their digest.

    Raises
    ------
    ValueError
        They are not what the digest was made of.
    """
    if not isinstance(content, dict):
        raise ValueError("it is not a JSON object")
    bare = {name: value for name, value in content.items() if name != "digest"}
    if content.get("digest") != _digest(bare):
        raise ValueError("its content does not go with its digest")
    return bare


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _is_manifest(content: dict[str, Any]) -> bool:
    """Tell whether every value is of its kind, and every name leads to a place in the folder."""
    listed = content.get("files")
    if not isinstance(listed, dict) or content.get("schema_version") != _SCHEMA_VERSION:
        return False
    stamps = [stamp for seen in listed.values() if isinstance(seen, list) for stamp in seen]
    return (
        isinstance(content.get("older"), bool)
        and all(isinstance(seen, list) for seen in listed.values())
        and all(map(_is_stamp, stamps))
        and all(map(_leads_inside, listed))
    )


def _is_stamp(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"size", "sha256"}:
        return False
    size, sha256 = value["size"], value["sha256"]
    return type(size) is int and size >= 0 and isinstance(sha256, str) and len(sha256) == 64


def _leads_inside(name: str) -> bool:
    """Tell whether a path is relative and stays in its folder, by the rules of every system."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not any(sign in name for sign in "\\:\0")


def _free_name(path: Path) -> Path:
    number = 1
    while os.path.lexists(kept := path.with_name(f"{path.name}.kept-{number}")):
        number += 1
    return kept
