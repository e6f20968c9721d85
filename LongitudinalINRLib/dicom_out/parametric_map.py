"""|J| of a month as a Parametric Map: float32 as it is, or 16 bit in steps of 1e-4."""

from __future__ import annotations

from typing import Any, Literal

import highdicom as hd
import numpy as np
from highdicom.pm import ParametricMap, RealWorldValueMapping
from numpy.typing import NDArray
from pydicom import Dataset

from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.dicom_out.source import Source
from LongitudinalINRLib.dicom_out.study import SOFTWARE, series_description

MapValues = Literal["float", "uint16"]
STEP, LOWEST, HIGHEST_STORED = 1e-4, -1.0, 65535
"""Of 16 bit: |J| from -1 (folded) to 5.5, at most half a step from the value."""

WINDOW = 0.2
"""Width of the grey scale that viewers begin with: |J| from 0.9 to 1.1."""


def make_map(
    source: Source,
    frames: NDArray[np.float32],
    months: float,
    kind: str,
    values: MapValues,
    series: dict[str, Any],
) -> Dataset:
    """Return the map of a month, on the slices of the baseline's series.

    Parameters
    ----------
    source : Source
        The baseline.
    frames : ndarray, shape (frames, rows, columns)
        |J| (see `Source.frames_of`).
    months, kind : float, str
        The month, and whether it was seen.
    values : str
        How a number is stored.
    series : dict
        See `study.maker`.
    """
    stored, mapping = _mapped(frames, values)
    made = ParametricMap(
        source_images=list(source.images),
        pixel_array=stored,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        content_label="JACOBIAN",
        content_description=f"|J| at month {months:g} ({kind})"[:64],
        derivation=codes.JACOBIAN,
        specific_character_set="ISO_IR 192",
        voi_lut_transformations=[_window(values)],
        **SOFTWARE,
        **series,
    )
    made.SeriesDescription = series_description("LongitudinalINR |J|")
    made.DerivationDescription = "|J|: local volume over that at the baseline. Research use only."
    return made


def beyond_range(frames: NDArray[np.float32], values: MapValues) -> int:
    """Return how many voxels are stored as the nearest end of the range."""
    if values == "float":
        return 0
    return int(np.count_nonzero((frames < LOWEST) | (frames > LOWEST + STEP * HIGHEST_STORED)))


def _mapped(
    frames: NDArray[np.float32], values: MapValues
) -> tuple[NDArray[np.generic], RealWorldValueMapping]:
    slope, intercept = (1.0, 0.0) if values == "float" else (STEP, LOWEST)
    stored: NDArray[np.generic] = frames.astype(np.float32)
    if values == "uint16":
        steps = np.rint((frames.astype(np.float64) - LOWEST) / STEP)
        stored = np.clip(steps, 0, HIGHEST_STORED).astype(np.uint16)
    ends = (float(stored.min()), float(stored.max())) if values == "float" else (0, HIGHEST_STORED)
    mapping = RealWorldValueMapping(
        lut_label="JACOBIAN",
        lut_explanation="Jacobian determinant, 1: no change",
        unit=codes.RATIO,
        value_range=ends,
        slope=slope,
        intercept=intercept,
        quantity_definition=codes.JACOBIAN,
    )
    return stored, mapping


def _window(values: MapValues) -> hd.VOILUTTransformation:
    if values == "float":  # LINEAR cannot have a width below 1
        return hd.VOILUTTransformation(1.0, WINDOW, voi_lut_function="LINEAR_EXACT")
    return hd.VOILUTTransformation(round((1.0 - LOWEST) / STEP), round(WINDOW / STEP))
