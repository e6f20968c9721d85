"""The child process that writes a result as DICOM objects, and sends them."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slicer

from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.background.child_process import ChildProcess
from LongitudinalINRModule.background.python_process import slicer_python
from LongitudinalINRModule.scans.scan_export import volume_of

_PACS = "The PACS"


@dataclass(frozen=True)
class DicomOrder:
    """What is to be exported.

    Parameters
    ----------
    result, output : Path
        The job's folder, and where the objects go.
    baseline, follow_up : Path, optional
        The folders of the baseline's series and of the latest follow-up's, whose study they go into; without
        them those that the fit was made from.
    same_person : bool
        Whether series whose patients differ are stated to be of one person.
    store : str
        The PACS, ``TITLE@host:port``; empty for none.
    """

    result: Path
    output: Path
    baseline: Path | None = None
    follow_up: Path | None = None
    same_person: bool = False
    store: str = ""

    def to_json(self, labels: Path | None) -> str:
        """Return what the worker reads, with the file of the segmentation."""
        wanted: dict[str, Any] = {
            "result": str(self.result),
            "output": str(self.output),
            "follow_ups": [str(self.follow_up)] if self.follow_up else [],
            "same_person": self.same_person,
        }
        wanted |= {"baseline": str(self.baseline)} if self.baseline else {}
        wanted |= {"labels": str(labels)} if labels else {}
        return json.dumps(wanted | ({"store": self.store} if self.store else {}))


class DicomProcess:
    """Writes and sends; its log lies in a folder of its own, which `close` deletes.

    Parameters
    ----------
    order : DicomOrder
        What is to be done.
    labels : node, optional
        Label map of the result's regions: the job has deleted its own copy of the segmentation.

    Raises
    ------
    InputError
        The label map cannot be written, or Slicer's Python was not found.
    """

    def __init__(self, order: DicomOrder, labels: slicer.vtkMRMLLabelMapVolumeNode | None):
        from LongitudinalINRLib.imaging.writing import write_volume

        self._order = order
        self._place = Path(tempfile.mkdtemp(prefix="dicom-", dir=slicer.app.temporaryPath))
        file = None if labels is None else self._place / "labels.nii.gz"
        if labels is not None and file is not None:
            write_volume(volume_of(labels), file)
        command = [slicer_python(), "-m", "LongitudinalINRLib.dicom_out.worker", order.to_json(file)]
        self._process = ChildProcess(command, self._place / "dicom.log")

    @property
    def running(self) -> bool:
        """Whether it is still at it."""
        return self._process.exit_code is None

    def answer(self) -> str:
        """Say how it ended, once it has.

        Raises
        ------
        LongitudinalError
            It failed, with what the worker said of it.
        """
        lines = self._process.log.strip().splitlines()
        try:
            content = json.loads(lines[-1])
        except (IndexError, ValueError):
            content = {}
        if self._process.exit_code == 0 and isinstance(content.get("objects"), int):
            return self._told(content)
        store = self._order.store or _PACS  # an address is too long a word for a narrow panel
        raise LongitudinalError(
            str(content.get("code", "dicom-failed")),
            str(content.get("message", "The DICOM objects could not be written.")).replace(store, _PACS),
            found=str(content.get("found", lines[-1] if lines else "no answer")),
            advice=str(content.get("advice", "Try it on the command line: longitudinal-inr dicom.")),
        )

    def close(self) -> None:
        """End it if it still runs, and delete its log."""
        self._process.end()
        shutil.rmtree(self._place, ignore_errors=True)

    def _told(self, content: dict[str, Any]) -> str:
        parts = [f"Wrote {content['objects']} DICOM objects into {self._order.output.name}."]
        for count in content["sent"].values():
            parts.append(f"{_PACS} took {count}." if count else f"{_PACS} has all of them already.")
        return " ".join([*parts, *content["said"]])
