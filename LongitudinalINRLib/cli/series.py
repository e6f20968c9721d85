"""`scans`: what there is in folders of DICOM files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from LongitudinalINRLib.cli.options import AsJson
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import one_line

if TYPE_CHECKING:
    from LongitudinalINRLib.imaging.dicom.catalogue import Catalogue, SeriesEntry


def scans(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Holds DICOM files, in subfolders too.")],
    as_json: AsJson = False,
) -> None:
    """List the series in a folder of DICOM files, by the numbers that fit takes behind a #."""
    with outcome(as_json):
        from LongitudinalINRLib.imaging.dicom.catalogue import catalogue
        from LongitudinalINRLib.imaging.dicom.choice import listed

        if not folder.is_dir():
            raise InputError(
                "no-folder",
                f"{folder.name} is not a folder.",
                expected="a folder of DICOM files",
                found="a file" if folder.exists() else "nothing at this path",
                advice="Give the folder that was exported from the archive, or the folder above it.",
            )
        found = catalogue(folder)
        if as_json:
            print_json({"series": [_values(entry) for entry in found.series], "damaged_files": found.harmed})
            return
        for entry in found.series:
            print_line(("* " if entry.qualifies else "  ") + one_line(listed(entry)))
        if found.harmed:
            print_warning(f"{found.harmed} files are damaged, or named like DICOM files and are none.")
        print_line(_advice(folder, found))


def _advice(folder: Path, found: Catalogue) -> str:
    if not found.series:
        return "There is no DICOM series in this folder or below it."
    starred = [entry for entry in found.series if entry.qualifies]
    if len(starred) == 1:
        return "fit takes the series with the star, unless another is named: FOLDER#NUMBER or FOLDER#UID."
    if not starred:
        return "None is known to be a 3D T1-weighted scan; name one for fit: FOLDER#NUMBER or FOLDER#UID."
    return f"Name one for fit, for example: {one_line(str(folder))}#{found.name_of(starred[0])}"


def _values(entry: SeriesEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "description": entry.description,
        "kind": entry.kind,
        "images": entry.images,
        "spacing_mm": entry.spacing_mm,
        "date": entry.date.day.isoformat() if entry.date.day else None,
        "dates_changed": entry.date.changed or None,
        "uid": entry.uid,
        "qualifies": entry.qualifies,
    }
