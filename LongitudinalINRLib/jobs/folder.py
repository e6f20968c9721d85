"""The folder of a job: the names of what is in it, whose it is, and who is at it.

Needs the standard library alone.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from LongitudinalINRLib import files
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import parse_json, read_own_text
from LongitudinalINRLib.lock import held, hold
from LongitudinalINRLib.ownership import MANIFEST, Manifest

State = Literal["empty", "running", "unfinished", "finished"]

LARGEST_JSON_BYTES = 16_000_000

OPEN_NAMES = ("cancel", "shown", "slicer.lock", "worker.lock", "worker.log")
"""Files that come and go while a job runs, or grow."""


class JobFolder:
    """Where a job is asked for, worked on and answered.

    Parameters
    ----------
    path : str or Path
        The folder; it need not exist yet.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path).absolute()
        self.manifest = Manifest(self.path, OPEN_NAMES)
        self._mode_before: int | None = None
        self.request = self.path / "request.json"
        self.inputs = self.path / "inputs"
        self.identity = self.path / "inputs.json"
        self.cancel = self.path / "cancel"
        self.log = self.path / "worker.log"
        self.lock = self.path / "worker.lock"
        self.alignment = self.path / "alignment.json"
        self.checkpoint = self.path / "checkpoint.safetensors"
        self.mask = self.path / "mask.nii.gz"
        self.valid = self.path / "valid.nii.gz"
        self.labels = self.path / "labels.nii.gz"
        self.labels_note = self.path / "labels.json"
        self.model_weights = self.path / "model.safetensors"
        self.model_description = self.path / "model.json"
        self.fit = self.path / "fit.json"
        self.maps = self.path / "maps"
        self.regions = self.path / "regions.csv"
        self.trajectories = self.path / "trajectories.csv"
        self.report = self.path / "report.html"
        self.report_pdf = self.path / "report.pdf"
        self.results = self.path / "results.json"

    @property
    def state(self) -> State:
        """Whether there is a job, whether a worker is at it, and whether it is finished."""
        if not self.request.exists():
            return "empty"
        if held(self.lock):
            return "running"
        return "finished" if self.results.exists() else "unfinished"

    @property
    def of_older_version(self) -> bool:
        """Whether a version that kept no manifest wrote what is here."""
        written = (self.identity, self.alignment, self.checkpoint, self.fit, self.results)
        return not self.manifest.exists and self.request.exists() and any(path.exists() for path in written)

    def create(self) -> bool:
        """Make the folder, readable by its owner alone, or take one that is empty or this program's.

        Returns
        -------
        bool
            Whether it was not there before.

        Raises
        ------
        InputError
            The folder cannot be made, is a file, or holds what this program did not write.
        """
        try:
            fresh = not self.path.exists()
            if fresh:
                files.make_folder(self.path, 0o700)
            if not self.manifest.exists:
                self._take_if_empty()
        except OSError as error:
            raise InputError(
                "output-unwritable",
                "The output folder cannot be made.",
                expected="a folder that may be written",
                found=error.strerror or str(error),
                advice="Choose another output folder.",
            ) from error
        return fresh

    def take_over(self) -> None:
        """Begin a manifest in a folder that has none: a front's that wrote a request, or an older version's.

        Looks each time whether a link or another's file has a name that a worker writes to as it goes.

        Raises
        ------
        InputError
            A file of somebody else has a name that a worker needs.
        """
        known = self.manifest.exists or self.of_older_version
        taken = [name for name in OPEN_NAMES if not _is_free(self.path / name, known)]
        if taken:
            raise InputError(
                "output-taken",
                f"{self.path.name} holds a file that a worker needs the name of.",
                expected="a folder with a request and copies of its inputs",
                found=", ".join(taken),
                advice="Move it to another place, or make the job in a new folder.",
            )
        if not self.manifest.exists:
            self.manifest.start(older=self.of_older_version)

    def resolve(self, path: str) -> Path:
        """Return where a path of the request lies: absolute, or relative to the folder."""
        return self.path / path

    def request_cancel(self) -> None:
        """Ask the worker to stop at its next chunk of work."""
        self.cancel.touch(mode=0o600)

    def cancel_requested(self) -> bool:
        """Tell whether the worker was asked to stop."""
        return self.cancel.exists()

    def clear_cancel(self) -> None:
        """Take a request to stop back, or acknowledge it."""
        self.cancel.unlink(missing_ok=True)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the folder for one worker; the system lets it go even if the worker is killed.

        Raises
        ------
        InputError
            Another worker holds it.
        """
        self.take_over()
        with hold(self.lock) as got:
            if not got:
                raise InputError(
                    "already-running",
                    "Another worker is at this job.",
                    expected="one worker at a time in a folder",
                    found=f"a running worker in {self.path.name}",
                    advice="Wait until it is done, or cancel it.",
                )
            self.manifest.remove_parts()
            yield

    def made_maps(self) -> list[Path]:
        """Return the files in `maps` that are ours."""
        return [self.path / name for name in self.manifest.names() if name.startswith(f"{self.maps.name}/")]

    def clear_outputs(self) -> None:
        """Remove what an earlier run of the job wrote after its fit, and the model."""
        self.manifest.remove([self.fit, self.model_weights, self.model_description])
        self.clear_answers()

    def clear_answers(self, wanted_maps: Collection[Path] = ()) -> None:
        """Remove what an earlier run of the job made of its model, except some maps of that same model."""
        tables = (self.valid, self.regions, self.trajectories, self.report, self.report_pdf)
        maps = [path for path in self.made_maps() if path not in wanted_maps]
        self.manifest.remove([self.results, *tables, *maps])

    def delete_inputs(self) -> None:
        """Remove the copies of the scans that a front put here."""
        inside = f"{self.inputs.name}/"
        self.manifest.remove(self.path / name for name in self.manifest.names() if name.startswith(inside))
        if self.inputs.is_dir() and not self.inputs.is_symlink() and not any(self.inputs.iterdir()):
            self.inputs.rmdir()

    def discard(self, *, keep_folder: bool = False) -> None:
        """Remove the job and everything it wrote, and the folder unless others have files in it."""
        if self.manifest.exists:
            self.manifest.remove_all()
        if not keep_folder and not any(self.path.iterdir()):
            self.path.rmdir()
        elif self._mode_before is not None:
            self.path.chmod(self._mode_before)

    def _take_if_empty(self) -> None:
        files.remove_parts(self.path, [MANIFEST])
        if any(self.path.iterdir()):
            raise InputError(
                "output-not-empty",
                f"The output folder {self.path.name} holds files that this program did not write.",
                expected="a folder that is new, empty, or holds a result of this program",
                found="a result of an older version" if self.of_older_version else _some_of(self.path),
                advice="Choose a new output folder"
                + ("; `resume` goes on with the older result." if self.of_older_version else "."),
            )
        self._mode_before = self.path.stat().st_mode & 0o7777
        self.path.chmod(0o700)
        self.manifest.start()


def read_json(path: Path) -> Any:
    """Read a JSON file of a job folder.

    Raises
    ------
    InputError
        The file is missing or is not JSON.
    """
    try:
        return parse_json(read_own_text(path, LARGEST_JSON_BYTES))
    except ValueError as error:
        raise InputError(
            "job-file-damaged",
            f"{path.name} is damaged.",
            expected="JSON",
            found=str(error),
            advice="Check that the folder is a result of this program; if it is damaged, run the fit again.",
        ) from error


def _is_free(path: Path, known: bool) -> bool:
    """Tell whether a worker may write there: there is nothing, or a plain file in a folder that is ours."""
    return not os.path.lexists(path) or (known and path.is_file() and not path.is_symlink())


def _some_of(folder: Path) -> str:
    names = sorted(entry.name for entry in folder.iterdir())
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
