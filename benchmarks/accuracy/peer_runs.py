"""Other programs on the same subjects: each follow-up registered to the baseline on its own."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks.accuracy.arrays import write_arrays
from benchmarks.accuracy.cases import cases_of
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.peers.in_time import REGRESSED, FieldsInTime, RegressedFields
from benchmarks.accuracy.peers.jacobian import displacement_gradient
from benchmarks.accuracy.peers.pair import Pair
from benchmarks.accuracy.peers.registry import PEERS
from benchmarks.accuracy.prepared import BASELINE, Prepared
from benchmarks.accuracy.rows import Row, rows_of
from benchmarks.accuracy.scoring import SIGN_VOXELS_PER_REGION, Values
from LongitudinalINRLib.imaging.intensity import match_intensity, normalise


def peer_rows(spec: SubjectSpec, subject: Prepared, output: Path, method: str) -> list[Row]:
    """Score a peer on a subject.

    Parameters
    ----------
    spec, subject : SubjectSpec, Prepared
        Whom.
    output : Path
        Its folder ``peers`` keeps what was registered.
    method : str
        Name of a peer, whose fields run straight from scan to scan; or such a name with `REGRESSED` behind
        it, for one straight line through all of them.
    """
    peer = method.removesuffix(REGRESSED)
    in_time = FieldsInTime if peer == method else RegressedFields
    gradients, seconds = {}, {}
    for month in subject.follow_up_months:
        gradients[month], seconds[month] = _registered(subject, month, peer, output / "peers")
    rows = []
    for case in cases_of(spec):
        estimate = in_time(
            _asked_voxels(subject),
            {month: gradients[month] for month in case.fitted_months},
            np.linalg.inv(subject.mask.affine),
            subject.mask.shape,
        )
        spent = sum(seconds[month] for month in case.fitted_months)
        rows += rows_of(spec, subject, method, case, estimate, spent)
    return rows


def _registered(subject: Prepared, month: float, peer: str, folder: Path) -> tuple[Values, float]:
    """Return du/dx at the voxels that are asked for, and the seconds that the registration took."""
    file = folder / f"{subject.name}-{month:g}-{peer.lower().replace(' ', '-')}.npz"
    if not file.exists():
        pair = pair_of(subject, month)
        register = PEERS[peer]  # imports its package, which takes seconds
        start = time.perf_counter()
        displacement = register(pair)
        seconds = time.perf_counter() - start
        gradient = displacement_gradient(displacement, subject.mask.affine)
        asked = gradient.reshape(-1, 3, 3)[_asked_voxels(subject)]
        write_arrays({"gradient": asked.astype(np.float32), "seconds": seconds}, file)
    with np.load(file) as kept:
        return kept["gradient"].astype(np.float64), float(kept["seconds"])


def pair_of(subject: Prepared, month: float) -> Pair:
    """Return baseline and aligned follow-up as every peer gets them.

    Intensity drift between them is removed, and what the mask leaves out of the scans is kept: on the tuning
    subject both made every peer more accurate.
    """
    baseline, mask, matrix = subject.scans[BASELINE], subject.mask, subject.matrices[month]
    scan = match_intensity(subject.scans[month], baseline, mask, matrix)
    index = np.linalg.inv(scan.affine) @ matrix @ baseline.affine
    resampled = ndimage.affine_transform(
        scan.array.astype(np.float32), index[:3, :3], index[:3, 3], output_shape=baseline.shape, order=3
    )
    return Pair(normalise(baseline, mask), normalise(baseline.with_array(resampled), mask), mask)


def _asked_voxels(subject: Prepared) -> NDArray[np.int64]:
    regions = subject.regions
    return np.union1d(
        regions.voxels[subject.sample], regions.voxels[regions.even_sample(SIGN_VOXELS_PER_REGION)]
    )
