"""A pair of ellipsoids, mirrored at the midline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.simulate.space import Floats


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid in template space, given for the right side; the left one is its mirror image.

    Parameters
    ----------
    centre_mm, radii_mm : tuple of float
        RAS mm; the radii along left-right, back-front and bottom-top before it is turned.
    pitch_degrees : float
        How much its front is turned down.
    yaw_degrees : float
        How much its front is turned towards the midline.
    """

    centre_mm: tuple[float, float, float]
    radii_mm: tuple[float, float, float]
    pitch_degrees: float = 0.0
    yaw_degrees: float = 0.0

    def distance(self, places_mm: Floats) -> Floats:
        """Return how many radii places lie from the centre of the ellipsoid on their side; 1 is its surface.

        Parameters
        ----------
        places_mm : ndarray, shape (3, ...)
            RAS mm.
        """
        x, y, z = places_mm
        right, front, up = np.abs(x) - self.centre_mm[0], y - self.centre_mm[1], z - self.centre_mm[2]
        yaw, pitch = np.radians([self.yaw_degrees, self.pitch_degrees])
        across = np.cos(yaw) * right + np.sin(yaw) * front
        along = np.cos(yaw) * front - np.sin(yaw) * right
        height = np.cos(pitch) * up + np.sin(pitch) * along
        along = np.cos(pitch) * along - np.sin(pitch) * up
        a, b, c = self.radii_mm
        return np.asarray(np.sqrt((across / a) ** 2 + (along / b) ** 2 + (height / c) ** 2))
