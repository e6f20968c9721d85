"""The course of one point: |J| and its rate under the crosshair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import slicer
import vtk
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.display.plots import TimeCurve, update_chart
from LongitudinalINRModule.result.ground import value_at
from LongitudinalINRModule.result.result import SceneResult
from LongitudinalINRModule.result.time_interpolation import (
    Weights,
    cubic_rate_weights,
    cubic_weights,
    linear_weights,
)

SAMPLES = 121
# Outside the mask |J| is set to 1 at every month; what was measured never is, to so many digits.
_UNCHANGED = 1e-9
_RED, _BLUE = (0.80, 0.15, 0.12), (0.10, 0.35, 0.75)


@dataclass(frozen=True, eq=False)
class Curve:
    """What happens at one point.

    Parameters
    ----------
    months : ndarray, shape (M,)
        Ascending, the observed ones among them.
    jacobian : ndarray, shape (M,)
        |J| there.
    rate : ndarray, shape (M,), optional
        d|J|/dt per month; None where the result holds no rates.
    """

    months: NDArray[np.float64]
    jacobian: NDArray[np.float64]
    rate: NDArray[np.float64] | None


def curve_at(result: SceneResult, point_ras: Sequence[float]) -> Curve:
    """Follow a point of the baseline through time.

    Parameters
    ----------
    result : SceneResult
        Gives the stored maps.
    point_ras : sequence of float
        RAS mm.

    Raises
    ------
    InputError
        If the point lies outside the maps.
    """
    stored = result.months
    seen = [month for month in result.observed_months if stored[0] <= month <= stored[-1]]
    months = np.unique([*np.linspace(stored[0], stored[-1], SAMPLES), *stored, *seen])
    jacobian = _at_point(result, "jacobian", point_ras)
    if "rate" not in result.maps:
        straight = _combine(linear_weights, stored, months, jacobian, np.zeros_like(jacobian))
        return Curve(months, straight, None)
    rate = _at_point(result, "rate", point_ras)
    return Curve(
        months,
        _combine(cubic_weights, stored, months, jacobian, rate),
        _combine(cubic_rate_weights, stored, months, jacobian, rate),
    )


def plot_probe(result: SceneResult, point_ras: Sequence[float]) -> list[slicer.vtkMRMLPlotChartNode]:
    """Draw the course of a point.

    Returns
    -------
    list of vtkMRMLPlotChartNode
        Volume change in percent and, where the result holds rates, its rate in percent per year; the same
        nodes each time.

    Raises
    ------
    InputError
        If the point lies outside the maps, the brain that was measured, or a follow-up's field of view.
    """
    curve = _measured_curve_at(result, point_ras)
    place = "R {:.1f}, A {:.1f}, S {:.1f} mm".format(*point_ras)
    change = TimeCurve("Volume change", 100.0 * (curve.jacobian - 1.0), _RED)
    charts = [_chart(result, "change", f"Volume change at {place}", "Percent", curve, change)]
    if curve.rate is not None:
        rate = TimeCurve("Rate", 1200.0 * curve.rate, _BLUE)
        charts.append(_chart(result, "rate", f"Rate of change at {place}", "Percent per year", curve, rate))
    return charts


def change_percent_at(
    result: SceneResult, point_ras: Sequence[float], months: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the volume change of a point at months that were chosen, in percent; shape (M,).

    Raises
    ------
    InputError
        If the point lies outside the maps, or outside what was measured.
    """
    curve = _measured_curve_at(result, point_ras)
    return np.interp(months, curve.months, 100.0 * (curve.jacobian - 1.0))


def _measured_curve_at(result: SceneResult, point_ras: Sequence[float]) -> Curve:
    curve = curve_at(result, point_ras)
    if result.valid is not None and not value_at(result.valid, point_ras):
        raise InputError(
            "point-not-seen",
            "The point lies outside a follow-up's field of view: not measured.",
            expected="a point that every follow-up has data for",
            found="R {:.1f}, A {:.1f}, S {:.1f} mm".format(*point_ras),
            advice="Move the crosshair towards the middle of the scans.",
        )
    if np.allclose(curve.jacobian, 1.0, rtol=0.0, atol=_UNCHANGED):
        raise InputError(
            "point-not-measured",
            "The point lies outside the brain that was measured.",
            expected="a point inside the brain mask",
            found="R {:.1f}, A {:.1f}, S {:.1f} mm".format(*point_ras),
            advice="Move the crosshair into the brain.",
        )
    return curve


def _chart(
    result: SceneResult, kind: str, title: str, axis: str, curve: Curve, line: TimeCurve
) -> slicer.vtkMRMLPlotChartNode:
    role = f"probe {kind} of {result.browser.GetID()}"
    return update_chart(result.scene, role, title, axis, curve.months, [line], result.observed_months)


def _combine(
    weights_of: Callable[[Sequence[float], float], Weights],
    stored: Sequence[float],
    months: NDArray[np.float64],
    values: NDArray[np.float64],
    rates: NDArray[np.float64],
) -> NDArray[np.float64]:
    def at(weights: Weights) -> float:
        pair = slice(weights.first, weights.first + 2)
        return float(np.dot(weights.values, values[pair]) + np.dot(weights.rates, rates[pair]))

    return np.array([at(weights_of(stored, month)) for month in months])


def _at_point(result: SceneResult, map_name: str, point_ras: Sequence[float]) -> NDArray[np.float64]:
    """Return a map's value at a point at every stored time, trilinear in space."""
    sequence = result.sequence(map_name)
    nodes = [sequence.GetNthDataNode(index) for index in range(sequence.GetNumberOfDataNodes())]
    corner, fraction = _voxel(nodes[0], point_ras)
    cell = tuple(slice(index, index + 2) for index in reversed(corner))
    i, j, k = ((1.0 - part, part) for part in fraction)
    weights = np.einsum("k,j,i->kji", k, j, i)
    return np.array([float((slicer.util.arrayFromVolume(node)[cell] * weights).sum()) for node in nodes])


def _voxel(node: slicer.vtkMRMLNode, point_ras: Sequence[float]) -> tuple[list[int], NDArray[np.float64]]:
    """Return the first corner (i, j, k) of the cell around a point, and where in the cell it lies, 0 to 1."""
    matrix = vtk.vtkMatrix4x4()
    node.GetRASToIJKMatrix(matrix)
    index = np.array(matrix.MultiplyPoint((*point_ras, 1.0))[:3])
    last = np.array(node.GetImageData().GetDimensions()) - 1
    if (index < -1e-3).any() or (index > last + 1e-3).any():
        raise InputError(
            "point-outside",
            "The point lies outside the maps.",
            expected="a point in the baseline scan",
            found="R {:.1f}, A {:.1f}, S {:.1f} mm".format(*point_ras),
            advice="Move the crosshair into the head.",
        )
    corner = np.clip(np.floor(index).astype(int), 0, np.maximum(last - 1, 0))
    return [int(value) for value in corner], np.clip(index - corner, 0.0, 1.0)
