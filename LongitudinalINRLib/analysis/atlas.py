"""Names, colours and left-right partners of the FreeSurfer segmentation labels.

``freesurfer.csv`` holds the labels that ``aseg`` and ``aparc+aseg`` use, numbered, named and coloured as in
FreeSurfer's own colour table, so that results can be joined with FreeSurfer's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BRAIN_LABEL = 0
"""Number of the row that stands for the whole mask; segmentations keep 0 for the background."""

BRAIN_NAME = "brain"

TISSUE_LABEL = -1
"""Number of the row that stands for all brain tissue, which no segmentation uses."""

TISSUE_NAME = "brain tissue"

_SPELLED_OUT = {
    "ctx-lh-": "Left cortex, ",
    "ctx-rh-": "Right cortex, ",
    "CC_": "Corpus callosum, ",
    "Inf-Lat-Vent": "inferior-lateral-ventricle",
    "VentralDC": "ventral-DC",
    "non-WM": "Non-WM",
}
_SIDES = (("Left-", "Right-"), ("ctx-lh-", "ctx-rh-"))


@dataclass(frozen=True)
class Region:
    """One entry of the label table.

    Parameters
    ----------
    label : int
        Number in the segmentation.
    name : str
        FreeSurfer's name, or ``label 123`` for a number that is not in the table.
    colour : tuple of int
        Red, green and blue, 0 to 255.
    """

    label: int
    name: str
    colour: tuple[int, int, int]


def region_of(label: int) -> Region:
    """Return the name and colour of a label; unknown numbers are called ``label 123`` and drawn grey."""
    return _table().get(label, Region(label, unknown_name(label), (128, 128, 128)))


def freesurfer_names() -> dict[int, str]:
    """Return FreeSurfer's names of all labels in the table."""
    return {
        label: region.name for label, region in _table().items() if label not in (BRAIN_LABEL, TISSUE_LABEL)
    }


def unknown_name(label: int) -> str:
    """Return what a label is called that is not in the table."""
    return f"label {label}"


def right_partner(label: int) -> int | None:
    """Return the label of the same structure on the right, or None if this is not a left structure."""
    return _right_partners().get(label)


def display_name(label: int, name: str) -> str:
    """Return a name for people: ``Left-Lateral-Ventricle`` reads ``Left lateral ventricle``.

    A name that is not FreeSurfer's was chosen by a person and stays as it is; one that is may have another
    number, as segments have.
    """
    if label == BRAIN_LABEL:
        return "Whole mask"
    if label == TISSUE_LABEL:
        return "Brain tissue"
    if name not in _names():
        return name
    for abbreviation, meaning in _SPELLED_OUT.items():
        name = name.replace(abbreviation, meaning)
    words = name.replace("_", " ").replace("-", " ").split()
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])


@cache
def _names() -> frozenset[str]:
    return frozenset(region.name for region in _table().values())


@cache
def _table() -> dict[int, Region]:
    text = files("LongitudinalINRLib.analysis").joinpath("freesurfer.csv").read_text(encoding="utf-8")
    regions = [
        Region(int(row["label"]), row["name"], (int(row["red"]), int(row["green"]), int(row["blue"])))
        for row in csv.DictReader(text.splitlines())
    ]
    brain = Region(BRAIN_LABEL, BRAIN_NAME, (70, 70, 70))
    tissue = Region(TISSUE_LABEL, TISSUE_NAME, (150, 105, 95))
    return {region.label: region for region in [brain, tissue, *regions]}


@cache
def _right_partners() -> dict[int, int]:
    number = {region.name: region.label for region in _table().values()}
    partners = {}
    for name, label in number.items():
        for left, right in _SIDES:
            partner = number.get(right + name.removeprefix(left)) if name.startswith(left) else None
            if partner is not None:
                partners[label] = partner
    return partners
