"""The people that the start of a fit is learned on: the template brain in many poses and changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.problem import FitProblem, Image
from LongitudinalINRLib.core.smoothing import smooth_problem
from LongitudinalINRLib.imaging.mask import mask_from
from LongitudinalINRLib.jobs.stages.problem import problem_of
from LongitudinalINRLib.simulate.change import DEFAULT_RATES
from LongitudinalINRLib.simulate.crisp import crisp_subject
from LongitudinalINRLib.simulate.subject import simulate_subject

HEAD_MM = ((-80.0, 80.0), (-113.0, 83.0), (-72.0, 88.0))
MONTHS = (0.0, 12.0, 30.0)
SMOOTHNESS_MM = (1.5, 2.0, 3.0)
SMALLEST_FACTOR, LARGEST_FACTOR = -1.0, 3.0
"""Of the default rates: some brains grow, some lose three times as much."""

SMOOTHING_MM = 0.7
LARGEST_TURN_DEGREES, LARGEST_SHIFT_MM = 15.0, 12.0
HALF_EXTENT_SHARES = (0.85, 1.3)
"""Of the template's field of view: those of scanners differ."""


@dataclass(frozen=True)
class Brains:
    """Problems to learn on.

    Parameters
    ----------
    problems : list of FitProblem
        One a simulated change, smoothed as in the last stage of a fit.
    """

    problems: list[FitProblem]

    def drawn(self, rng: np.random.Generator) -> tuple[FitProblem, Domain]:
        """Return one of the problems, its head turned and maybe mirrored, and a domain for it."""
        problem = self.problems[rng.integers(len(self.problems))]
        if rng.random() < 0.5:
            kept = problem.follow_ups[rng.integers(len(problem.follow_ups))]
            problem = replace(problem, follow_ups=(kept,))
        posed = _posed(problem, _pose(rng))
        around = Domain.around(posed.mask.shape, posed.voxel_to_world)
        shift_mm = rng.uniform(-LARGEST_SHIFT_MM, LARGEST_SHIFT_MM, 3)
        r, a, s = (np.array(around.centre_mm) + shift_mm).tolist()
        return posed, Domain((r, a, s), around.half_extent_mm * rng.uniform(*HALF_EXTENT_SHARES))


def simulated_brains(count: int, folder: Path) -> Brains:
    """Simulate changes of the template brain, or read them back.

    Parameters
    ----------
    count : int
        How many; their seeds are 9000 and on, which nothing else uses.
    folder : Path
        Keeps them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    problems = []
    for number in range(count):
        file = folder / f"brain-{number}.pt"
        if not file.exists():
            torch.save(_simulated(number), file)
            print(f"brain {number + 1} of {count} is simulated", flush=True)
        problems.append(torch.load(file, weights_only=False))
    return Brains(problems)


def _simulated(number: int) -> FitProblem:
    rng = np.random.default_rng(9000 + number)
    rates = {
        label: float(rate * rng.uniform(SMALLEST_FACTOR, LARGEST_FACTOR))
        for label, rate in DEFAULT_RATES.items()
    }
    t1, labels = crisp_subject(HEAD_MM)
    subject = simulate_subject(
        t1,
        labels,
        MONTHS,
        seed=9000 + number,
        rates_percent_per_year=rates,
        smoothness_mm=SMOOTHNESS_MM[number % len(SMOOTHNESS_MM)],
        noise=0.02,
        drift=0.03,
        shift_mm=0.0,
        turn_degrees=0.0,
    )
    scans = dict(zip(subject.months, subject.scans, strict=True))
    baseline = scans.pop(0.0)
    mask = mask_from(labels, baseline)
    matrices = dict.fromkeys(scans, np.eye(4))
    return smooth_problem(problem_of(baseline, scans, mask, matrices, leaves_drift_free=True), SMOOTHING_MM)


def _pose(rng: np.random.Generator) -> NDArray[np.float64]:
    turn = np.deg2rad(rng.uniform(-LARGEST_TURN_DEGREES, LARGEST_TURN_DEGREES, 3))
    pose = np.diag([rng.choice((-1.0, 1.0)), 1.0, 1.0, 1.0])
    for axis, angle in enumerate(turn):
        i, j = (index for index in range(3) if index != axis)
        about = np.eye(4)
        about[[i, i, j, j], [i, j, i, j]] = np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)
        pose = about @ pose
    return np.asarray(pose)


def _posed(problem: FitProblem, pose: NDArray[np.float64]) -> FitProblem:
    back = torch.from_numpy(np.linalg.inv(pose))

    def moved(image: Image) -> Image:
        return replace(image, world_to_voxel=image.world_to_voxel @ back)

    follow_ups = tuple(replace(scan, image=moved(scan.image)) for scan in problem.follow_ups)
    return replace(problem, baseline=moved(problem.baseline), follow_ups=follow_ups)
