"""The text of a MetaImage header. Needs the standard library alone."""

from __future__ import annotations

from LongitudinalINRLib.imaging.formats.refusals import bad_header, not_an_image
from LongitudinalINRLib.imaging.formats.textheader import Lines, TextHeader, add_field, lines

_LAST_FIELD = "ElementDataFile"
_OTHER_NAMES = {
    "BinaryDataByteOrderMSB": "ElementByteOrderMSB",
    "Orientation": "TransformMatrix",
    "Rotation": "TransformMatrix",
    "Origin": "Offset",
    "Position": "Offset",
}


def read(file: Lines) -> TextHeader:
    """Read a header up to its last line; the voxels of a local header come next.

    Raises
    ------
    InputError
        If this is not a MetaImage header, or its voxels are spread over several files.
    """
    fields: dict[str, str] = {}
    for line in lines(file):
        if not line.strip() and fields:
            continue
        field, equals, value = line.partition("=")
        field = field.strip()
        if not equals or not field.isprintable() or not (fields or field.isidentifier()):
            break  # notes of whoever wrote the file may come under any name
        add_field(fields, _OTHER_NAMES.get(field, field), value.strip(), file.name)
        if field == _LAST_FIELD:
            break
    if not fields:
        raise not_an_image(file.name, "a MetaImage file", "no line of the form 'Field = value'")
    data_file = fields.get(_LAST_FIELD)
    if data_file is None:
        raise bad_header(file.name, f"no field {_LAST_FIELD!r}", "lines of the form 'Field = value'")
    if not data_file or data_file.startswith("LIST") or "%" in data_file:
        raise bad_header(file.name, f"{_LAST_FIELD} = {data_file[:200]!r}", "the voxels in one file")
    return TextHeader(file.name, fields, None if data_file.upper() == "LOCAL" else data_file)
