"""The text of an NRRD header. Needs the standard library alone."""

from __future__ import annotations

from LongitudinalINRLib.imaging.formats.refusals import bad_header, not_an_image
from LongitudinalINRLib.imaging.formats.textheader import Lines, TextHeader, add_field, lines

_MAGIC_WORDS = tuple(f"NRRD000{version}" for version in range(1, 7))
_OTHER_NAMES = {
    "axismins": "axis mins",
    "byteskip": "byte skip",
    "centers": "centerings",
    "datafile": "data file",
    "lineskip": "line skip",
}


def read(file: Lines) -> TextHeader:
    """Read a header up to its last line; the voxels of an attached header come next.

    Raises
    ------
    InputError
        If this is not an NRRD header, or its voxels are spread over several files.
    """
    text = lines(file)
    magic = next(text, "")
    if magic not in _MAGIC_WORDS:
        raise not_an_image(file.name, "an NRRD file", f"a file that begins with {magic[:20]!r}")
    fields: dict[str, str] = {}
    ended = False
    for line in text:
        if not line:
            ended = True
            break
        _take(fields, line, file.name)
    data_file = fields.get("data file")
    if data_file is None and not ended:
        raise bad_header(file.name, "no empty line", "an empty line between header and voxels")
    if data_file is not None and (not data_file or data_file.startswith("LIST") or "%" in data_file):
        raise bad_header(file.name, f"data file: {data_file[:200]!r}", "the voxels in one file")
    return TextHeader(file.name, fields, data_file)


def _take(fields: dict[str, str], line: str, name: str) -> None:
    if line.startswith("#"):
        return
    field, colon, value = line.partition(":")
    if not colon:
        raise bad_header(name, repr(line[:200]), "lines of the form 'field: value'")
    if value.startswith("="):  # a note of whoever wrote the file
        return
    field = field.strip().lower()
    add_field(fields, _OTHER_NAMES.get(field, field), value.strip(), name)
