"""What NRRD and MetaImage headers have in common: lines of text, of a length that is bounded.

Needs the standard library alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from LongitudinalINRLib.imaging.formats.refusals import bad_header

MOST_HEADER_BYTES = 1 << 20


class Lines(Protocol):
    """A file with a name from which lines can be read."""

    name: str

    def readline(self, most: int) -> bytes:
        """Return the bytes up to and with the next line end, at most so many."""
        ...


@dataclass(frozen=True)
class TextHeader:
    """The fields of a header, and where the voxels are.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    fields : dict of str to str
        Values by the names of their fields.
    data_file : str or None
        Name of the file with the voxels; none if they follow the header.
    """

    name: str
    fields: dict[str, str]
    data_file: str | None

    def word(self, field: str, default: str | None = None) -> str:
        """Return the text of a field, refusing a header without it unless there is a default."""
        value = self.fields.get(field, default)
        if value is None:
            raise bad_header(self.name, f"no field {field!r}", f"the field {field!r}")
        return value

    def whole_number(self, field: str, default: str | None = None) -> int:
        """Return the one whole number of a field."""
        (number,) = self.whole_numbers(field, 1, default)
        return number

    def whole_numbers(self, field: str, count: int, default: str | None = None) -> tuple[int, ...]:
        """Return so many whole numbers of a field."""
        return tuple(int(number) for number in self.numbers(field, count, default, kind=int))

    def numbers(
        self, field: str, count: int, default: str | None = None, kind: type[int] | type[float] = float
    ) -> tuple[float, ...]:
        """Return so many numbers of a field."""
        text = self.word(field, default)
        try:
            found = tuple(kind(word) for word in text.split())
        except ValueError:
            found = ()
        if len(found) != count:
            numbers = "whole number" if kind is int else "number"
            raise self.refused(field, f"{count} {numbers}{'s' if count > 1 else ''}")
        return found

    def refused(self, field: str, expected: str) -> Exception:
        """Return the refusal of a field's value."""
        return bad_header(
            self.name, f"{field}: {self.fields.get(field, '')[:200]!r}", f"{expected} in the field {field!r}"
        )


def lines(file: Lines) -> Iterator[str]:
    """Give the lines of a header without their ends; the caller stops at the last one.

    Raises
    ------
    InputError
        If the header does not end within a sensible length.
    """
    left = MOST_HEADER_BYTES
    while line := file.readline(left):
        left -= len(line)
        if left <= 0:
            raise bad_header(file.name, f"more than {MOST_HEADER_BYTES} bytes of text", "a short header")
        yield line.decode("latin-1").rstrip("\r\n")


def add_field(fields: dict[str, str], field: str, value: str, name: str) -> None:
    """Take a field, refusing one that is said twice and differently: readers differ in which they believe."""
    if fields.get(field, value) != value:
        raise bad_header(name, f"the field {field[:200]!r} twice", "every field once")
    fields[field] = value
