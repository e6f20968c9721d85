"""Charts over months in which what was observed and what is extrapolated look different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import slicer
from numpy.typing import NDArray

from LongitudinalINRModule.mrml.colour import Colour
from LongitudinalINRModule.mrml.roles import ensure_node, find_node
from LongitudinalINRModule.mrml.tables import fill_table

MONTHS = "Months since baseline"


@dataclass(frozen=True)
class TimeCurve:
    """One course over time.

    Parameters
    ----------
    name : str
        What the legend says.
    values : ndarray, shape (M,)
        At the chart's months.
    colour : tuple of float
        Red, green and blue, 0 to 1.
    interval : ndarray, shape (M,), optional
        How far the values may be off, to either side.
    """

    name: str
    values: NDArray[np.float64]
    colour: Colour
    interval: NDArray[np.float64] | None = None


def update_chart(
    scene: slicer.vtkMRMLScene,
    role: str,
    title: str,
    value_title: str,
    months: NDArray[np.float64],
    curves: Sequence[TimeCurve],
    observed_months: Sequence[float],
) -> slicer.vtkMRMLPlotChartNode:
    """Draw curves: solid up to the last scan, dashed beyond it, with a mark at every scan.

    Where an interval is told, a thin dotted line runs at either end of it.

    One table holds all of it, so that it can be saved as it is seen: a cell is empty (NaN) where a series is
    not drawn.

    Parameters
    ----------
    scene : vtkMRMLScene
        Gets the table, the series and the chart, or has them updated.
    role : str
        What they are found again by.
    title, value_title : str
        Of the chart and of its vertical axis.
    months : ndarray, shape (M,)
        Ascending; must contain the observed months.
    curves : sequence of TimeCurve
        What to draw.
    observed_months : sequence of float
        Months with a scan, ascending.

    Returns
    -------
    vtkMRMLPlotChartNode
    """
    last = observed_months[-1]
    scans = np.isin(months, observed_months)
    drawn: list[tuple[str, NDArray[np.float64], Colour, str]] = []
    for curve in curves:
        drawn.append((curve.name, np.where(months <= last, curve.values, np.nan), curve.colour, "solid"))
        if months[-1] > last:
            beyond = np.where(months >= last, curve.values, np.nan)
            drawn.append((f"{curve.name}, extrapolated", beyond, curve.colour, "dashed"))
        drawn.append((f"{curve.name}, scans", np.where(scans, curve.values, np.nan), curve.colour, "marks"))
        if curve.interval is not None:
            drawn.append((f"{curve.name}, at least", curve.values - curve.interval, curve.colour, "dotted"))
            drawn.append((f"{curve.name}, at most", curve.values + curve.interval, curve.colour, "dotted"))
    table = ensure_node(scene, "vtkMRMLTableNode", f"{role} table", title)
    columns = _columns([name for name, *_ in drawn])
    fill_table(
        table, {MONTHS: months, **{column: each[1] for column, each in zip(columns, drawn, strict=True)}}
    )
    chart = ensure_node(scene, "vtkMRMLPlotChartNode", role, title)
    series = [
        _series(scene, f"{role} series {index}", table, columns[index], name, colour, look)
        for index, (name, _, colour, look) in enumerate(drawn)
    ]
    _remove_surplus(scene, role, len(series))
    with slicer.util.NodeModify(chart):
        chart.RemoveAllPlotSeriesNodeIDs()
        for node in series:
            chart.AddAndObservePlotSeriesNodeID(node.GetID())
        chart.SetTitle(title)
        chart.SetXAxisTitle(MONTHS)
        chart.SetYAxisTitle(value_title)
        chart.SetGridVisibility(True)
        chart.SetLegendVisibility(len(curves) > 1)
    return chart


def _columns(names: Sequence[str]) -> list[str]:
    """Return what to call the columns of series: no two the same, also where a name is part of another."""
    columns: list[str] = []
    for name in names:
        taken = {MONTHS, *columns}
        others = (f"{name} [{number}]" for number in range(2, len(names) + 3))
        columns.append(next(each for each in (name, *others) if each not in taken))
    return columns


def _series(
    scene: slicer.vtkMRMLScene,
    role: str,
    table: slicer.vtkMRMLTableNode,
    column: str,
    name: str,
    colour: Colour,
    look: str,
) -> slicer.vtkMRMLPlotSeriesNode:
    node = ensure_node(scene, "vtkMRMLPlotSeriesNode", role, name)
    with slicer.util.NodeModify(node):
        node.SetName(name)
        node.SetAndObserveTableNodeID(table.GetID())
        node.SetPlotType(node.PlotTypeScatter)
        node.SetXColumnName(MONTHS)
        node.SetYColumnName(column)
        node.SetColor(*colour)
        node.SetLineWidth(1 if look == "dotted" else 2)
        node.SetMarkerSize(9)
        styles = {
            "solid": node.LineStyleSolid,
            "dashed": node.LineStyleDash,
            "dotted": node.LineStyleDot,
            "marks": node.LineStyleNone,
        }
        node.SetLineStyle(styles[look])
        node.SetMarkerStyle(node.MarkerStyleCircle if look == "marks" else node.MarkerStyleNone)
    return node


def _remove_surplus(scene: slicer.vtkMRMLScene, role: str, kept: int) -> None:
    """Remove series of an earlier drawing that had more of them."""
    index = kept
    while (node := find_node(scene, "vtkMRMLPlotSeriesNode", f"{role} series {index}")) is not None:
        scene.RemoveNode(node)
        index += 1
