"""A flow that turns tissue and changes the volume of nothing: what no potential can make."""

from __future__ import annotations

import numpy as np
from scipy import fft, ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.randomness import smooth_field
from LongitudinalINRLib.simulate.velocity import VelocityField, spline_response, wave_numbers

_LENGTH_MM = 15.0
_FADING_MM = 8.0
_WAVES = 24


def rotational_flow(
    labels: Volume, lattice: Lattice, rotation_mm: float, random: np.random.Generator
) -> VelocityField:
    """Draw the curl of a smooth random field that fades out around the labelled brain.

    Parameters
    ----------
    labels : Volume
        0 outside the brain.
    lattice : Lattice
        Over the labels.
    rotation_mm : float
        Root mean square of the velocity in the brain, mm per year.
    random : numpy Generator

    Returns
    -------
    VelocityField
        Its divergence is 0.
    """
    brain = lattice.average((labels.array != 0) * 1.0)
    spacing_mm = np.linalg.norm(lattice.affine[:3, :3], axis=0)
    fading = ndimage.gaussian_filter(brain, _FADING_MM / spacing_mm)
    reached = fading > 1e-6
    places_mm = lattice.nodes_mm()[:, reached]
    spectra = []
    for _ in range(3):
        potential = np.zeros(lattice.shape)
        potential[reached] = fading[reached] * smooth_field(places_mm, _LENGTH_MM, random, _WAVES)
        spectra.append(fft.rfftn(potential, s=lattice.padded_shape, workers=-1))
    response = spline_response(lattice)
    coefficients = np.zeros((4, *lattice.padded_shape), dtype=np.float32)
    for axis, (one, other) in enumerate(((1, 2), (2, 0), (0, 1))):
        curl = wave_numbers(lattice, one) * spectra[other] - wave_numbers(lattice, other) * spectra[one]
        # The sign is that of `potential_flow`; a random field has none of its own.
        coefficients[axis] = fft.irfftn(-1j * curl / response, s=lattice.padded_shape, workers=-1)
    inside = (slice(0, 3), *(slice(0, n) for n in lattice.shape))
    speed = np.sqrt((coefficients[inside][:, brain > 0.5] ** 2).sum(axis=0))
    coefficients *= rotation_mm / float(np.sqrt((speed**2).mean()))
    steepest = max(
        float(np.abs(np.diff(component, axis=axis)).max() / spacing_mm[axis])
        for component in coefficients[:3]
        for axis in range(3)
    )
    return VelocityField(lattice, coefficients, 3.0 * steepest)
