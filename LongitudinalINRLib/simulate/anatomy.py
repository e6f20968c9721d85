"""The anatomy, to be looked up at any place: intensities by cubic splines, labels by nearest neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.lattice import Floats
from LongitudinalINRLib.simulate.parallel import over_slabs
from LongitudinalINRLib.simulate.scanner import head_support


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
        Where there is head.
    """

    t1: Volume
    labels: Volume
    coefficients: NDArray[np.float32]
    support: NDArray[np.bool_]

    @classmethod
    def of(cls, t1: Volume, labels: Volume) -> Anatomy:
        """Prepare an anatomy for sampling."""
        values = t1.array.astype(np.float32)
        coefficients = ndimage.spline_filter(values, order=3, output=np.float32, mode="mirror")
        return cls(t1, labels, coefficients, head_support(values))

    @property
    def brightest(self) -> float:
        """Robust brightest intensity: the 99th percentile inside the head."""
        return float(np.percentile(self.t1.array[self.support].astype(np.float64), 99.0))

    @property
    def centre_mm(self) -> Floats:
        """Centre of mass of the head in RAS mm, shape (3,)."""
        centre = np.array(ndimage.center_of_mass(self.support))
        return np.asarray(self.t1.affine[:3, :3] @ centre + self.t1.affine[:3, 3])

    @property
    def radius_mm(self) -> float:
        """Radius of a ball of the volume of the head."""
        return float((3.0 / (4.0 * np.pi) * self.support.sum() * self.t1.voxel_volume_ml * 1000.0) ** (1 / 3))

    def places(self) -> Floats:
        """Return where the voxels are from the centre of the head, in head radii, shape (3, I, J, K)."""
        places = _affine(self.t1.affine, np.asarray(np.indices(self.t1.shape), dtype=np.float64))
        return np.asarray((places - self.centre_mm[:, None, None, None]) / self.radius_mm)

    def seen_through(
        self, baseline_place: Callable[[Floats], Floats]
    ) -> tuple[Floats, NDArray[np.integer], NDArray[np.bool_]]:
        """Look the anatomy up at the baseline place of every voxel of a scan on the same grid.

        Parameters
        ----------
        baseline_place : callable
            From places in the scan, RAS mm of shape (3, ...), to places at baseline.

        Returns
        -------
        image : ndarray, shape of t1
        labels : ndarray of int, shape of t1
        support : ndarray of bool, shape of t1
        """
        to_voxel = np.linalg.inv(self.t1.affine)

        def look_up(slab: slice) -> tuple[Floats, NDArray[np.integer], NDArray[np.bool_]]:
            voxel = np.asarray(np.indices(self.t1.array[slab].shape), dtype=np.float64)
            voxel[0] += slab.start
            index = _affine(to_voxel, baseline_place(_affine(self.t1.affine, voxel)))
            index = np.round(
                index, 6
            )  # or rounding errors would push the outermost voxels out of the field of view
            image = ndimage.map_coordinates(
                self.coefficients, index, order=3, prefilter=False, mode="constant"
            )
            labels = ndimage.map_coordinates(self.labels.array, index, order=0, mode="constant")
            support = ndimage.map_coordinates(
                self.support.astype(np.float32), index, order=1, mode="constant"
            )
            return image, labels, support > 0.5

        images, labels, supports = zip(*over_slabs(look_up, self.t1.shape[0]), strict=True)
        return np.concatenate(images), np.concatenate(labels), np.concatenate(supports)


def _affine(matrix: Floats, points: Floats) -> Floats:
    flat = matrix[:3, :3] @ points.reshape(3, -1) + matrix[:3, 3:]
    return np.asarray(flat.reshape(points.shape))
