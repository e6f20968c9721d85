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

SETTINGS = "-m NCC 2x2x2 -n 100x50x20 -s 2.0vox 1.0vox"


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
