"""A velocity field under which each region changes at its prescribed rate, although it is smooth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.simulate.flow import flow, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.velocity import VelocityField, potential_flow

_NODES_PER_SMOOTHNESS = 1.5
_PRIORITY = 1e4  # of a prescribed region over one that should merely stay near 0
_RIDGE = 0.1  # larger: more of a neighbour's change leaks into regions near 0, less contrast between them


def lattice_spacing_mm(smoothness_mm: float) -> float:
    """Return the widest spacing of nodes that still resolves a field of this smoothness."""
    return smoothness_mm / _NODES_PER_SMOOTHNESS


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
    near : ndarray of bool, shape lattice.shape
        Nodes in or close to some region.
    profiles : ndarray, shape (R, near.sum())
        What a region of log rate 1 adds at those nodes before smoothing.
    """

    numbers: NDArray[np.integer]
    members: NDArray[np.integer]
    voxels: NDArray[np.integer]
    near: NDArray[np.bool_]
    profiles: NDArray[np.float32]

    @classmethod
    def of(cls, labels: NDArray[np.integer], modulation: Floats, lattice: Lattice) -> Regions:
        """Collect the regions of a segmentation whose rates vary in space as ``modulation`` says."""
        numbers = np.unique(labels)
        numbers = numbers[numbers != 0]
        members = np.zeros(labels.shape, dtype=np.int32)
        members[labels != 0] = np.searchsorted(numbers, labels[labels != 0]) + 1
        near = ndimage.binary_dilation(lattice.average((members > 0).astype(np.float64)) > 0, iterations=4)
        profiles = np.stack(
            [
                (lattice.average((members == r + 1) * 1.0) * modulation)[near].astype(np.float32)
                for r in range(len(numbers))
            ]
        )
        voxels = np.bincount(members.ravel(), minlength=len(numbers) + 1)[1:]
        return cls(numbers, members, voxels, near, profiles)

    def means(self, field: Floats) -> Floats:
        """Average a field given at the voxels over each region, shape (R,)."""
        sums = np.bincount(self.members.ravel(), field.ravel(), minlength=len(self.numbers) + 1)
        return np.asarray(sums[1:] / self.voxels)

    def spread(self, log_rates: Floats) -> Floats:
        """Give each region its log rate, as a map over the whole lattice."""
        field = np.zeros(self.near.shape)
        field[self.near] = log_rates @ self.profiles
        return field


def calibrated_velocity(
    regions: Regions,
    targets: Floats,
    prescribed: NDArray[np.bool_],
    *,
    lattice: Lattice,
    smoothness_mm: float,
    rounds: int = 3,
) -> VelocityField:
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
    lattice : Lattice
    smoothness_mm : float
        Standard deviation of the smoothing.
    rounds : int
        Corrections.

    Returns
    -------
    VelocityField
    """
    solve = _unmixing(regions, prescribed)
    wanted = targets.copy()
    velocity = potential_flow(regions.spread(solve(wanted)), lattice, smoothness_mm)
    for _ in range(rounds):
        missing = targets - np.log(regions.means(_jacobian_after_a_year(velocity, regions.near)))
        wanted[prescribed] += missing[prescribed]
        velocity = potential_flow(regions.spread(solve(wanted)), lattice, smoothness_mm)
    return velocity


def _unmixing(regions: Regions, prescribed: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
    """Return the function from wanted region means to the rates before smoothing."""
    smoothed = []
    for rate in np.eye(len(regions.numbers)):
        field = ndimage.gaussian_filter(regions.spread(rate), _NODES_PER_SMOOTHNESS)
        smoothed.append(field[regions.near].astype(np.float32))
    shares = np.abs(regions.profiles)
    mixing = (shares / shares.sum(axis=1, keepdims=True)) @ np.stack(smoothed).T
    sizes = regions.voxels / regions.voxels.sum()
    weights = sizes * np.where(prescribed, _PRIORITY, 1.0)
    inverse = np.linalg.inv(mixing.T @ (weights[:, None] * mixing) + _RIDGE * np.diag(sizes))
    return lambda wanted: inverse @ (mixing.T @ (weights * wanted) + _RIDGE * sizes * wanted)


def _jacobian_after_a_year(velocity: VelocityField, near: NDArray[np.bool_]) -> Floats:
    lattice = velocity.lattice
    field = np.zeros(lattice.shape)
    field[near] = next(flow(velocity, with_log_jacobian(lattice.nodes_mm()[:, near]), [1.0]))[3]
    return np.exp(lattice.to_voxels(field))
