"""The values of DICOM elements. Needs the standard library alone."""

from __future__ import annotations

import math
import struct

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags


class Elements:
    """Those elements of a data set, or of an item of a sequence, that are asked for here."""

    def __init__(self, file_name: str, order: str):
        self.values: dict[int, bytes] = {}
        self.sequences: dict[int, list[Elements]] = {}
        self._file_name = file_name
        self._order = order

    def text(self, tag: int) -> str:
        """Return a text, empty where the element is missing."""
        return self.values.get(tag, b"").decode("latin-1").strip(" \0")

    def words(self, tag: int) -> str:
        """Return a text for people, in the file's character set where that is UTF-8, else as Latin-1."""
        value = self.values.get(tag, b"")
        coding = "utf-8" if "ISO_IR 192" in self.text(tags.CHARACTER_SET) else "latin-1"
        return value.decode(coding, errors="replace").strip(" \0")

    def decimals(self, tag: int) -> tuple[float, ...]:
        """Return numbers written as text; none where the element is missing or empty."""
        text = self.text(tag)
        try:
            numbers = tuple(float(part) for part in text.split("\\")) if text else ()
        except ValueError:
            numbers = (math.nan,)
        return self._finite(numbers, tag)

    def double(self, tag: int) -> float | None:
        """Return a binary floating point number."""
        value = self.values.get(tag)
        return None if not value else self._finite(self._unpacked("d", value, tag), tag)[0]

    def integer(self, tag: int) -> int | None:
        """Return a binary whole number of two or four bytes."""
        value = self.values.get(tag)
        return None if not value else int(self._unpacked("I" if len(value) == 4 else "H", value, tag)[0])

    def inner(self, tag: int) -> Elements:
        """Return the first item of a sequence, one without elements where there is none."""
        items = self.sequences.get(tag)
        return items[0] if items else Elements(self._file_name, self._order)

    def _unpacked(self, kind: str, value: bytes, tag: int) -> tuple[float, ...]:
        try:
            return struct.unpack(self._order + kind, value)
        except struct.error as error:
            raise damaged(self._file_name, f"{len(value)} bytes in {tags.described(tag)}") from error

    def _finite(self, numbers: tuple[float, ...], tag: int) -> tuple[float, ...]:
        if not all(math.isfinite(number) for number in numbers):
            raise damaged(self._file_name, f"no finite number in {tags.described(tag)}")
        return numbers


def damaged(file_name: str, found: str) -> InputError:
    """Return the error of a file whose header cannot be believed."""
    return InputError(
        "dicom-damaged",
        f"{file_name} is a damaged DICOM file.",
        expected="a whole DICOM file",
        found=found,
        advice="Copy or export the series again.",
    )
