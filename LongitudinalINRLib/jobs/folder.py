"""The folder of a job: the names of what is in it, and writing that never leaves half a file.

Needs the standard library alone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import PART, remove
from LongitudinalINRLib.lock import held, hold

State = Literal["empty", "running", "unfinished", "finished"]


class JobFolder:
    """Where a job is asked for, worked on and answered.

    Parameters
    ----------
    path : str or Path
        The folder; it need not exist yet.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path).absolute()
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
        self.model_weights = self.path / "model.safetensors"
        self.model_description = self.path / "model.json"
        self.fit = self.path / "fit.json"
        self.maps = self.path / "maps"
        self.regions = self.path / "regions.csv"
        self.trajectories = self.path / "trajectories.csv"
        self.report = self.path / "report.html"
        self.results = self.path / "results.json"

    @property
    def state(self) -> State:
        """Whether there is a job, whether a worker is at it, and whether it is finished."""
        if not self.request.exists():
            return "empty"
        if held(self.lock):
            return "running"
        return "finished" if self.results.exists() else "unfinished"

    def create(self) -> bool:
        """Make the folder, readable by its owner alone; tell whether it was not there before.

        Raises
        ------
        InputError
            The folder cannot be made, or is a file.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self.path.exists()
            self.path.mkdir(mode=0o700, exist_ok=True)
            if not any(self.path.iterdir()):
                self.path.chmod(0o700)
        except OSError as error:
            raise InputError(
                "output-unwritable",
                "The output folder cannot be made.",
                expected="a folder that may be written",
                found=error.strerror or str(error),
                advice="Choose another output folder.",
            ) from error
        return fresh

    def resolve(self, path: str) -> Path:
        """Return where a path of the request lies: absolute, or relative to the folder."""
        return self.path / path

    def results_written(self) -> dict[str, list[str]]:
        """Return the paths of the results by kind, relative to the folder, once the job is done."""
        results: dict[str, list[str]] = read_json(self.results)["results"]
        return results

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
        with hold(self.lock) as got:
            if not got:
                raise InputError(
                    "already-running",
                    "Another worker is at this job.",
                    expected="one worker at a time in a folder",
                    found=f"a running worker in {self.path.name}",
                    advice="Wait until it is done, or cancel it.",
                )
            self._remove_parts()
            yield

    def clear_outputs(self) -> None:
        """Remove what an earlier run of the job wrote after its fit, and the model."""
        self.results.unlink(missing_ok=True)
        for path in (self.fit, self.model_weights, self.model_description):
            path.unlink(missing_ok=True)
        for path in (self.valid, self.regions, self.trajectories, self.report):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.maps, ignore_errors=True)

    def delete_inputs(self) -> None:
        """Remove the copies of the scans that a front put here."""
        shutil.rmtree(self.inputs, ignore_errors=True)

    def discard(self, *, keep_folder: bool = False) -> None:
        """Remove the job and everything it made, and the folder unless others have files in it."""
        self.clear_outputs()
        self.delete_inputs()
        for path in (self.request, self.identity, self.alignment, self.mask, self.checkpoint):
            path.unlink(missing_ok=True)
        for path in (self.cancel, self.log, self.lock):
            path.unlink(missing_ok=True)
        if not keep_folder and not any(self.path.iterdir()):
            self.path.rmdir()

    def _remove_parts(self) -> None:
        for folder in (self.path, self.maps):
            for part in folder.glob(f"{PART}*"):
                remove(part)


def read_json(path: Path) -> Any:
    """Read a JSON file of a job folder.

    Raises
    ------
    InputError
        The file is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "job-file-unreadable",
            f"{path.name} of the job folder cannot be read.",
            expected=f"the {path.name} that a worker or a front wrote",
            found="no such file" if isinstance(error, FileNotFoundError) else str(error),
            advice="Check that the folder is a result of this program; if it is damaged, run the fit again.",
        ) from error
