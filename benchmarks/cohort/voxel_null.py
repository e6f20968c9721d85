"""How often the comparison of two groups finds something where there is nothing.

``python -m benchmarks.cohort.voxel_null [COHORTS]`` makes cohorts of smooth noise in which the groups do not
differ, and counts those with a finding anywhere in the brain at p < 0.05: between 2.5 and 8.5 % of 200 are
what chance allows of 5 %.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy import ndimage

from LongitudinalINRLib.cohort.maps.choice import Member
from LongitudinalINRLib.cohort.maps.design import design_of
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.space import template_space
from LongitudinalINRLib.cohort.maps.voxels import permuted
from LongitudinalINRLib.words import SEXES

VOXEL_MM = 8.0
SMOOTHNESS_MM = 10.0
SPREAD = 0.01
BEYOND_CHANCE = -np.log10(0.05)
COHORTS, PEOPLE, PERMUTATIONS = 200, 20, 99


def null_findings(cohorts: int, people: int, permutations: int, seed: int = 0) -> tuple[int, int]:
    """Return in how many cohorts any voxel, and in how many any cluster, was found.

    Parameters
    ----------
    cohorts : int
        How many are made.
    people : int
        Of each, half of them in either group; change depends on age, as it does in people.
    permutations : int
        Of each comparison.
    seed : int
        Of everything random.
    """
    space, random = template_space(VOXEL_MM), np.random.default_rng(seed)
    by_voxel = by_cluster = 0
    for number in range(cohorts):
        ages = random.uniform(60.0, 85.0, people)
        groups = random.permutation(np.arange(people) % 2)
        members = [
            Member(str(n), "ab"[group], float(age), SEXES[int(random.integers(2))], 24.0)
            for n, (group, age) in enumerate(zip(groups, ages, strict=True))
        ]
        noise = random.standard_normal((people, *space.mask.shape))
        smooth = ndimage.gaussian_filter(noise, (0.0, *[SMOOTHNESS_MM / VOXEL_MM] * 3))
        yearly = SPREAD * smooth.reshape(people, -1)[:, space.voxels] / smooth.std()
        yearly -= 0.0005 * (ages[:, None] - 60.0)
        options = MapOptions(permutations=permutations, cluster_p=0.01, seed=number)
        found = permuted(design_of(members, "b", "a"), yearly.astype(np.float32), space.mask, options)
        by_voxel += bool((found.log_p["voxelfwe"] > BEYOND_CHANCE).any())
        by_cluster += bool((found.log_p["clustersizefwe"] > BEYOND_CHANCE).any())
    return by_voxel, by_cluster


def main() -> None:
    """Print the shares."""
    cohorts = int(sys.argv[1]) if len(sys.argv) > 1 else COHORTS
    by_voxel, by_cluster = null_findings(cohorts, PEOPLE, PERMUTATIONS)
    for what, count in (("a voxel", by_voxel), ("a cluster", by_cluster)):
        print(f"{what}: {count} of {cohorts} null cohorts ({100 * count / cohorts:.1f} %)")


if __name__ == "__main__":
    main()
