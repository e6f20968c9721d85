"""Numeric sequences in months."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.background.steps import Steps

INDEX_UNIT = "months"
_MONTHS_PER_UNIT = {
    "months": 1.0,
    "month": 1.0,
    "mo": 1.0,
    "years": 12.0,
    "year": 12.0,
    "y": 12.0,
    "days": 1.0 / 30.4375,
    "day": 1.0 / 30.4375,
    "d": 1.0 / 30.4375,
}


class Fill(Protocol):
    """Puts the content of one month into a node."""

    def __call__(self, node: slicer.vtkMRMLNode) -> Steps[None]:
        """Change the node in place, in steps."""


def new_sequence(name: str, class_name: str, items: Iterable[tuple[float, Fill]]) -> Steps[Any]:
    """Make a sequence in steps, outside of every scene: who stops half-way leaves nothing behind.

    Each item is filled where it will stay, so that no voxel is copied.

    Parameters
    ----------
    name : str
        Name of the sequence and of what it shows.
    class_name : str
        Class of the items.
    items : iterable of (float, callable)
        Months, and what fills a node with that month's content.

    Returns
    -------
    vtkMRMLSequenceNode
    """
    sequence = slicer.vtkMRMLSequenceNode()
    sequence.SetName(name)
    sequence.SetIndexName("time")
    sequence.SetIndexUnit(INDEX_UNIT)
    sequence.SetIndexType(sequence.NumericIndex)
    for months, fill in items:
        blank = getattr(slicer, class_name)()
        blank.SetName(name)
        sequence.SetDataNodeAtValue(blank, index_value(months))
        yield from fill(sequence.GetDataNodeAtValue(index_value(months)))
    return sequence


def index_value(months: float) -> str:
    """Write months as the index value of a sequence; a sequence tells values apart by 0.001."""
    return f"{months:.10g}"


def months_of(sequence: slicer.vtkMRMLSequenceNode) -> tuple[float, ...]:
    """Return the months of a sequence's items, ascending.

    Raises
    ------
    InputError
        If the sequence is not indexed by a time that can be told in months.
    """
    factor = _MONTHS_PER_UNIT.get((sequence.GetIndexUnit() or "").strip().lower())
    if sequence.GetIndexType() != sequence.NumericIndex or factor is None:
        raise InputError(
            "sequence-not-in-months",
            f"The items of the sequence {sequence.GetName()} have no time in months.",
            expected="a numeric index in months, years or days",
            found=f"{sequence.GetIndexTypeAsString()} index in {sequence.GetIndexUnit() or 'no unit'}",
            advice="Type the months of each scan by hand.",
        )
    count = sequence.GetNumberOfDataNodes()
    return tuple(factor * float(sequence.GetNthIndexValue(index)) for index in range(count))
