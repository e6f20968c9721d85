"""A scan that is read between its voxels: smoothed, then a cubic spline."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume

Values = NDArray[np.float64]

_DIFFERENCE_MM = 0.5


class SmoothScan:
    """A smoothed scan.

    Parameters
    ----------
    volume : Volume
        The scan.
    sigma_mm : float
        Of the Gaussian: noise and the blur of interpolation are gone where it is half a voxel or more.
    """

    def __init__(self, volume: Volume, sigma_mm: float):
        smooth = ndimage.gaussian_filter(volume.array, sigma_mm / volume.voxel_sizes_mm, output=np.float32)
        self._spline = ndimage.spline_filter(smooth, order=3, output=np.float32, mode="mirror")
        self._to_voxels = np.linalg.inv(volume.affine)

    def values(self, points_mm: Values) -> Values:
        """Return the brightness at points, RAS mm, shape (N, 3); beyond the scan it is mirrored."""
        return np.asarray(
            ndimage.map_coordinates(
                self._spline,
                self._voxels(points_mm),
                output=np.float64,
                order=3,
                mode="mirror",
                prefilter=False,
            )
        )

    def sees(self, points_mm: Values) -> NDArray[np.bool_]:
        """Tell which points lie in the field of view."""
        voxels = self._voxels(points_mm)
        last = np.array(self._spline.shape)[:, None] - 1
        return np.asarray(((voxels >= 0) & (voxels <= last)).all(axis=0))

    def gradient(self, place: Callable[[Values], Values], points: Values) -> Values:
        """Return derivatives in other coordinates than RAS mm.

        Parameters
        ----------
        place : callable
            Takes those coordinates, in mm, to RAS mm.
        points : ndarray, shape (N, 3)
            In those coordinates.

        Returns
        -------
        ndarray, shape (N, 3)
            Per mm along their axes, by central differences.
        """
        steps = _DIFFERENCE_MM * np.eye(3)
        differences = [
            self.values(place(points + step)) - self.values(place(points - step)) for step in steps
        ]
        return np.stack(differences, axis=1) / (2 * _DIFFERENCE_MM)

    def _voxels(self, points_mm: Values) -> Values:
        return np.asarray(self._to_voxels[:3, :3] @ points_mm.T + self._to_voxels[:3, 3:])
