"""The rows of the scan table in the scene.

The volumes are references of the parameter node, read when they are wanted. A parameter of type list would
be read once, when the node changes: while a scene is loaded that is before its volumes are there, and after a
volume was removed it would still be in the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import slicer

from LongitudinalINRModule.scans.scan_rows import ScanRow

if TYPE_CHECKING:
    from LongitudinalINRModule.settings.parameters import Parameters


def stored_rows(parameters: Parameters) -> list[ScanRow]:
    """Return the rows that a parameter node keeps; a row whose volume has left the scene has none."""
    node = parameters.parameterNode
    return [
        ScanRow(node.GetNodeReference(_role(index)), text) for index, text in enumerate(parameters.scanMonths)
    ]


def store_rows(parameters: Parameters, rows: Sequence[ScanRow]) -> None:
    """Keep these rows in place of those before, as one change of the node."""
    node = parameters.parameterNode
    with slicer.util.NodeModify(node):
        for index in range(len(rows), len(parameters.scanMonths)):
            node.RemoveNodeReferenceIDs(_role(index))
        for index, row in enumerate(rows):
            node.SetNodeReferenceID(_role(index), None if row.volume is None else row.volume.GetID())
        parameters.scanMonths = [row.text for row in rows]


def _role(index: int) -> str:
    return f"scanVolume{index}"
