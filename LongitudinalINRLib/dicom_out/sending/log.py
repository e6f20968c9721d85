"""Which PACS took which object: ``sent.json``, written after every one of them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from LongitudinalINRLib import files
from LongitudinalINRLib.dicom_out.output import LARGEST_JSON_BYTES, OutputFolder, Stored
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import parse_json, read_own_text
from LongitudinalINRLib.ownership import sealed, unsealed


class SendLog:
    """What one destination has taken from a folder.

    Parameters
    ----------
    folder : OutputFolder
        The objects.
    destination : str
        As it was given; it holds no credential.

    Raises
    ------
    InputError
        The log is damaged.
    """

    def __init__(self, folder: OutputFolder, destination: str):
        self._folder, self._destination = folder, destination
        self._content = self._read()
        self._taken: dict[str, str] = self._content["destinations"].setdefault(destination, {})

    def missing(self, stored: list[Stored]) -> list[Stored]:
        """Return those objects that the destination has not taken yet."""
        return [item for item in stored if item.sop_instance not in self._taken]

    def taken(self, item: Stored) -> None:
        """Note on the disk that the destination took an object."""
        self._taken[item.sop_instance] = datetime.now(timezone.utc).isoformat(timespec="seconds")
        content = files.json_text(sealed(self._content)).encode()
        self._folder.manifest.write_bytes(self._folder.sent, content)

    def _read(self) -> dict[str, Any]:
        path = self._folder.sent
        if not path.exists():
            return {"destinations": {}}
        try:
            content = unsealed(parse_json(read_own_text(path, LARGEST_JSON_BYTES)))
        except ValueError as error:
            raise InputError(
                "job-file-damaged",
                f"{path.name} is damaged: what was sent is not known.",
                expected="the log that an earlier run wrote",
                found=str(error),
                advice="Remove it, and everything is sent again; a PACS takes the same object twice.",
            ) from error
        return {"destinations": content["destinations"]}
