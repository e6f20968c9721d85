"""A smooth velocity field with a prescribed divergence."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats


@dataclass(frozen=True, eq=False)
class VelocityField:
    """A stationary velocity in mm per year and its divergence per year.

    Parameters
    ----------
    lattice : Lattice
        Where the field is known.
    coefficients : ndarray, shape (4, *lattice.padded_shape), float32
        Cubic spline coefficients of the three RAS components of the velocity and of its divergence.
    steepness : float
        Bound on the gradient of the velocity, per year; decides how long a step of integration may be.
    """

    lattice: Lattice
    coefficients: NDArray[np.float32]
    steepness: float

    def __call__(self, state: Floats) -> Floats:
        """Return how fast a state changes, per year.

        Parameters
        ----------
        state : ndarray, shape (3, ...) or (4, ...)
            Places in RAS mm; a fourth row, log|J|, asks for the divergence too.

        Returns
        -------
        ndarray, shape of state
            Velocity in mm per year and, if asked for, the divergence.
        """
        index = self.lattice.to_index(state[:3])
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            rows = pool.map(lambda c: _interpolate(c, index), self.coefficients[: len(state)])
            return np.stack(list(rows))

    def __add__(self, other: VelocityField) -> VelocityField:
        """Return both flows together; they lie on one lattice."""
        coefficients = self.coefficients + other.coefficients
        return VelocityField(self.lattice, coefficients, self.steepness + other.steepness)

    def divergence(self, points_mm: Floats) -> Floats:
        """Return the divergence per year, shape (...), at points in RAS mm, shape (3, ...)."""
        return _interpolate(self.coefficients[3], self.lattice.to_index(points_mm))


def potential_flow(log_rate: Floats, lattice: Lattice, smoothness_mm: float) -> VelocityField:
    """Find the gradient field whose divergence is a map of log rates, smoothed.

    With the Laplacian of phi equal to g, the velocity v = grad(phi) has div v = g and no rotation. Solved by
    Fourier transform in a box with empty space around the head, so that the outline of the brain moves and
    the displacement decays outside. The mean of g is taken out, as a periodic box demands: with an
    ageing brain that adds less than 0.1 % a year everywhere.

    Parameters
    ----------
    log_rate : ndarray, shape lattice.shape
        Wanted divergence per year at the nodes.
    lattice : Lattice
    smoothness_mm : float
        Standard deviation of the Gaussian.

    Returns
    -------
    VelocityField
    """
    spectrum = fft.rfftn(log_rate, s=lattice.padded_shape, workers=-1)
    k_squared = np.zeros(spectrum.shape)
    for axis in range(3):
        k_squared += wave_numbers(lattice, axis) ** 2
    spectrum *= np.exp(-0.5 * smoothness_mm**2 * k_squared) / spline_response(lattice)
    spectrum[0, 0, 0] = 0.0
    k_squared[0, 0, 0] = 1.0
    coefficients = np.empty((4, *lattice.padded_shape), dtype=np.float32)
    coefficients[3] = fft.irfftn(spectrum, s=lattice.padded_shape, workers=-1)
    spectrum /= k_squared
    for axis in range(3):  # one after another: at 1 mm each takes a third of a GB
        component = -1j * wave_numbers(lattice, axis) * spectrum
        coefficients[axis] = fft.irfftn(component, s=lattice.padded_shape, workers=-1)
    return VelocityField(lattice, coefficients, 2.0 * float(np.abs(coefficients[3]).max()))


def wave_numbers(lattice: Lattice, axis: int) -> Floats:
    """Return one RAS component of the wave vectors of the real Fourier transform, radians per mm."""
    p, q, r = lattice.padded_shape
    cycles = np.meshgrid(fft.fftfreq(p), fft.fftfreq(q), fft.rfftfreq(r), indexing="ij", sparse=True)
    to_ras = 2 * np.pi * np.linalg.inv(lattice.affine[:3, :3]).T
    return np.asarray(sum(to_ras[axis, along] * cycles[along] for along in range(3)))


def spline_response(lattice: Lattice) -> Floats:
    """Return the spectrum of the cubic B-spline at the nodes: values are coefficients convolved with it."""
    p, q, r = lattice.padded_shape
    one_axis = [
        (2.0 + np.cos(2 * np.pi * f)) / 3.0 for f in (fft.fftfreq(p), fft.fftfreq(q), fft.rfftfreq(r))
    ]
    return np.asarray(np.einsum("i,j,k->ijk", *one_axis))


def _interpolate(coefficients: NDArray[np.float32], index: Floats) -> Floats:
    return np.asarray(
        ndimage.map_coordinates(
            coefficients, index, output=np.float64, order=3, mode="grid-wrap", prefilter=False
        )
    )
