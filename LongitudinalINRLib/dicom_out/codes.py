"""Codes of structures and measurements: SNOMED CT as DICOM uses it, this program's own where there is none.

``structures.csv`` holds FreeSurfer's names without their side, and the concept of the DICOM context group
that is named beside it (PS3.16; CID 7140 "Brain Structure for Volumetric Measurement", CID 7153 "CNS
Segmentation Types", CID 7151 "Segmentation Property Types").
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydicom import Dataset
from pydicom.sr.coding import Code

SCHEME = "99LONGINR"
LEFT, RIGHT = Code("7771000", "SCT", "Left"), Code("24028007", "SCT", "Right")

ANATOMICAL_STRUCTURE = Code("123037004", "SCT", "Anatomical Structure")
BRAIN = Code("12738006", "SCT", "Brain")
BRAIN_MRI = Code("24590-2", "LN", "Brain MRI")

JACOBIAN = Code("JACOBIAN", SCHEME, "Jacobian determinant of the deformation since the baseline")
VOLUME = Code("118565006", "SCT", "Volume")
BASELINE_VOLUME = Code("BASELINEVOLUME", SCHEME, "Volume at the baseline")
VOLUME_CHANGE = Code("VOLUMECHANGE", SCHEME, "Volume change since the baseline")
HALF_INTERVAL = Code("HALFINTERVAL90", SCHEME, "Half-width of the 90 % interval of the volume change")
ANNUAL_CHANGE = Code("ANNUALCHANGE", SCHEME, "Mean volume change a year since the baseline")
OUTLINES = Code("REGIONOUTLINES", SCHEME, "Where the outlines of the region come from")
APPROXIMATE = Code("APPROXIMATE", SCHEME, "Approximate: carried over from an average brain")
ALGORITHM = Code("INR", SCHEME, "Implicit neural representation of a deformation")

PROCESSING = Code("109102", "DCM", "Processing Equipment")
SOURCE_IMAGE = Code("121322", "DCM", "Source image for image processing operation")

RATIO = Code("1", "UCUM", "no units")
MILLILITRE = Code("ml", "UCUM", "ml")
PERCENT = Code("%", "UCUM", "%")
PERCENT_PER_YEAR = Code("%/a", "UCUM", "%/a")
MONTH = Code("mo", "UCUM", "month")

_SIDES = {"Left-": LEFT, "Right-": RIGHT, "ctx-lh-": LEFT, "ctx-rh-": RIGHT}
_CORTEX = ("ctx-lh-", "ctx-rh-")


@dataclass(frozen=True)
class Structure:
    """What a region is, for machines.

    Parameters
    ----------
    code : Code
        The structure, without its side.
    side : Code or None
        Left or right, where the name tells.
    """

    code: Code
    side: Code | None


def structure_of(name: str) -> Structure:
    """Return the code of a region by its FreeSurfer name; one of our own for any other name."""
    if name == "brain":
        return Structure(BRAIN, None)
    prefix = next((side for side in _SIDES if name.startswith(side)), "")
    stem = name.removeprefix(prefix)
    known = _table().get("ctx-" + stem if prefix in _CORTEX else stem)
    if known is not None:
        return Structure(known, _SIDES.get(prefix))
    return Structure(_own(name), _SIDES.get(prefix))


def coded(value: str, scheme: str, meaning: str) -> Dataset:
    """Return an item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def item_of(code: Code) -> Dataset:
    """Return a code as an item of a code sequence."""
    return coded(code.value, code.scheme_designator, code.meaning)


def private_scheme() -> Dataset:
    """Return what an object says about the coding scheme of this program."""
    item = Dataset()
    item.CodingSchemeDesignator = SCHEME
    item.CodingSchemeName = "LongitudinalINR"
    item.CodingSchemeResponsibleOrganization = "LongitudinalINR"
    return item


def _own(name: str) -> Code:
    """Return a code for a name: always the same for the same name, 16 characters at most."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:12].upper()
    return Code(f"R{digest}", SCHEME, name[:64] or "region")


@cache
def _table() -> dict[str, Code]:
    text = files("LongitudinalINRLib.dicom_out").joinpath("structures.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Code(row["value"], row["scheme"], row["meaning"])
        for row in csv.DictReader(text.splitlines())
    }
