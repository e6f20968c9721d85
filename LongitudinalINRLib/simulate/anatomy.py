"""The anatomy, to be looked up at any place: intensities by cubic splines, labels by nearest neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.parallel import in_pieces
from LongitudinalINRLib.simulate.space import Floats, inverted, transformed
from LongitudinalINRLib.simulate.texture import denoised


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A T1-weighted head with its segmentation.

    Parameters
    ----------
    t1 : Volume
    labels : Volume
        On the same grid.
    coefficients : ndarray, shape of t1
        Its cubic spline coefficients.
    support : ndarray of bool, shape of t1
        Where there is head: voxels that are not exactly 0, with their holes filled.
    texture : float
        Standard deviation of the texture that a scan of it has of its own; 0: it comes with the anatomy.
    """

    t1: Volume
    labels: Volume
    coefficients: NDArray[np.float32]
    support: NDArray[np.bool_]
    texture: float = 0.0

    @classmethod
    def of(cls, t1: Volume, labels: Volume, *, denoise: bool = False) -> Anatomy:
        """Prepare an anatomy for sampling, if asked without its noise and texture."""
        support, texture = np.asarray(ndimage.binary_fill_holes(t1.array != 0)), 0.0
        if denoise:
            t1, texture = denoised(t1, support)
        return cls(t1, labels, _coefficients(t1.array), support, texture)

    def with_intensities(self, values: NDArray[np.float32]) -> Anatomy:
        """Return the same anatomy with other intensities."""
        return replace(self, t1=self.t1.with_array(values), coefficients=_coefficients(values))

    @property
    def brightest(self) -> float:
        """Robust brightest intensity: the 99th percentile inside the head."""
        return float(np.percentile(self.t1.array[self.support].astype(np.float64), 99.0))

    @property
    def centre_mm(self) -> Floats:
        """Centre of mass of the head in RAS mm, shape (3,)."""
        centre = np.array(ndimage.center_of_mass(self.support))
        return transformed(self.t1.affine, centre[:, None])[:, 0]

    @property
    def radius_mm(self) -> float:
        """Radius of a ball of the volume of the head."""
        return float((3.0 / (4.0 * np.pi) * self.support.sum() * self.t1.voxel_volume_ml * 1000.0) ** (1 / 3))

    def seen_through(
        self, baseline_place: Callable[[Floats], Floats], reach_mm: float
    ) -> tuple[NDArray[np.float32], NDArray[np.integer], NDArray[np.bool_]]:
        """Look the anatomy up at the baseline place of every voxel of a scan on the same grid.

        Parameters
        ----------
        baseline_place : callable
            From places in the scan, RAS mm of shape (3, N), to places at baseline.
        reach_mm : float
            How far a voxel with a part of the head may lie from the head at baseline.

        Returns
        -------
        image : ndarray, shape of t1
        labels : ndarray of int, shape of t1
        support : ndarray of bool, shape of t1
        """
        image = np.zeros(self.t1.shape, dtype=np.float32)
        labels = np.zeros(self.t1.shape, dtype=self.labels.array.dtype)
        support = np.zeros(self.t1.shape, dtype=np.bool_)
        to_voxel = inverted(self.t1.affine)
        covered = self.support.astype(np.float32)

        def look_up(voxels: NDArray[np.intp]) -> None:
            here = np.asarray(np.unravel_index(voxels, self.t1.shape), dtype=np.float64)
            there = transformed(to_voxel, baseline_place(transformed(self.t1.affine, here)))
            index = np.round(there, 6)  # else rounding errors push the outermost voxels out of the image
            image.flat[voxels] = _sample(self.coefficients, index, order=3)
            labels.flat[voxels] = _sample(self.labels.array, index, order=0)
            support.flat[voxels] = _sample(covered, index, order=1) > 0.5

        in_pieces(look_up, np.flatnonzero(self._within(reach_mm)))
        return image, labels, support

    def _within(self, reach_mm: float) -> NDArray[np.bool_]:
        near = self.support
        for axis, size_mm in enumerate(self.t1.voxel_sizes_mm):
            width = 2 * int(np.ceil(reach_mm / size_mm)) + 1
            near = ndimage.maximum_filter1d(near, width, axis=axis, mode="constant")
        return near


def _coefficients(values: NDArray[Any]) -> NDArray[np.float32]:
    values = values.astype(np.float32)
    return np.asarray(ndimage.spline_filter(values, order=3, output=np.float32, mode="mirror"))


def _sample(values: NDArray[Any], index: Floats, order: int) -> NDArray[Any]:
    return np.asarray(ndimage.map_coordinates(values, index, order=order, prefilter=False, mode="constant"))
