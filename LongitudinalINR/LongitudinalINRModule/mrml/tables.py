"""Table nodes with typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray
from vtk.util import numpy_support

Column = Sequence[str] | Sequence[int] | Sequence[float] | NDArray[np.generic]
"""Text, whole numbers or numbers."""
_TYPES = {"U": vtk.VTK_STRING, "i": vtk.VTK_INT, "f": vtk.VTK_DOUBLE}


def fill_table(node: slicer.vtkMRMLTableNode, columns: Mapping[str, Column]) -> None:
    """Replace what a table holds, with one modified event; the types survive saving.

    Parameters
    ----------
    node : vtkMRMLTableNode
        Changed in place.
    columns : mapping of str to sequence
        Equally long; text, whole numbers or numbers.
    """
    with slicer.util.NodeModify(node):
        node.RemoveAllColumns()
        node.SetUseColumnTitleAsColumnHeader(True)
        for name, values in columns.items():
            array = np.asarray(values)
            column = _text(array.tolist()) if array.dtype.kind == "U" else _numbers(array)
            column.SetName(name)
            node.AddColumn(column)
            node.SetColumnType(name, _TYPES[array.dtype.kind])
        node.GetTable().Modified()


def numbers_of(node: slicer.vtkMRMLNode, name: str) -> NDArray[np.float64]:
    """Return a column of numbers; empty cells are NaN.

    Raises
    ------
    KeyError
        If the table has no such column.
    """
    column = _column(node, name)
    if column.IsNumeric():
        return numpy_support.vtk_to_numpy(column).astype(np.float64)
    texts = [column.GetVariantValue(row).ToString() for row in range(node.GetNumberOfRows())]
    return np.array([float(text) if text else np.nan for text in texts])


def texts_of(node: slicer.vtkMRMLNode, name: str) -> list[str]:
    """Return a column of text.

    Raises
    ------
    KeyError
        If the table has no such column.
    """
    column = _column(node, name)
    return [column.GetVariantValue(row).ToString() for row in range(node.GetNumberOfRows())]


def has_column(node: slicer.vtkMRMLNode, name: str) -> bool:
    """Tell whether a table has a column."""
    return node.GetTable().GetColumnByName(name) is not None


def _column(node: slicer.vtkMRMLNode, name: str) -> vtk.vtkAbstractArray:
    column = node.GetTable().GetColumnByName(name)
    if column is None:
        raise KeyError(f"The table {node.GetName()} has no column {name}.")
    return column


def _text(values: Iterable[str]) -> vtk.vtkStringArray:
    column = vtk.vtkStringArray()
    for value in values:
        column.InsertNextValue(value)
    return column


def _numbers(array: NDArray[np.generic]) -> vtk.vtkDataArray:
    kind = np.int32 if array.dtype.kind == "i" else np.float64
    return numpy_support.numpy_to_vtk(np.ascontiguousarray(array, dtype=kind), deep=True)
