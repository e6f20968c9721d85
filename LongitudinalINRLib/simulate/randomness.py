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
    vectors = random.normal(scale=1.0 / length_mm, size=(waves, 3))
    phases = random.uniform(0.0, 2.0 * np.pi, size=waves)
    field = np.zeros(points_mm.shape[1:])
    for vector, phase in zip(vectors, phases, strict=True):
        field += np.cos(np.tensordot(vector, points_mm, axes=1) + phase)
    return np.asarray(field * np.sqrt(2.0 / waves))
