"""Which scanner made a scan, as its DICOM header or the BIDS file beside it says, and whether all are one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.folder import find_series
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.header_text import comparable
from LongitudinalINRLib.json_text import parse_json, read_own_text
from LongitudinalINRLib.words import NIFTI_SUFFIXES

LARGEST_SIDECAR_BYTES = 1_000_000


@dataclass(frozen=True)
class ScannerNames:
    """What a scan's header says about its scanner; empty where it says nothing."""

    serial_number: str = ""
    manufacturer: str = ""
    model: str = ""
    station: str = ""
    field_strength: str = ""
    software: str = ""

    @classmethod
    def from_texts(cls, values: Mapping[str, Any]) -> ScannerNames:
        """Make values comparable; numbers and texts are taken, all else and what was removed is nothing."""
        return cls(**{field.name: comparable(values.get(field.name)) for field in fields(cls)})


@dataclass(frozen=True)
class ScannerFinding:
    """Whether all scans are known to be of one scanner, and what says so; it names no scanner."""

    same: bool
    reason: str


_DICOM = {
    "serial_number": tags.DEVICE_SERIAL_NUMBER,
    "manufacturer": tags.MANUFACTURER,
    "model": tags.MODEL_NAME,
    "station": tags.STATION_NAME,
    "field_strength": tags.FIELD_STRENGTH,
    "software": tags.SOFTWARE_VERSIONS,
}
_BIDS = {
    "serial_number": "DeviceSerialNumber",
    "manufacturer": "Manufacturer",
    "model": "ManufacturersModelName",
    "station": "StationName",
    "field_strength": "MagneticFieldStrength",
    "software": "SoftwareVersions",
}


def scanner_of(path: Path) -> ScannerNames:
    """Return what a scan says about its scanner.

    Parameters
    ----------
    path : Path
        A DICOM series (see `dicom.place`), or a file. A NIfTI file may have a BIDS file (JSON) of its name
        beside it, which is passed over where it cannot be read.

    Raises
    ------
    InputError
        The folder does not hold one DICOM series.
    """
    if series_place(path):
        elements = find_series(path)[0][0].elements
        return ScannerNames.from_texts({name: elements.text(tag) for name, tag in _DICOM.items()})
    suffix = next((s for s in reversed(NIFTI_SUFFIXES) if path.name.lower().endswith(s)), None)
    if suffix is None:
        return ScannerNames()
    try:
        content = parse_json(
            read_own_text(path.with_name(path.name[: -len(suffix)] + ".json"), LARGEST_SIDECAR_BYTES)
        )
    except (InputError, ValueError):
        return ScannerNames()
    known = content if isinstance(content, dict) else {}
    return ScannerNames.from_texts({name: known.get(key) for name, key in _BIDS.items()})


def same_scanner(scanners: Mapping[str, ScannerNames]) -> ScannerFinding:
    """Tell whether scans are of one scanner.

    They are if all give one serial number, or none gives any and all one manufacturer, model and station.
    New software counts as another scanner: what an upgrade does to volumes is as large (Takao et al.,
    "Effects of the use of multiple scanners and of scanner upgrade in longitudinal voxel-based morphometry
    studies", JMRI 38(5), 2013).

    Parameters
    ----------
    scanners : mapping of str to ScannerNames
        By the name of the scan, the baseline first.
    """
    for name, said in (
        ("serial_number", "serial numbers"),
        ("manufacturer", "manufacturers"),
        ("model", "models"),
        ("station", "stations"),
        ("field_strength", "field strengths"),
        ("software", "software versions"),
    ):
        if len({value for value in _values(scanners, name) if value}) > 1:
            return ScannerFinding(False, f"the scans' headers name different {said}")
    if all(_values(scanners, "serial_number")):
        return ScannerFinding(True, "all scans' headers name one serial number")
    named = [all(_values(scanners, name)) for name in ("manufacturer", "model", "station")]
    if all(named) and not any(_values(scanners, "serial_number")):
        return ScannerFinding(True, "all scans' headers name one manufacturer, model and station")
    silent = [scan for scan, names in scanners.items() if not names.serial_number]
    return ScannerFinding(False, f"no header names the scanner of {', '.join(silent)}")


def _values(scanners: Mapping[str, ScannerNames], name: str) -> list[str]:
    return [getattr(names, name) for names in scanners.values()]
