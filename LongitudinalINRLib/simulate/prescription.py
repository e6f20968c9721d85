"""From what the tissue is to do to the deformation that does it."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.calibration import (
    Regions,
    calibrated_velocity,
    lattice_spacing_mm,
    truth_spacing_mm,
)
from LongitudinalINRLib.simulate.change import Change, drawn_courses, own_course
from LongitudinalINRLib.simulate.deformation import Deformation
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.randomness import generator, smooth_field
from LongitudinalINRLib.simulate.rates import region_log_rates
from LongitudinalINRLib.simulate.rotation import rotational_flow
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.unsteady import Current, UnsteadyDeformation
from LongitudinalINRLib.simulate.velocity import VelocityField

_VARIATION_LENGTH_MM = 15.0


def region_deformation(
    labels: Volume, change: Change, seed: int = 0, rounds: int = 3
) -> Deformation | UnsteadyDeformation:
    """Build an invertible deformation under which regions change at prescribed rates.

    Parameters
    ----------
    labels : Volume
        Segmentation of the baseline, 0 in the background.
    change : Change
    seed : int
        Of what is random in it.
    rounds : int
        Corrections after which regions meet their rates (see `calibrated_velocity`).

    Returns
    -------
    Deformation or UnsteadyDeformation
        Unsteady where regions have courses of their own.
    """
    truth_lattice = Lattice.over(labels, truth_spacing_mm(change.smoothness_mm, labels.voxel_sizes_mm))
    regions = _regions(labels, change, seed)
    groups = np.ones((1, len(regions.numbers)), dtype=np.bool_)
    if change.own_courses:
        drawn = drawn_courses(regions.numbers, change.own_courses, seed)
        groups = np.arange(len(change.own_courses))[:, None] == drawn
    velocities = calibrated_velocity(
        regions,
        region_log_rates(regions.numbers, change.rates_percent_per_year),
        np.array([int(number) in change.rates_percent_per_year for number in regions.numbers]),
        truth_lattice=truth_lattice,
        smoothness_mm=change.smoothness_mm,
        groups=groups,
        rounds=rounds,
    )
    rotation = _rotation(labels, change, regions.lattice, seed)
    if not change.own_courses:
        velocity = velocities[0] if rotation is None else velocities[0] + rotation
        return Deformation(velocity, change.course, truth_lattice)
    courses = [own_course(exponent) for exponent in change.own_courses]
    currents = [Current(v, course) for v, course in zip(velocities, courses, strict=True)]
    if rotation is not None:
        currents.append(Current(rotation, change.course))
    return UnsteadyDeformation(tuple(currents), truth_lattice)


def _regions(labels: Volume, change: Change, seed: int) -> Regions:
    def modulation(points_mm: Floats) -> Floats:
        random = generator(seed, "variation")
        return np.asarray(np.exp(change.variation * smooth_field(points_mm, _VARIATION_LENGTH_MM, random)))

    lattice = Lattice.over(labels, lattice_spacing_mm(change.smoothness_mm))
    return Regions.of(labels.array.astype(np.int32), lattice, modulation)


def _rotation(labels: Volume, change: Change, lattice: Lattice, seed: int) -> VelocityField | None:
    if not change.rotation_mm:
        return None
    return rotational_flow(labels, lattice, change.rotation_mm, generator(seed, "rotation"))
