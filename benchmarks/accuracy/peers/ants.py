"""ANTs SyN [1]_ by antspyx, with the deformable stage of ``antsRegistrationSyN.sh``.

References
----------
.. [1] Avants, Epstein, Grossman, Gee, "Symmetric diffeomorphic image registration with cross-correlation",
   Medical Image Analysis 12(1), 2008.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import ants
import numpy as np

from benchmarks.accuracy.peers.crop import around_brain
from benchmarks.accuracy.peers.lps import Geometry, in_ras, limit_threads
from benchmarks.accuracy.peers.pair import Displacement, Pair
from LongitudinalINRLib.imaging.volume import Volume

SETTINGS = {
    "syn_metric": "CC",
    "syn_sampling": 4,
    "grad_step": 0.1,
    "flow_sigma": 3.0,
    "total_sigma": 0.0,
    "reg_iterations": (100, 70, 50, 20),
    "singleprecision": True,
}
"""Cross-correlation in cubes of radius 4; shrink factors 8, 4, 2, 1 and smoothing of 3, 2, 1, 0 voxels follow
from the four numbers of iterations."""


def register(pair: Pair) -> Displacement:
    """Register a pair by SyN; no linear stage, because the scans are aligned."""
    return around_brain(_registered, pair)


def _registered(pair: Pair) -> Displacement:
    limit_threads()
    with tempfile.TemporaryDirectory() as folder:
        found = ants.registration(
            _image(pair.baseline),
            _image(pair.follow_up),
            "SyNOnly",
            initial_transform="Identity",
            outprefix=str(Path(folder) / "syn"),
            mask=_image(pair.mask),
            **SETTINGS,
        )
        (warp,) = (name for name in found["fwdtransforms"] if name.endswith("Warp.nii.gz"))
        return in_ras(ants.image_read(warp).numpy())


def _image(volume: Volume) -> ants.ANTsImage:
    geometry = Geometry.of(volume)
    return ants.from_numpy(
        volume.array.astype(np.float32), geometry.origin, geometry.spacing, geometry.direction
    )
