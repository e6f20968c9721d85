"""The part of a pair that holds the brain: what lies around it costs the methods time and tells nothing."""

from __future__ import annotations

import numpy as np

from benchmarks.accuracy.peers.pair import Displacement, Pair, Register
from LongitudinalINRLib.imaging.volume import Volume

MARGIN_MM = 10.0


def around_brain(register: Register, pair: Pair) -> Displacement:
    """Register the box around the mask, and a margin, alone; elsewhere the displacement is 0.

    Parameters
    ----------
    register : Register
        The method.
    pair : Pair
        Whole scans; the mask is not empty.
    """
    brain = np.argwhere(pair.mask.array)
    margin = np.rint(MARGIN_MM / pair.mask.voxel_sizes_mm).astype(int)
    start = np.maximum(brain.min(axis=0) - margin, 0)
    stop = np.minimum(brain.max(axis=0) + 1 + margin, pair.mask.shape)
    box = tuple(slice(int(first), int(last)) for first, last in zip(start, stop, strict=True))
    affine = pair.mask.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ start

    def part(volume: Volume) -> Volume:
        return Volume(np.ascontiguousarray(volume.array[box]), affine)

    whole = np.zeros((*pair.mask.shape, 3), np.float32)
    whole[box] = register(Pair(part(pair.baseline), part(pair.follow_up), part(pair.mask)))
    return whole
