"""The folder of an export: its objects, whose they are, and what they were made from.

``export.json`` is written last: with it, every object is there. The same export into the same folder again
makes nothing anew, so that its objects can be sent again under their own identity.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from LongitudinalINRLib import files
from LongitudinalINRLib.dicom_out.export import Made
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import parse_json, read_own_text
from LongitudinalINRLib.ownership import Manifest, sealed, unsealed

LARGEST_JSON_BYTES = 16_000_000


@dataclass(frozen=True)
class Stored:
    """An object in the folder: its file and what a PACS knows it by."""

    name: str
    sop_class: str
    sop_instance: str
    transfer_syntax: str


class OutputFolder:
    """A folder for the objects of one export.

    Parameters
    ----------
    path : Path
        New, empty, or that of an earlier export.

    Raises
    ------
    InputError
        It holds what no export wrote.
    """

    def __init__(self, path: Path):
        self.path = path.absolute()
        self.manifest = Manifest(self.path)
        self.account = self.path / "export.json"
        self.sent = self.path / "sent.json"
        self._refuse_others()

    def stored(self, key: str) -> list[Stored] | None:
        """Return the objects of an export that is there already; None where it is not, or not whole.

        Raises
        ------
        InputError
            The folder holds another export.
        """
        content = self._account()
        if content is None:
            return None
        if content["key"] != key:
            raise InputError(
                "output-other-export",
                f"{self.path.name} holds the DICOM objects of another result, series or setting.",
                expected="a new folder, or the one of this very export",
                found=f"an export of {len(content['objects'])} objects",
                advice="Choose another --output.",
            )
        stored = [Stored(**item) for item in content["objects"]]
        harmed = [item.name for item in stored if self.manifest.state(self.path / item.name) != "ours"]
        if harmed:
            raise InputError(
                "output-damaged",
                f"Objects in {self.path.name} are not as they were written.",
                expected="every file as it was",
                found=", ".join(harmed[:3]) + (f" and {len(harmed) - 3} more" if len(harmed) > 3 else ""),
                advice="Export into a new folder.",
            )
        return stored

    def write(self, key: str, objects: Iterable[Made], about: dict[str, Any]) -> list[Stored]:
        """Write objects, and then that they are all there.

        Parameters
        ----------
        key : str
            Of the export.
        objects : iterable of Made
            Made one after the other.
        about : dict
            What else is recorded.

        Raises
        ------
        InputError
            An object cannot be made or written; none is left then.
        """
        self._start()
        try:
            stored = [self._written(made) for made in objects]
        except BaseException:
            self.manifest.remove_all()
            raise
        content = {"key": key, **about, "objects": [asdict(item) for item in stored]}
        self.manifest.write_bytes(self.account, files.json_text(sealed(content)).encode())
        return stored

    def _written(self, made: Made) -> Stored:
        path = self.path / made.name
        files.make_folder(path.parent, 0o700)
        with self.manifest.writing(path) as part:
            made.dataset.save_as(part, enforce_file_format=True)
        syntax = made.dataset.file_meta.TransferSyntaxUID
        return Stored(made.name, str(made.dataset.SOPClassUID), str(made.dataset.SOPInstanceUID), str(syntax))

    def _start(self) -> None:
        if self.manifest.exists:
            self.manifest.remove_all()  # an export that was interrupted
        files.make_folder(self.path, 0o700)
        self.manifest.start()

    def _account(self) -> dict[str, Any] | None:
        if not self.account.exists():
            return None
        try:
            return unsealed(parse_json(read_own_text(self.account, LARGEST_JSON_BYTES)))
        except ValueError as error:
            raise InputError(
                "job-file-damaged",
                f"{self.account.name} is damaged.",
                expected="what an export wrote",
                found=str(error),
                advice="Export into a new folder.",
            ) from error

    def _refuse_others(self) -> None:
        if not self.path.exists():
            return
        what = ""
        if not self.path.is_dir():
            what = "a file"
        elif (self.path / "request.json").exists():
            what = "a result, or a job"
        elif not self.manifest.exists and any(self.path.iterdir()):
            what = "files that no export wrote"
        if what:
            raise InputError(
                "output-not-empty",
                f"{self.path.name} cannot take an export.",
                expected="a folder that is new, empty, or holds an earlier run of this export",
                found=what,
                advice="Choose a new folder for --output.",
            )


def key_of(parts: dict[str, Any]) -> str:
    """Return what tells one export from another."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
