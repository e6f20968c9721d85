"""Structures as people name them: left and right together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.prepared import BASELINE, Prepared
from benchmarks.accuracy.scoring import Values
from LongitudinalINRLib.analysis.points import voxel_centres_mm
from LongitudinalINRLib.analysis.region_set import RegionSet

LATERAL_VENTRICLES = (4, 43)
HIPPOCAMPI = (17, 53)
STRUCTURES: Mapping[str, tuple[int, ...]] = {
    "Lateral ventricles": LATERAL_VENTRICLES,
    "Hippocampi": HIPPOCAMPI,
    "Amygdalae": (18, 54),
    "Thalami": (10, 49),
    "Cortex": (3, 42),
    "White matter": (2, 41),
    "Caudate nuclei": (11, 50),
}
VOXELS_PER_REGION = 500


def structures_of(regions: RegionSet) -> dict[str, list[int]]:
    """Return the structures that a subject has, each with the positions of its regions."""
    found = {
        name: [regions.labels.index(label) for label in labels if label in regions.labels]
        for name, labels in STRUCTURES.items()
    }
    return {name: positions for name, positions in found.items() if positions}


def sample_of(regions: RegionSet) -> NDArray[np.int64]:
    """Return positions of voxels spread evenly through every structure, as `RegionSet.means` takes them."""
    wanted = [position for positions in structures_of(regions).values() for position in positions]
    sample = regions.even_sample(VOXELS_PER_REGION)
    return sample[np.isin(regions.codes[sample], wanted)]


def means(regions: RegionSet, sample: NDArray[np.int64], values: Values) -> dict[str, float]:
    """Return the mean over each structure of a value at sampled voxels."""
    by_region = regions.means(values, sample)
    return {
        name: float(np.average(by_region[positions], weights=regions.counts[positions]))
        for name, positions in structures_of(regions).items()
    }


def centre_mm(subject: Prepared, labels: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the centre of some labels at baseline in RAS mm, or of the brain where there are none."""
    segmentation = subject.labels[BASELINE]
    chosen = np.isin(segmentation.array, labels)
    voxels = np.flatnonzero(chosen if chosen.any() else subject.mask.array)
    return voxel_centres_mm(voxels, segmentation.shape, segmentation.affine).mean(axis=0)
