"""What a scanner does to an anatomy: another head position, uneven intensities, noise and much more."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.simulate.randomness import wave_field
from LongitudinalINRLib.simulate.space import Floats, transformed


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
    drift_wavelength_mm : float
        Of the field of each scan, which is no polynomial then; 0: a second-order polynomial.
    strip_jitter_mm : float
        Standard deviation, smooth along the surface and another in every scan, by which the border of the
        skull strip leaves that of the labels; 0: no more is stripped than was.
    slice_mm : float
        Thickness of the slices of every scan from feet to head; 0: as they are.
    denoise : bool
        Denoise the anatomy before it is deformed and add texture that is fixed in the scanner instead (see
        `texture`): so that neither noise nor texture of the source moves with the tissue.
    gradient_nonlinearity_mm : float
        Distortion of every scan at the edge of the head (see `geometry.View`).
    scale_percent : float or tuple of 3 floats
        By how much a follow-up shows the head larger, in all directions or along right, front and up.
    blur_mm : float
        Standard deviation of the Gaussian that blurs a follow-up.
    contrast : float
        Exponent of the intensities of a follow-up, as shares of the brightest; 1: the baseline's.
    motion_mm : float
        How far the head shifts, and its edge turns, at most while a follow-up is taken (see `motion`).
    """

    noise: float = 0.02
    drift: float = 0.03
    shift_mm: float = 2.0
    turn_degrees: float = 2.0
    drift_wavelength_mm: float = 0.0
    strip_jitter_mm: float = 0.0
    slice_mm: float = 0.0
    denoise: bool = False
    gradient_nonlinearity_mm: float = 0.0
    scale_percent: float | tuple[float, float, float] = 0.0
    blur_mm: float = 0.0
    contrast: float = 1.0
    motion_mm: float = 0.0

    def described(self) -> dict[str, object]:
        """Return what decides the scans, for ``simulation.json``."""
        return {**asdict(self), "scale_percent": np.broadcast_to(self.scale_percent, 3).tolist()}

    def head_position(self, centre_mm: Floats, random: np.random.Generator) -> Floats:
        """Draw where the head lies: baseline RAS mm to RAS mm in the follow-up, shape (4, 4)."""
        return random_position(centre_mm, self.shift_mm, self.turn_degrees, random)

    def drift_field(
        self, places_mm: Floats, support: NDArray[np.bool_], radius_mm: float, random: np.random.Generator
    ) -> Floats:
        """Draw a smooth multiplicative field: the exponential of a second-order polynomial, or of waves.

        Parameters
        ----------
        places_mm : ndarray, shape (3, ...)
            Places from the centre of the head.
        support : ndarray of bool, shape (...)
            Where the field keeps its bounds.
        radius_mm : float
            Of the head.
        random : numpy Generator
        """
        if not self.drift:
            return np.ones(support.shape)
        if self.drift_wavelength_mm:
            field = wave_field(places_mm, self.drift_wavelength_mm, random)
        else:
            field = _second_order(places_mm / radius_mm, random)
        return np.asarray(np.exp(self.drift * field / np.abs(field[support]).max()))

    def add_noise(
        self, image: Floats, brightest: float, support: NDArray[np.bool_], random: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return the magnitude of the image with complex Gaussian noise, 0 outside the support."""
        channels = random.normal(scale=self.noise * brightest, size=(2, *image.shape))
        noisy = np.hypot(np.clip(image, 0.0, None) + channels[0], channels[1])
        return np.where(support, noisy, 0.0).astype(np.float32)


def random_position(
    centre_mm: Floats, shift_mm: float, turn_degrees: float, random: np.random.Generator
) -> Floats:
    """Draw a rigid movement of a head about its centre, shape (4, 4), by at most so much."""
    turn = Rotation.from_rotvec(_direction(random) * np.radians(turn_degrees) * random.uniform())
    matrix = np.eye(4)
    matrix[:3, :3] = turn.as_matrix()
    shift = _direction(random) * shift_mm * random.uniform()
    matrix[:3, 3] = centre_mm - transformed(matrix, centre_mm[:, None])[:, 0] + shift
    return matrix


def _direction(random: np.random.Generator) -> Floats:
    vector = random.normal(size=3)
    return np.asarray(vector / np.linalg.norm(vector))


def _second_order(points: Floats, random: np.random.Generator) -> Floats:
    x, y, z = points
    factors = ((x, 1.0), (y, 1.0), (z, 1.0), (x, y), (y, z), (z, x), (x, x), (y, y), (z, z))
    polynomial = np.zeros(points.shape[1:])
    for weight, (one, other) in zip(random.normal(size=len(factors)), factors, strict=True):
        polynomial += weight * one * other
    return polynomial
