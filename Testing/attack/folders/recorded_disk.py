"""What a disk holds if the power fails: what was flushed until each moment, and what may be there then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

RENAMING = ("replace", "rename")

Tree = dict[str, bytes]
"""Content by path relative to the folder; the path of a folder ends in a slash."""


@dataclass
class _File:
    flushed: bytes = b""


@dataclass
class RecordedDisk:
    """Follows one folder while a job writes into it.

    Parameters
    ----------
    root : Path
        The folder; it need not exist yet.
    moments : list of (str, Tree)
        What was there after each flush, rename, removal or new folder: after a kill (everything written),
        after a power cut on a careful disk (only what was flushed) and on a careless one (all names, flushed
        content).
    """

    root: Path
    moments: list[tuple[str, Tree]] = field(default_factory=list)
    _files: dict[int, _File] = field(default_factory=dict)
    _names: dict[str, dict[str, _File | None]] = field(default_factory=dict)
    _contents: dict[tuple[int, int, int], bytes] = field(default_factory=dict)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Follow what this process does to the folder."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", self._opening(os.open))
            patch.setattr(os, "fsync", self._flushing(os.fsync))
            for name in ("replace", "rename", "unlink", "mkdir", "rmdir"):
                patch.setattr(os, name, self._noting(name, getattr(os, name)))
            yield

    def distinct(self) -> list[tuple[str, Tree]]:
        """Return the moments that differ in more than the log."""
        seen, found = set(), []
        for what, tree in self.moments:
            known = hash(tuple(sorted((path, data) for path, data in tree.items() if path != "worker.log")))
            if known not in seen:
                seen.add(known)
                found.append((what, tree))
        return found

    def _opening(self, usual):
        def opened(path, flags, *rest, **options):
            new = bool(flags & os.O_CREAT) and not os.path.lexists(path)
            descriptor = usual(path, flags, *rest, **options)
            if new:
                self._files[os.fstat(descriptor).st_ino] = _File()
            return descriptor

        return opened

    def _flushing(self, usual):
        def flushed(descriptor):
            usual(descriptor)
            path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            if path.is_dir():
                self._names[self._relative(path)] = {
                    entry.name: None if entry.is_dir() else self._file(entry.inode())
                    for entry in os.scandir(path)
                }
            else:
                self._file(os.fstat(descriptor).st_ino).flushed = path.read_bytes()
            self._note(f"flush {path.name}")

        return flushed

    def _noting(self, name, usual):
        def noted(*arguments, **options):
            usual(*arguments, **options)
            self._note(f"{name} {Path(arguments[-1 if name in ('replace', 'rename') else 0]).name}")

        return noted

    def _file(self, inode: int) -> _File:
        return self._files.setdefault(inode, _File())

    def _relative(self, path: Path) -> str:
        return os.path.relpath(path, self.root.parent)

    def _note(self, what: str) -> None:
        if not self.root.exists():
            return
        number, there = len(self.moments) // 3, self._everything()
        self.moments.append((f"{number}: killed after {what}", there))
        self.moments.append((f"{number}: careful disk, {what}", self._flushed_alone(self.root.name, "")))
        careless = {path: self._content(path) for path in there}
        self.moments.append((f"{number}: careless disk, {what}", careless))

    def _everything(self) -> Tree:
        tree: Tree = {}
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            tree |= {f"{name}/": b""} if path.is_dir() else {name: self._read(path)}
        return tree

    def _read(self, path: Path) -> bytes:
        about = path.stat()
        key = (about.st_ino, about.st_mtime_ns, about.st_size)
        if key not in self._contents:
            self._contents[key] = path.read_bytes()
        return self._contents[key]

    def _flushed_alone(self, folder: str, prefix: str) -> Tree:
        tree: Tree = {}
        for name, file in self._names.get(folder, {}).items():
            if file is None:
                tree[f"{prefix}{name}/"] = b""
                tree |= self._flushed_alone(f"{folder}/{name}", f"{prefix}{name}/")
            else:
                tree[f"{prefix}{name}"] = file.flushed
        return tree

    def _content(self, path: str) -> bytes:
        return b"" if path.endswith("/") else self._file((self.root / path).stat().st_ino).flushed


def laid_out(tree: Tree, folder: Path) -> None:
    """Make a folder that holds a tree."""
    folder.mkdir(mode=0o700)
    for path, content in sorted(tree.items()):
        if path.endswith("/"):
            (folder / path).mkdir(mode=0o700, exist_ok=True)
        else:
            (folder / path).parent.mkdir(mode=0o700, exist_ok=True)
            (folder / path).write_bytes(content)
