"""Motion while a scan is taken: its k-space is put together from several head positions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.simulate.scanner import random_position
from LongitudinalINRLib.simulate.space import Floats, inverted

_SEGMENTS = 7
"""Odd: so the middle one, which holds the coarse features, shows the head where it is said to lie."""


def with_motion(
    image: NDArray[np.floating],
    affine: Floats,
    *,
    centre_mm: Floats,
    radius_mm: float,
    motion_mm: float,
    random: np.random.Generator,
) -> Floats:
    """Return the magnitude of an image whose lines of k-space saw the head in several positions.

    The lines follow one another along the axis from back to front, in segments. In the middle one the head
    lies still; before each other one it moved to a place of its own. So there are ghosts along the axis.

    Parameters
    ----------
    image : ndarray, shape (I, J, K)
    affine : ndarray, shape (4, 4)
        Voxel index to RAS mm.
    centre_mm : ndarray, shape (3,)
        Of the head in the scan.
    radius_mm : float
        Of the head.
    motion_mm : float
        Largest shift of the head, and largest way of a point at its edge when it turns.
    random : numpy Generator
    """
    axis = int(np.abs(affine[1, :3] / np.linalg.norm(affine[:3, :3], axis=0)).argmax())
    coefficients = ndimage.spline_filter(image, order=3, mode="mirror")
    turn_degrees = float(np.degrees(motion_mm / radius_mm))
    lines = np.fft.fftshift(np.arange(image.shape[axis]))
    spectrum = np.fft.fft(image, axis=axis)
    by_line = np.moveaxis(spectrum, axis, 0)
    for number, segment in enumerate(np.array_split(lines, _SEGMENTS)):
        if number == _SEGMENTS // 2:
            continue
        moved = random_position(centre_mm, motion_mm, turn_degrees, random)
        to_source = inverted(affine) @ inverted(moved) @ affine
        there = ndimage.affine_transform(
            coefficients, to_source[:3, :3], to_source[:3, 3], order=3, prefilter=False, mode="constant"
        )
        by_line[segment] = np.moveaxis(np.fft.fft(there, axis=axis), axis, 0)[segment]
    return np.asarray(np.abs(np.fft.ifft(spectrum, axis=axis)))
