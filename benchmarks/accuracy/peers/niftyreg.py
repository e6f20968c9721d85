"""NiftyReg's free-form deformation [1]_, its program ``reg_f3d``.

References
----------
.. [1] Modat, Ridgway, Taylor, Lehmann, Barnes, Hawkes, Fox, Ourselin, "Fast free-form deformation using
   graphics processing units", Computer Methods and Programs in Biomedicine 98(3), 2010.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import nibabel
import numpy as np
from niftyreg import bin_path

from benchmarks.accuracy.peers.crop import around_brain
from benchmarks.accuracy.peers.lps import THREADS
from benchmarks.accuracy.peers.pair import Displacement, Pair
from LongitudinalINRLib.imaging.volume import Volume

SETTINGS = ("--lncc", "-5", "-be", "0.001", "-le", "0.01")
"""Everything else as the program has it: splines 5 voxels apart, three levels. On a box around the left
temporal lobe of the tuning subject, month 24:

| similarity, bending and linear energy        | region error | RMSE log |J| | correlation |
|----------------------------------------------|--------------|--------------|-------------|
| local correlation of 5 voxels, 0.001, 0.01   | 0.97         | 0.0310       | 0.82        |
| mutual information, 0.01, 0.01               | 1.37         | 0.0267       | 0.81        |
| mutual information, 0.001, 0.01 (its own)    | 1.40         | 0.0335       | 0.79        |
| mutual information, 0.0001, 0.001            | 1.66         | 0.0373       | 0.75        |
| its own, splines 3 voxels apart              | 1.67         | 0.0642       | 0.53        |"""


def register(pair: Pair) -> Displacement:
    """Register a pair by a grid of B-splines up to the full resolution, from no displacement."""
    return around_brain(partial(_registered, settings=SETTINGS), pair)


def _registered(pair: Pair, settings: tuple[str, ...]) -> Displacement:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        baseline, follow_up, mask, splines, moved, field = (
            folder / f"{part}.nii" for part in ("baseline", "follow-up", "mask", "splines", "moved", "field")
        )
        for volume, file in ((pair.baseline, baseline), (pair.follow_up, follow_up), (pair.mask, mask)):
            _write(volume, file)
        given = ("-ref", baseline, "-flo", follow_up, "-rmask", mask)
        _run("reg_f3d", *given, "-cpp", splines, "-res", moved, *settings)
        _run("reg_transform", "-ref", baseline, "-disp", splines, field)
        displacement = np.asarray(nibabel.load(field).dataobj, dtype=np.float32)
    return displacement.reshape(*pair.mask.shape, 3)


def _run(program: str, *arguments: str | Path) -> None:
    threads = {"OMP_NUM_THREADS": str(THREADS)}
    command = [str(bin_path / program), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | threads)


def _write(volume: Volume, file: Path) -> None:
    nibabel.save(nibabel.Nifti1Image(volume.array.astype(np.float32), volume.affine), file)
