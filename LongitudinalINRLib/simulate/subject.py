"""A simulated subject: scans over time of one anatomy that changes in a known way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate import storage
from LongitudinalINRLib.simulate.anatomy import Anatomy
from LongitudinalINRLib.simulate.checks import checked_anatomy, checked_months, checked_settings
from LongitudinalINRLib.simulate.deformation import Moment, region_deformation
from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.space import Floats, inverted, longest_move_mm, transformed
from LongitudinalINRLib.simulate.timecourse import Linear, TimeCourse


@dataclass(frozen=True, eq=False)
class SimulatedSubject:
    """Scans, segmentations and the truth, one entry a month, month 0 first.

    Parameters
    ----------
    months : tuple of float
    scans : tuple of Volume
        float32, each in its own head position.
    labels : tuple of Volume
        Segmentation of each scan; the first is the baseline's.
    truth_jacobian, truth_rate : tuple of Volume
        |J| of phi_t and d|J|/dt per month, float32, on the baseline grid.
    truth_displacement : tuple of Volume
        phi_t(x) - x in RAS mm, shape (I, J, K, 3), float32, on the baseline grid.
    baseline_to_scan : tuple of ndarray
        Rigid matrices from baseline RAS mm to RAS mm in each scan: the misalignment.
    parameters : dict
        Everything that decided the simulation; goes into ``simulation.json``.
    """

    months: tuple[float, ...]
    scans: tuple[Volume, ...]
    labels: tuple[Volume, ...]
    truth_jacobian: tuple[Volume, ...]
    truth_rate: tuple[Volume, ...]
    truth_displacement: tuple[Volume, ...]
    baseline_to_scan: tuple[Floats, ...]
    parameters: dict[str, object] = field(default_factory=dict)

    def save(self, folder: str | Path, on_kept: Callable[[str], None] = lambda _: None) -> None:
        """Write scans, labels, truth and ``simulation.json`` into a folder; `load_truth` reads it back.

        Parameters
        ----------
        folder : str or Path
            New, empty, or holds nothing but what a simulation wrote.
        on_kept : callable
            Takes a sentence about a file that came meanwhile and was kept under another name.
        """
        storage.save(self, Path(folder), on_kept)


def simulate_subject(
    t1: Volume,
    labels: Volume,
    months: Sequence[float],
    *,
    noise: float = 0.02,
    seed: int = 0,
    rates_percent_per_year: Mapping[int, float] = DEFAULT_RATES,
    smoothness_mm: float = 3.0,
    variation: float = 0.2,
    drift: float = 0.03,
    shift_mm: float = 2.0,
    turn_degrees: float = 2.0,
    course: TimeCourse | None = None,
    on_progress: Callable[[float, str], None] | None = None,
) -> SimulatedSubject:
    """Simulate scans of a subject whose brain changes in a known way.

    Parameters
    ----------
    t1, labels : Volume
        Any T1-weighted scan and its segmentation on the same grid, any axis order and voxel size.
    months : sequence of float
        When the scans are taken; must hold 0.
    noise : float
        Standard deviation of the noise as a share of the brightest intensity; in every scan.
    seed : int
        Of the noise, drift, misalignment and of the variation inside regions.
    rates_percent_per_year : mapping of int to float
        Volume change in percent per year by label.
    smoothness_mm : float
        Standard deviation of the smoothing of the map of rates.
    variation : float
        Random variation of the rate inside regions, as a share of the rate.
    drift : float
        Largest departure from 1 of the smooth intensity field of each scan.
    shift_mm, turn_degrees : float
        Bounds of the rigid misalignment of each follow-up.
    course : TimeCourse, optional
        Pace of the change; steady by default.
    on_progress : callable, optional
        Told the share done and what is being done.

    Returns
    -------
    SimulatedSubject

    Raises
    ------
    InputError
        If months, settings or anatomy cannot be used.
    """
    course = course or Linear()
    scanner = Scanner(noise, drift, shift_mm, turn_degrees)
    times = checked_months(months)
    checked_settings(scanner, rates_percent_per_year, smoothness_mm, variation)
    tell = on_progress or (lambda fraction, text: None)
    tell(0.0, "building the deformation")
    anatomy = Anatomy.of(*checked_anatomy(t1, labels))
    deformation = region_deformation(
        anatomy.labels,
        rates_percent_per_year,
        course,
        smoothness_mm=smoothness_mm,
        variation=variation,
        seed=seed,
    )
    visits = []
    for done, moment in enumerate(deformation.at(times)):
        tell(0.3 + 0.7 * done / len(times), f"scanning at month {moment.months:g}")
        visits.append(_visit(anatomy, moment, scanner, seed))
    tell(1.0, "done")
    scans, segmentations, jacobians, rates, displacements, positions = zip(*visits, strict=True)
    parameters = {
        "seed": seed,
        "rates_percent_per_year": {str(k): float(v) for k, v in rates_percent_per_year.items()},
        "smoothness_mm": smoothness_mm,
        "variation": variation,
        "time_course": course.name,
        **asdict(scanner),
    }
    return SimulatedSubject(
        times, scans, segmentations, jacobians, rates, displacements, positions, parameters
    )


def _visit(
    anatomy: Anatomy, moment: Moment, scanner: Scanner, seed: int
) -> tuple[Volume, Volume, Volume, Volume, Volume, Floats]:
    position = np.eye(4)
    if moment.months > 0:
        position = scanner.head_position(anatomy.centre_mm, generator(seed, "position", moment.months))
    grid, inverse, back = anatomy.t1, moment.inverse(), inverted(position)
    image, labels, support = anatomy.seen_through(
        lambda points_mm: inverse(transformed(back, points_mm)),
        reach_mm=longest_move_mm(back, grid.shape, grid.affine) + moment.longest_move_mm,
    )
    drift = scanner.drift_field(anatomy.places(), support, generator(seed, "drift", moment.months))
    noise = generator(seed, "noise", moment.months)
    scan = scanner.add_noise(image * drift, anatomy.brightest, support, noise)
    to_voxels = moment.lattice.to_voxels
    return (
        grid.with_array(scan),
        grid.with_array(labels),
        grid.with_array(to_voxels(moment.jacobian).astype(np.float32)),
        grid.with_array(to_voxels(moment.rate).astype(np.float32)),
        grid.with_array(_as_vectors([to_voxels(u) for u in moment.displacement])),
        position,
    )


def _as_vectors(components: list[Floats]) -> NDArray[np.float32]:
    return np.stack(components, axis=-1).astype(np.float32)
