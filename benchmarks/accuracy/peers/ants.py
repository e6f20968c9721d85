"""ANTs SyN [1]_ by antspyx, its deformable stage alone.

References
----------
.. [1] Avants, Epstein, Grossman, Gee, "Symmetric diffeomorphic image registration with cross-correlation",
   Medical Image Analysis 12(1), 2008.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import ants
import numpy as np

from benchmarks.accuracy.peers.crop import around_brain
from benchmarks.accuracy.peers.lps import Geometry, in_ras, limit_threads
from benchmarks.accuracy.peers.pair import Displacement, Pair
from LongitudinalINRLib.imaging.volume import Volume

SETTINGS = {
    "syn_metric": "mattes",
    "syn_sampling": 32,
    "grad_step": 0.2,
    "flow_sigma": 3.0,
    "total_sigma": 0.0,
    "singleprecision": True,
}
ITERATIONS, DEFAULT_ITERATIONS = (40, 20, 10), (40, 20, 0)
"""Mutual information; shrink factors 4, 2, 1. On a part of the tuning subject:

| metric, iterations                            | region error | RMSE log |J| | correlation | CPU s |
|-----------------------------------------------|--------------|--------------|-------------|-------|
| mutual information, 40, 20, 20                | 0.56         | 0.0280       | 0.83        | 37    |
| mutual information, 40, 20, 0 (the default)   | 1.18         | 0.0218       | 0.87        | 4     |
| correlation, radius 2; 40, 20, 10             | 0.68         | 0.0300       | 0.80        | 85    |
| correlation, radius 4; 100, 70, 50, 0         | 1.15         | 0.0249       | 0.85        | 60    |

Correlation of radius 4 with 20 iterations at full resolution was not done after 224 CPU s, on a seventh of
the brain's box: from that, more than 25 CPU minutes a pair. Of the 20 iterations at full resolution half are
run: a whole brain of 1 mm then takes less than five minutes."""


def register(pair: Pair) -> Displacement:
    """Register a pair by SyN up to the full resolution; no linear stage, because the scans are aligned."""
    return around_brain(partial(_registered, iterations=ITERATIONS), pair)


def register_by_default(pair: Pair) -> Displacement:
    """Register a pair with the package's own number of iterations: none at the full resolution."""
    return around_brain(partial(_registered, iterations=DEFAULT_ITERATIONS), pair)


def _registered(pair: Pair, iterations: tuple[int, ...]) -> Displacement:
    limit_threads()
    with tempfile.TemporaryDirectory() as folder:
        found = ants.registration(
            _image(pair.baseline),
            _image(pair.follow_up),
            "SyNOnly",
            initial_transform="Identity",
            outprefix=str(Path(folder) / "syn"),
            mask=_image(pair.mask),
            reg_iterations=iterations,
            **SETTINGS,
        )
        (warp,) = (name for name in found["fwdtransforms"] if name.endswith("Warp.nii.gz"))
        return in_ras(ants.image_read(warp).numpy())


def _image(volume: Volume) -> ants.ANTsImage:
    geometry = Geometry.of(volume)
    return ants.from_numpy(
        volume.array.astype(np.float32), geometry.origin, geometry.spacing, geometry.direction
    )
