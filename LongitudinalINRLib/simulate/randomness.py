"""Random numbers that depend on the seed, on what they are for and on the month, and on nothing else."""

from __future__ import annotations

import zlib

import numpy as np

from LongitudinalINRLib.simulate.space import Floats


def generator(seed: int, purpose: str, months: float = 0.0) -> np.random.Generator:
    """Return a generator of its own for each purpose and visit.

    So a visit looks the same whichever other visits are simulated, and leaving out the noise does not
    change the misalignment.
    """
    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), round(months * 1e6)])


def smooth_field(points_mm: Floats, length_mm: float, random: np.random.Generator, waves: int = 64) -> Floats:
    """Draw a smooth Gaussian random field with mean 0 and variance 1.

    A sum of plane waves with random directions and phases (random Fourier features), written in world
    space: the same whatever grid it is asked on.

    Parameters
    ----------
    points_mm : ndarray, shape (3, ...)
        RAS mm.
    length_mm : float
        Standard deviation of the Gaussian correlation.
    random : numpy Generator
    waves : int
        How many plane waves.

    Returns
    -------
    ndarray, shape (...)
    """
    return _waves(points_mm, random.normal(scale=1.0 / length_mm, size=(waves, 3)), random)


def wave_field(
    points_mm: Floats, wavelength_mm: float, random: np.random.Generator, waves: int = 64
) -> Floats:
    """Draw a Gaussian random field with mean 0 and variance 1 whose waves all have one length.

    Parameters and result as in `smooth_field`, but for the length.
    """
    directions = random.normal(size=(waves, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return _waves(points_mm, 2.0 * np.pi / wavelength_mm * directions, random)


def _waves(points_mm: Floats, vectors: Floats, random: np.random.Generator) -> Floats:
    phases = random.uniform(0.0, 2.0 * np.pi, size=len(vectors))
    field = np.zeros(points_mm.shape[1:])
    for vector, phase in zip(vectors, phases, strict=True):
        field += np.cos(np.tensordot(vector, points_mm, axes=1) + phase)
    return np.asarray(field * np.sqrt(2.0 / len(vectors)))
