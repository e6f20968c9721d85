"""Where jobs lie, which of them other Slicers are at, and what earlier ones left."""

from __future__ import annotations

import os
import time
import uuid
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import json_text, write_text
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import SCHEMA_VERSION
from LongitudinalINRLib.lock import held, hold
from LongitudinalINRModule.stored_documents import read_object, shown

PREFIX = "job-"
OWNER = "slicer.lock"
SHOWN = "shown"
NOTES = "panel.json"
BASELINE = "baseline.nii"
LABELS = "labels.nii.gz"


@dataclass
class StoredJob:
    """A job folder with what the panel keeps beside the worker's files.

    Parameters
    ----------
    folder : JobFolder
        The job's.
    """

    folder: JobFolder
    _owned: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def created(self) -> str:
        """When the job was made, for people."""
        try:
            seconds = self.folder.path.stat().st_mtime
        except OSError:
            return "an unknown time"  # it went meanwhile
        return time.strftime("%d %b %Y, %H:%M", time.localtime(seconds))

    @property
    def baseline_copy(self) -> Path:
        """The baseline as the job saw it, for when its node is gone."""
        return self.folder.path / BASELINE

    @property
    def labels_copy(self) -> Path:
        """The label map of the regions as the job saw it."""
        return self.folder.path / LABELS

    @property
    def made_by_newer_version(self) -> bool:
        """Whether a newer LongitudinalINR made it, so that this one must leave it alone."""
        try:
            version = read_object(self.folder.request).get("schema_version", 0)
        except InputError:
            return False  # no request, or none that is one: whoever opens the job says so
        return isinstance(version, int) and version > SCHEMA_VERSION

    @property
    def notes(self) -> dict[str, Any]:
        """What the panel has to remember; no names of persons.

        Raises
        ------
        InputError
            They are damaged.
        """
        path = self.folder.path / NOTES
        return read_object(path) if os.path.lexists(path) else {}

    def keep_notes(self, notes: dict[str, Any]) -> None:
        """Remember something with the job."""
        self.folder.manifest.write_bytes(self.folder.path / NOTES, json_text(notes).encode())

    def own(self) -> None:
        """Let other Slicers see that this one is at the job, until it ends or goes.

        Raises
        ------
        InputError
            The folder cannot be written to.
        """
        try:
            self._owned.enter_context(hold(self.folder.path / OWNER))
        except OSError as error:
            raise unusable(self.folder, error) from error

    def mark_shown(self) -> None:
        """Remember that the result was in a scene: it is no longer waiting for anybody."""
        write_text(self.folder.path / SHOWN, "")

    @property
    def shown(self) -> bool:
        """Whether the result was in a scene."""
        return (self.folder.path / SHOWN).exists()

    @property
    def has_maps(self) -> bool:
        """Whether there is something to load, even if the job is not finished: maps of two months."""
        return len(list(self.folder.maps.glob("jacobian_*"))) > 1

    def release(self) -> None:
        """Let the job go, for this or another Slicer to find."""
        self._owned.close()

    def discard(self) -> None:
        """Remove what worker and panel wrote, and the folder unless others have files in it.

        What a version wrote that kept no manifest stays, and what somebody changed; it is not offered again.

        Raises
        ------
        InputError
            Some of it cannot be removed.
        """
        self.release()
        try:
            if self.folder.manifest.exists:
                self.folder.delete_inputs()  # also where nothing was written there yet
            self.folder.discard()
            if self.folder.request.exists() and not self.shown:
                self.mark_shown()
        except OSError as error:
            raise unusable(self.folder, error) from error


def unusable(folder: JobFolder, error: OSError) -> InputError:
    """Return the error that tells of a job folder that the system does not let this program use."""
    return InputError(
        "job-folder-unusable",
        "The folder of the job cannot be used.",
        expected="a folder that this program made, and that may be written",
        found=f"{shown(folder.path.name)}: {error.strerror or error}",
        advice="Look at the folder in a file browser; what is not the program's own is never removed.",
    )


class JobStore:
    """The folder that jobs lie in.

    Parameters
    ----------
    root : Path
        Made when it is first needed.
    """

    def __init__(self, root: Path):
        self.root = root

    def new(self) -> StoredJob:
        """Make a folder for a job, readable by its owner alone.

        Raises
        ------
        InputError
            It cannot be made.
        """
        name = f"{PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:6]}"
        stored = StoredJob(JobFolder(self.root / name))
        try:
            stored.folder.create()
            stored.folder.inputs.mkdir(mode=0o700)
            stored.own()
        except (InputError, OSError) as error:
            with suppress(InputError):  # the first error tells what is wrong with the folder
                stored.discard()
            raise InputError(
                "jobs-unwritable",
                "The folder for jobs cannot be written to.",
                expected="a folder that may be written, with space on its disk",
                found=f"{self.root}: {getattr(error, 'found', '') or error}",
                advice="Choose another folder in Settings > Advanced > Keep jobs in.",
            ) from error
        return stored

    def left(self) -> list[StoredJob]:
        """Return the jobs that no Slicer is at and whose results nobody has seen, oldest first.

        Those whose results were shown are removed: their scene is gone or was saved.
        """
        found = []
        for path in self._folders():
            stored = StoredJob(JobFolder(path))
            try:
                if held(path / OWNER) or stored.folder.state in ("empty", "running"):
                    continue
                if stored.shown:
                    stored.discard()
                else:
                    found.append(stored)
            except (InputError, OSError):
                continue  # it is not ours to look into: somebody else's, or no job at all
        return found

    def _folders(self) -> list[Path]:
        """Return what may be jobs; links to other places are none."""
        try:
            found = sorted(self.root.glob(f"{PREFIX}*"))
            return [path for path in found if path.is_dir() and not path.is_symlink()]
        except OSError:
            return []  # whoever makes a job says what is wrong with the folder
