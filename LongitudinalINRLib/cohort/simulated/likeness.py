"""Another plausible anatomy out of one: a smooth random warp of several millimetres, and another contrast.

Not a model of how people differ: folds and regions stay those of the source, only their place, size, shape
and grey values are another's.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.cohort.simulated.brains import Brain, cropped
from LongitudinalINRLib.cohort.simulated.sites import Site
from LongitudinalINRLib.simulate.anatomy import Anatomy
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.randomness import generator, smooth_field
from LongitudinalINRLib.simulate.space import Floats, inverted, transformed, voxel_places_mm

_SHAPES = ((30.0, 2.5), (12.0, 0.7))
"""Correlation length and standard deviation along each axis of the two random velocities, mm."""

_SIZE_SD = 0.03
_STRETCH_SD = 0.015
_TURN_SD_DEGREES = 3.0
_NODES_MM = 6.0
_WAVES = 32
_SQUARINGS = 5
_CONTRAST_SD, _BRIGHTNESS_SD = 0.06, 0.15
_BIAS, _BIAS_LENGTH_MM = 0.08, 80.0
_MARGIN_MM = 10.0


def likeness(brain: Brain, site: Site, seed: int) -> Anatomy:
    """Draw a person of another anatomy, as a scanner shows it.

    The warp is the exponential of a random velocity, so it has an inverse: two smooth Gaussian fields after a
    random size, stretch and turn of the head.

    Parameters
    ----------
    brain : Brain
        T1-weighted scan and labels of the source.
    site : Site
        Where the baseline is taken: its scale, contrast and brightness.
    seed : int
        Of the person.
    """
    t1, labels = brain
    source = Anatomy.of(t1, labels)
    places = _places_in_source(source, site, seed)
    index = transformed(inverted(t1.affine), places)
    values = ndimage.map_coordinates(source.coefficients, index, order=3, prefilter=False, mode="constant")
    support = (
        ndimage.map_coordinates(source.support.astype(np.float32), index, order=1, mode="constant") > 0.5
    )
    regions = ndimage.map_coordinates(labels.array, index, order=0, mode="constant")
    grey = _own_grey(np.where(support, values, 0.0), source, site, seed)
    return Anatomy.of(
        *cropped(
            t1.with_array(np.where(support, grey, 0.0).astype(np.float32)),
            labels.with_array(regions),
            _MARGIN_MM,
        )
    )


def _places_in_source(source: Anatomy, site: Site, seed: int) -> Floats:
    """Return where each voxel of the person lies in the source, RAS mm, shape (3, I, J, K)."""
    random = generator(seed, "shape")
    lattice = Lattice.over(source.t1, _NODES_MM)
    nodes = lattice.nodes_mm()
    velocity = np.zeros_like(nodes)
    for length_mm, sd_mm in _SHAPES:
        velocity += sd_mm * np.stack([smooth_field(nodes, length_mm, random, _WAVES) for _ in range(3)])
    moved = np.stack([lattice.to_voxels(u) for u in _exponential(velocity, lattice)])
    centre = source.centre_mm[:, None, None, None]
    size = np.exp(random.normal(scale=_SIZE_SD) + random.normal(scale=_STRETCH_SD, size=3))
    turn = Rotation.from_rotvec(np.radians(random.normal(scale=_TURN_SD_DEGREES, size=3))).as_matrix()
    shown = size * (1.0 + site.scale_percent / 100.0)
    places = voxel_places_mm(source.t1.shape, source.t1.affine) + moved - centre
    return np.asarray(np.einsum("ij,j...->i...", np.diag(1.0 / shown) @ turn, places) + centre)


def _exponential(velocity: Floats, lattice: Lattice) -> Floats:
    """Return the displacement of the flow of a velocity after one unit of time, by scaling and squaring."""
    moved = velocity / 2**_SQUARINGS
    to_nodes = inverted(lattice.affine)[:3, :3]
    index = np.asarray(np.indices(lattice.shape), dtype=np.float64)
    for _ in range(_SQUARINGS):
        there = index + np.einsum("ij,j...->i...", to_nodes, moved)
        moved = moved + np.stack([ndimage.map_coordinates(u, there, order=1, mode="nearest") for u in moved])
    return np.asarray(moved)


def _own_grey(values: Floats, source: Anatomy, site: Site, seed: int) -> Floats:
    """Give the intensities the contrast, the brightness and the shading of a person on a scanner."""
    random = generator(seed, "grey")
    exponent = site.contrast * np.exp(random.normal(scale=_CONTRAST_SD))
    brightest = source.brightest * site.brightness * np.exp(random.normal(scale=_BRIGHTNESS_SD))
    coarse = Lattice.over(source.t1, _NODES_MM)
    shading = coarse.to_voxels(_BIAS * smooth_field(coarse.nodes_mm(), _BIAS_LENGTH_MM, random))
    shares = np.clip(values, 0.0, None) / source.brightest
    return np.asarray(brightest * shares**exponent * np.exp(shading))
