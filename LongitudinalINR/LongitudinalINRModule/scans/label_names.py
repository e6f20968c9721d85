"""What a segmentation or label map itself calls its regions; nothing where it only numbers them."""

from __future__ import annotations

import re

import slicer
import vtk

_UNNAMED = re.compile(r"(segment[ _]?\d*)?", re.IGNORECASE)
_MEANS_ANYTHING = "Tissue"
_TYPE, _MODIFIER = 2, 3


def segment_name(segment: slicer.vtkSegment) -> str:
    """Return a segment's name; where it has only the one that Slicer made up, what its terminology says.

    Parameters
    ----------
    segment : vtkSegment
        Its terminology is told where it means more than any tissue.
    """
    name = segment.GetName() or ""
    if not _UNNAMED.fullmatch(name.strip()):
        return str(name)
    return _meaning(segment) or str(name)


def label_name(label: int, colours: slicer.vtkMRMLColorNode) -> str:
    """Return the name that a table of colours gives to a label; empty where it gives none.

    Parameters
    ----------
    label : int
        Its number.
    colours : vtkMRMLColorNode
        Tables that Slicer shows label maps in by default name colours, or repeat the numbers.
    """
    if not colours.IsA("vtkMRMLColorTableNode") or colours.GetType() not in (colours.File, colours.User):
        return ""
    name = (colours.GetColorName(label) or "").strip()
    return "" if name == str(label) else name


def _meaning(segment: slicer.vtkSegment) -> str:
    """Return type and modifier of a segment's terminology, for example "Hippocampus, left"."""
    entry = vtk.reference("")
    segment.GetTag(segment.GetTerminologyEntryTagName(), entry)
    parts = [part.split("^")[-1].strip() for part in str(entry).split("~")]
    if len(parts) <= _MODIFIER or parts[_TYPE] in ("", _MEANS_ANYTHING):
        return ""
    return ", ".join(filter(None, [parts[_TYPE], parts[_MODIFIER].lower()]))
