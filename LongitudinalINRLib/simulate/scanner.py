"""What a scanner does to an anatomy: another head position, uneven intensities, noise."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.simulate.space import Floats


@dataclass(frozen=True)
class Scanner:
    """How far scans depart from the anatomy.

    Parameters
    ----------
    noise : float
        Standard deviation of the noise in each of the two channels of the magnitude image, as a share of the
        robust brightest intensity (99th percentile inside the head). Rician: Gaussian in bright tissue.
        Left out where the anatomy is exactly 0 all around, as outside a skull-stripped brain.
    drift : float
        Largest departure from 1 of the smooth multiplicative field of each scan.
    shift_mm, turn_degrees : float
        Upper bounds of the shift and turn of the head at a follow-up.
    """

    noise: float = 0.02
    drift: float = 0.03
    shift_mm: float = 2.0
    turn_degrees: float = 2.0

    def described(self) -> dict[str, object]:
        """Return what decides the scans, for ``simulation.json``."""
        return asdict(self)

    def head_position(self, centre_mm: Floats, random: np.random.Generator) -> Floats:
        """Draw where the head lies: baseline RAS mm to RAS mm in the follow-up, shape (4, 4)."""
        turn = Rotation.from_rotvec(_direction(random) * np.radians(self.turn_degrees) * random.uniform())
        matrix = np.eye(4)
        matrix[:3, :3] = turn.as_matrix()
        shift = _direction(random) * self.shift_mm * random.uniform()
        matrix[:3, 3] = centre_mm - matrix[:3, :3] @ centre_mm + shift
        return matrix

    def drift_field(self, points: Floats, support: NDArray[np.bool_], random: np.random.Generator) -> Floats:
        """Draw a smooth multiplicative field: the exponential of a second-order polynomial.

        Parameters
        ----------
        points : ndarray, shape (3, ...)
            Places in units in which the head reaches from about -1 to 1.
        support : ndarray of bool, shape (...)
            Where the field keeps its bounds.
        """
        x, y, z = points
        factors = ((x, 1.0), (y, 1.0), (z, 1.0), (x, y), (y, z), (z, x), (x, x), (y, y), (z, z))
        polynomial = np.zeros(support.shape)
        for weight, (one, other) in zip(random.normal(size=len(factors)), factors, strict=True):
            polynomial += weight * one * other
        return np.asarray(np.exp(self.drift * polynomial / np.abs(polynomial[support]).max()))

    def add_noise(
        self, image: Floats, brightest: float, support: NDArray[np.bool_], random: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return the magnitude of the image with complex Gaussian noise, 0 outside the support."""
        channels = random.normal(scale=self.noise * brightest, size=(2, *image.shape))
        noisy = np.hypot(np.clip(image, 0.0, None) + channels[0], channels[1])
        return np.where(support, noisy, 0.0).astype(np.float32)


def _direction(random: np.random.Generator) -> Floats:
    vector = random.normal(size=3)
    return np.asarray(vector / np.linalg.norm(vector))
