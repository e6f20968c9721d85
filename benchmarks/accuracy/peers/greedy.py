"""Greedy diffeomorphic registration [1]_ by picsl-greedy.

References
----------
.. [1] Yushkevich, Pluta, Wang, Wisse, Das, Wolk, "Fast automatic segmentation of hippocampal subfields and
   medial temporal lobe subregions in 3 tesla and 7 tesla T2-weighted MRI", Alzheimer's & Dementia 12(7S),
   2016.
"""

from __future__ import annotations

import io

import numpy as np
import SimpleITK as sitk
from picsl_greedy import Greedy3D

from benchmarks.accuracy.peers.crop import around_brain
from benchmarks.accuracy.peers.lps import THREADS, in_ras
from benchmarks.accuracy.peers.pair import Displacement, Pair
from LongitudinalINRLib.imaging.itk import to_itk

SETTINGS = "-m NCC 4x4x4 -n 100x50x20 -s 3.0vox 1.5vox"
"""On a box around the left temporal lobe of the tuning subject, month 24:

| metric, iterations, smoothing (voxels)                | region error | RMSE log |J| | correlation |
|-------------------------------------------------------|--------------|--------------|-------------|
| correlation, radius 4; 100, 50, 20; 3 and 1.5         | 1.03         | 0.0436       | 0.67        |
| correlation, radius 2; 100, 50, 20; 3 and 1.5         | 1.24         | 0.0494       | 0.64        |
| correlation, radius 2; 100, 50, 10; its own smoothing | 1.67         | 0.0956       | 0.42        |
| squared differences; 100, 50, 20; 3 and 1.5           | 1.85         | 0.0455       | 0.61        |"""


def register(pair: Pair) -> Displacement:
    """Register a pair up to the full resolution; no linear stage, because the scans are aligned."""
    return around_brain(_registered, pair)


def _registered(pair: Pair) -> Displacement:
    greedy = Greedy3D()
    greedy.execute(
        f"-i fixed moving -gm mask -o warp {SETTINGS} -threads {THREADS} -V 0",
        out=io.StringIO(),
        fixed=to_itk(pair.baseline),
        moving=to_itk(pair.follow_up),
        mask=sitk.Cast(to_itk(pair.mask), sitk.sitkFloat32),
        warp=None,
    )
    return in_ras(np.asarray(sitk.GetArrayViewFromImage(greedy["warp"])).transpose(2, 1, 0, 3))
