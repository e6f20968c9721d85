"""A velocity field under which each region changes at its prescribed rate, although it is smooth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from LongitudinalINRLib.simulate.flow import flow, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats, transformed
from LongitudinalINRLib.simulate.velocity import VelocityField, potential_flow

_NODES_PER_SMOOTHNESS = 1.5
_TRUNCATE = 4.0
_PRIORITY = 1e4  # of a prescribed region over one that should merely stay near 0
_RIDGE = 0.1  # larger: more of a neighbour's change leaks into regions near 0, less contrast between them


def lattice_spacing_mm(smoothness_mm: float) -> float:
    """Return the widest spacing of nodes that still resolves a field of this smoothness."""
    return smoothness_mm / _NODES_PER_SMOOTHNESS


def truth_spacing_mm(smoothness_mm: float, voxel_sizes_mm: Floats) -> Floats:
    """Return the spacing of the nodes that the displacement is computed at, shape (3,).

    As wide as `lattice_spacing_mm` allows. Where that is finer than the voxels, every voxel is a node: the
    truth is exact there. Between them are no more nodes than the inverse needs, which is smoother than the
    velocity: one a smoothness.
    """
    widest = lattice_spacing_mm(smoothness_mm)
    nodes_per_voxel = np.ceil(voxel_sizes_mm / smoothness_mm - 1e-6)
    return np.asarray(np.where(widest < voxel_sizes_mm, voxel_sizes_mm / nodes_per_voxel, widest))


@dataclass(frozen=True, eq=False)
class Regions:
    """The labelled regions of an anatomy, at its voxels and on the lattice.

    Parameters
    ----------
    numbers : ndarray of int, shape (R,)
        Label numbers, background left out.
    members : ndarray of int, shape (I, J, K)
        Index into `numbers` plus one at every voxel; 0 in the background.
    voxels : ndarray of int, shape (R,)
        Size of each region.
    lattice : Lattice
    profiles : sparse array, shape (R, nodes of the lattice)
        What a region of log rate 1 adds at the nodes before smoothing.
    """

    numbers: NDArray[np.integer]
    members: NDArray[np.integer]
    voxels: NDArray[np.integer]
    lattice: Lattice
    profiles: sparse.csr_array

    @classmethod
    def of(
        cls, labels: NDArray[np.integer], lattice: Lattice, modulation: Callable[[Floats], Floats]
    ) -> Regions:
        """Collect the regions of a segmentation whose rates vary in space.

        Parameters
        ----------
        labels : ndarray of int, shape (I, J, K)
        lattice : Lattice
        modulation : callable
            From places in RAS mm, shape (3, N), to the factor of the rate there, shape (N,).
        """
        numbers = np.unique(labels)
        numbers = numbers[numbers != 0]
        members = np.zeros(labels.shape, dtype=np.int32)
        members[labels != 0] = np.searchsorted(numbers, labels[labels != 0]) + 1
        voxels = np.bincount(members.ravel(), minlength=len(numbers) + 1)[1:]
        rows = []
        for region, part in enumerate(ndimage.find_objects(members), start=1):
            reach, shares = lattice.average_of_part((members[part] == region) * 1.0, part)
            inside = np.nonzero(shares)
            index = np.stack([at + box.start for at, box in zip(inside, reach, strict=True)])
            factors = modulation(transformed(lattice.affine, index.astype(np.float64)))
            columns = np.ravel_multi_index(tuple(index), lattice.shape)
            values = (shares[inside] * factors).astype(np.float32)
            shape = (1, int(np.prod(lattice.shape)))
            rows.append(sparse.csr_array((values, (np.zeros_like(columns), columns)), shape=shape))
        return cls(numbers, members, voxels, lattice, sparse.csr_array(sparse.vstack(rows)))

    def means(self, field: Floats) -> Floats:
        """Average a field given at the voxels over each region, shape (R,)."""
        sums = np.bincount(self.members.ravel(), field.ravel(), minlength=len(self.numbers) + 1)
        return np.asarray(sums[1:] / self.voxels)

    def spread(self, log_rates: Floats) -> Floats:
        """Give each region its log rate, as a map over the whole lattice."""
        return np.asarray(self.profiles.T @ log_rates).reshape(self.lattice.shape)


def calibrated_velocity(
    regions: Regions,
    targets: Floats,
    prescribed: NDArray[np.bool_],
    *,
    truth_lattice: Lattice,
    smoothness_mm: float,
    groups: NDArray[np.bool_],
    rounds: int = 3,
) -> tuple[VelocityField, ...]:
    """Find rates before smoothing such that, after it, each region's mean |J| at one year is as prescribed.

    Smoothing mixes neighbours: the ventricles lose some of their growth to the caudate. The mixing is linear,
    so weighted least squares undo it: exactly for prescribed regions, as far as it takes no wild contrasts
    for the others (the ridge term). What is left, because |J| is an exponential and tissue moves,
    goes in a few rounds of correction.

    Parameters
    ----------
    regions : Regions
    targets : ndarray, shape (R,)
        Log rate per year of each region.
    prescribed : ndarray of bool, shape (R,)
        Regions that must be met.
    truth_lattice : Lattice
        Where |J| is computed to be compared with its targets.
    smoothness_mm : float
        Standard deviation of the smoothing.
    groups : ndarray of bool, shape (G, R)
        Which regions change in each of the fields that are returned; each region in one.
    rounds : int
        Corrections.

    Returns
    -------
    tuple of VelocityField, length G
        Together they meet the targets; each alone, those of its own regions, and 0 in the others.
    """
    solve = _unmixing(regions, prescribed)
    near = _near(truth_lattice, regions)
    wanted = targets.copy()
    for _ in range(rounds):
        velocity = potential_flow(regions.spread(solve(wanted)), regions.lattice, smoothness_mm)
        missing = targets - np.log(regions.means(_jacobian_after_a_year(velocity, truth_lattice, near)))
        wanted[prescribed] += missing[prescribed]
    return tuple(
        potential_flow(regions.spread(solve(wanted * group)), regions.lattice, smoothness_mm)
        for group in groups
    )


def _unmixing(regions: Regions, prescribed: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Return the function from wanted region means to the rates before smoothing."""
    shares = abs(regions.profiles)
    shares = sparse.csr_array(sparse.diags_array(1.0 / shares.sum(axis=1)) @ shares)
    mixing = np.stack([shares @ _smoothed(regions, region) for region in range(len(regions.numbers))], axis=1)
    sizes = regions.voxels / regions.voxels.sum()
    weights = sizes * np.where(prescribed, _PRIORITY, 1.0)
    inverse = np.linalg.inv(mixing.T @ (weights[:, None] * mixing) + _RIDGE * np.diag(sizes))
    return lambda wanted: inverse @ (mixing.T @ (weights * wanted) + _RIDGE * sizes * wanted)


def _smoothed(regions: Regions, region: int) -> Floats:
    """Return what a region of log rate 1 gives at every node after smoothing, shape (nodes,)."""
    row = regions.profiles[[region]]
    index = np.stack(np.unravel_index(row.indices, regions.lattice.shape))
    reach = int(np.ceil(_TRUNCATE * _NODES_PER_SMOOTHNESS)) + 1
    start = np.maximum(index.min(axis=1) - reach, 0)
    stop = np.minimum(index.max(axis=1) + reach + 1, regions.lattice.shape)
    part = np.zeros(stop - start)
    part[tuple(index - start[:, None])] = row.data
    field = np.zeros(regions.lattice.shape)
    box = tuple(slice(a, b) for a, b in zip(start, stop, strict=True))
    field[box] = ndimage.gaussian_filter(part, _NODES_PER_SMOOTHNESS, truncate=_TRUNCATE)
    return field.ravel()


def _near(lattice: Lattice, regions: Regions) -> NDArray[np.bool_]:
    """Return the nodes in or close to some region."""
    covered = lattice.average((regions.members > 0).astype(np.float64)) > 0
    return np.asarray(ndimage.binary_dilation(covered, iterations=4))


def _jacobian_after_a_year(velocity: VelocityField, lattice: Lattice, near: NDArray[np.bool_]) -> Floats:
    field = np.zeros(lattice.shape)
    field[near] = next(flow(velocity, with_log_jacobian(lattice.nodes_mm()[:, near]), [1.0]))[3]
    return np.exp(lattice.to_voxels(field))
