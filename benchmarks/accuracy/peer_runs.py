"""Other programs on the same subjects: each follow-up registered to the baseline on its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from benchmarks.accuracy.arrays import write_arrays
from benchmarks.accuracy.cases import cases_of
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.peers.jacobian import displacement_gradient
from benchmarks.accuracy.peers.pair import Pair
from benchmarks.accuracy.peers.registry import PEERS
from benchmarks.accuracy.prepared import BASELINE, Prepared
from benchmarks.accuracy.rows import Row, rows_of
from benchmarks.accuracy.scoring import SIGN_VOXELS_PER_REGION, Values
from LongitudinalINRLib.imaging.intensity import match_intensity, normalise


def peer_rows(spec: SubjectSpec, subject: Prepared, output: Path, peer: str) -> list[Row]:
    """Score a peer on a subject; between and beyond the scans its fields change linearly in time."""
    gradients, seconds = {}, {}
    for month in subject.follow_up_months:
        gradients[month], seconds[month] = _registered(subject, month, peer, output / "peers")
    rows = []
    for case in cases_of(spec):
        estimate = FieldsInTime(
            _asked_voxels(subject),
            {month: gradients[month] for month in case.fitted_months},
            np.linalg.inv(subject.mask.affine),
            subject.mask.shape,
        )
        spent = sum(seconds[month] for month in case.fitted_months)
        rows += rows_of(spec, subject, peer, case, estimate, spent)
    return rows


@dataclass(frozen=True, eq=False)
class FieldsInTime:
    """Displacement gradients at some voxels, linear in time between the months that were registered.

    Beyond the last of them they go on at the mean pace since the baseline, as our own do.

    Parameters
    ----------
    voxels : ndarray, shape (N,)
        Flat indices, ascending.
    gradients : mapping of float to ndarray, shape (N, 3, 3)
        du/dx at those voxels, [component, axis], by month.
    to_voxel : ndarray, shape (4, 4)
        RAS mm to voxel index of the baseline.
    shape : tuple of int
        Of the baseline's grid.
    """

    voxels: NDArray[np.int64]
    gradients: Mapping[float, Values]
    to_voxel: Values
    shape: tuple[int, int, int]

    def jacobian(self, points_mm: Values, months: float) -> Values:
        """Return |J| at voxel centres."""
        gradient, _ = self._at(points_mm, months)
        return np.asarray(np.linalg.det(np.eye(3) + gradient))

    def rate(self, points_mm: Values, months: float) -> Values:
        """Return d|J|/dt per month at voxel centres, by Jacobi's formula."""
        gradient, slope = self._at(points_mm, months)
        deformation = np.eye(3) + gradient
        trace = np.einsum("nij,nji->n", np.linalg.inv(deformation), slope)
        return np.asarray(np.linalg.det(deformation) * trace)

    def _at(self, points_mm: Values, months: float) -> tuple[Values, Values]:
        indices = np.rint(points_mm @ self.to_voxel[:3, :3].T + self.to_voxel[:3, 3]).astype(np.int64)
        rows = np.searchsorted(self.voxels, np.ravel_multi_index(tuple(indices.T), self.shape))
        known = [BASELINE, *sorted(self.gradients)]
        after = int(np.searchsorted(known, months, side="left")) or 1
        start, stop = (known[after - 1], known[after]) if after < len(known) else (BASELINE, known[-1])
        first = self.gradients[start][rows] if start > BASELINE else np.zeros((len(rows), 3, 3))
        slope = (self.gradients[stop][rows] - first) / (stop - start)
        return first + (months - start) * slope, slope


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
