"""The scans of a simulated person, and what truly happened to the regions between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.simulated.brains import Brain
from LongitudinalINRLib.cohort.simulated.groups import person_rates
from LongitudinalINRLib.cohort.simulated.likeness import likeness
from LongitudinalINRLib.cohort.simulated.people import PlannedVisit, SimulatedPerson
from LongitudinalINRLib.cohort.simulated.sites import scanner_at
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.anatomy import Anatomy
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.deformation import Deformation, Shown
from LongitudinalINRLib.simulate.prescription import region_deformation
from LongitudinalINRLib.simulate.scans_alone import region_volume_ratios, shown_at
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.visit import scanned

_CORRECTIONS = 1
"""Of the calibration: regions change as prescribed within some hundredths, and what they do is measured."""

_SMOOTHNESS_MM = 3.0
_MOTION_MM = 4.0
_ANOTHER_RUN = 1


@dataclass(frozen=True, eq=False)
class TrueVolumes:
    """What the regions of a person did.

    Parameters
    ----------
    labels : ndarray of int, shape (R,)
    baseline_ml : ndarray, shape (R,)
    log_ratios : ndarray, shape (visits, R)
        Log of the mean of |J| over each region, of the deformation that the scans show.
    """

    labels: NDArray[np.integer]
    baseline_ml: Floats
    log_ratios: Floats


@dataclass(frozen=True, eq=False)
class Scans:
    """What is written of a person.

    Parameters
    ----------
    images : list of tuple
        Visit, number of the run or None, scan.
    labels : Volume
        Segmentation of the baseline.
    truth : TrueVolumes
        At the visits that took place.
    """

    images: list[tuple[PlannedVisit, int | None, Volume]]
    labels: Volume
    truth: TrueVolumes


def scan_person(person: SimulatedPerson, brain: Brain, stranger: tuple[Brain, int]) -> Scans:
    """Simulate the visits of a person.

    Parameters
    ----------
    person : SimulatedPerson
    brain : Brain
        Whose likeness the person is.
    stranger : Brain, int
        Brain and seed of another person, who is scanned in this one's place where people were swapped.
    """
    home = person.visits[0].site
    anatomy = likeness(brain, home, person.seed)
    rates = person_rates(person.group, person.age_years, person.sex, person.seed)
    coarsest_mm = float(anatomy.t1.voxel_sizes_mm.max())
    change = Change(rates, smoothness_mm=max(_SMOOTHNESS_MM, coarsest_mm))
    deformation = region_deformation(anatomy.labels, change, person.seed, rounds=_CORRECTIONS)
    assert isinstance(deformation, Deformation)  # there is one course for all regions
    years = [visit.months / 12.0 for visit in person.visits]
    labels, ratios = region_volume_ratios(deformation.velocity, anatomy.labels, years)
    moments = shown_at(deformation.velocity, anatomy.labels, years, change.smoothness_mm)
    images: list[tuple[PlannedVisit, int | None, Volume]] = []
    for visit, moment in zip(person.visits, moments, strict=True):
        wrong = person.blunder if visit is person.visits[-1] else None
        seen, then = anatomy, moment
        if wrong == "swapped-person":
            seen = likeness(stranger[0], home, stranger[1])
            then = next(shown_at(deformation.velocity, seen.labels, [0.0], change.smoothness_mm))
            then = replace(then, months=moment.months)
        images += [(visit, run, image) for run, image in _images(person, visit, seen, then, wrong)]
    sizes = np.array([np.count_nonzero(anatomy.labels.array == label) for label in labels])
    truth = TrueVolumes(labels, sizes * anatomy.labels.voxel_volume_ml, np.log(ratios))
    return Scans(images, anatomy.labels, truth)


def _images(
    person: SimulatedPerson, visit: PlannedVisit, anatomy: Anatomy, moment: Shown, wrong: str | None
) -> Iterator[tuple[int | None, Volume]]:
    """Yield the number of each run of a visit, None where there is one, and its scan."""
    scanner = scanner_at(visit.site, person.visits[0].site, float(anatomy.t1.voxel_sizes_mm.mean()))
    if wrong == "motion":
        scanner = replace(scanner, motion_mm=_MOTION_MM)
    scan = scanned(anatomy, moment, scanner, person.seed)[0]
    if wrong == "flipped":
        axis = int(np.abs(scan.affine[0, :3]).argmax())
        scan = scan.with_array(np.ascontiguousarray(np.flip(scan.array, axis)))
    if wrong == "two-runs":
        yield 1, scan
        yield 2, scanned(anatomy, moment, scanner, person.seed + _ANOTHER_RUN)[0]
    else:
        yield None, scan
