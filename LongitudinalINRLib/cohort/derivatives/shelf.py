"""The files of a cohort's folder that one person's work put there, and how they get there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from LongitudinalINRLib.cohort.derivatives.names import sidecar
from LongitudinalINRLib.files import json_text, make_folder
from LongitudinalINRLib.ownership import Manifest


class Shelf:
    """Files that are put on anew, and those that are left from before and not wanted any more.

    Parameters
    ----------
    folder : Path
        The output folder of the cohort.
    manifest : Path
        Where it is kept which files are ours.
    tell : callable
        Takes a sentence about a file of somebody else that was in the way.
    """

    def __init__(self, folder: Path, manifest: Path, tell: Callable[[str], None] = lambda _: None):
        self.folder = folder
        self.manifest = Manifest(folder, on_kept=tell, path=manifest)
        if not self.manifest.exists:
            self.manifest.start()
        self.put: list[Path] = []

    def text(self, path: Path, text: str) -> None:
        """Put a text."""
        self.content(path, text.encode("utf-8", errors="backslashreplace"))

    def json(self, path: Path, content: Any) -> None:
        """Put the JSON file that goes with a file."""
        self.text(sidecar(path), json_text(content) + "\n")

    def content(self, path: Path, content: bytes) -> None:
        """Put the content of a file."""
        make_folder(path.parent)
        self.manifest.write_bytes(path, content)
        self.put.append(path)

    def link(self, source: Path, path: Path) -> None:
        """Put a file of a job under a second name, as readable as the JSON beside it, which comes first."""
        make_folder(path.parent)
        if self.manifest.state(path) != "ours" or not path.samefile(source):
            self.manifest.remove([path])
            self.manifest.link(source, path)
        with suppress(OSError):  # a file system that knows no such rights
            shutil.copymode(sidecar(path), path)
        self.put.append(path)

    def clear(self) -> None:
        """Remove what was put before and not this time, as far as it is as we wrote it."""
        put = {path.relative_to(self.folder).as_posix() for path in self.put}
        left = [self.folder / name for name in self.manifest.names() if name not in put]
        self.manifest.remove(left)
        for folder in sorted({path.parent for path in left}, key=lambda path: -len(path.parts)):
            self._remove_empty(folder)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.folder and not folder.is_symlink():
            try:
                os.rmdir(folder)
            except OSError:  # it holds something, or is gone
                return
            folder = folder.parent
