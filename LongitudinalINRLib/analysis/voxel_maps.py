"""Maps at the voxels of a grid, from a coarse lattice where that is exact enough, else from every voxel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from LongitudinalINRLib.analysis.lattice import Lattice
from LongitudinalINRLib.analysis.points import voxel_centres_mm
from LongitudinalINRLib.core.grid import blank_map, evaluated, maps_on_grid, quantities_of
from LongitudinalINRLib.core.jacobian import jacobian_and_rate_points_last
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.network import AXES
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.volume import Volume

STEPS_MM = (1.75, 1.5, 1.0)
LARGEST_ERROR = 0.0005
"""Of |J|, and of the rate over the time of the scans, beside the network at every voxel."""

CHECKED_AT_RIM, CHECKED_WITHIN = 8192, 4096
SAMPLED_SHARE = 0.4
"""Of the error of all voxels, what the largest of the checked ones shows at least; measured on four
changes of a brain of 1 mm: 0.43 and more; half as many voxels showed 0.26."""

MONTHS_AT_ONCE = 8
"""Evaluated in one pass over the nodes, of those that are expected: 20 MB each."""

MOST_KEPT_BYTES = 200_000_000
"""Of |J| and rate that stay in memory, of the brain alone: 16 months of a brain of 1 mm."""

FEWEST_VOXELS = 200_000
"""Below it every voxel is asked: that takes a second."""

CHUNK_POINTS = 4096
"""Whose layers fit into the processor's caches."""

LARGEST_SHIFT_ERROR_MM = 0.001

ShouldStop = Callable[[], bool]
Maps = dict[str, Tensor]


@dataclass(eq=False)
class VoxelMaps:
    """Makes the maps of a fit on one grid, month after month.

    The displacement and its velocity are evaluated on a lattice, and carried to the voxels with their spatial
    derivatives by splines. Whether that is exact enough is seen at voxels where the network is asked too,
    most of them at the rim of the mask, where the error is largest. If it is not, the lattice is made finer,
    and at last every voxel is asked.

    Parameters
    ----------
    model : FittedModel
        The fit.
    mask : Volume
        bool; where maps are wanted, on their grid.
    """

    model: FittedModel
    mask: Volume
    _lattices: dict[float, Lattice] = field(default_factory=dict)
    _too_coarse: set[float] = field(default_factory=set)
    _expected: tuple[float, ...] = ()
    _nodes: dict[float, Tensor] = field(default_factory=dict)
    _kept: dict[float, tuple[Tensor, Tensor]] = field(default_factory=dict)

    def expect(self, months: Sequence[float]) -> None:
        """Tell which months will be asked for in this order: what they share is then computed once."""
        self._expected = tuple(months)

    def maps(
        self, months: float, quantities: Sequence[str], should_stop: ShouldStop | None = None
    ) -> dict[str, Tensor]:
        """Return maps as `core.grid.maps_on_grid` does."""
        found = self._made(months, quantities, should_stop)
        if {"jacobian", "rate"} <= found.keys() and self._has_room():
            self._kept[months] = found["jacobian"].take(self._voxels), found["rate"].take(self._voxels)
        return found

    def _has_room(self) -> bool:
        """Tell whether another month can be kept: two numbers a voxel."""
        return (len(self._kept) + 1) * 2 * len(self._voxels) * torch.float32.itemsize <= MOST_KEPT_BYTES

    def kept(self, months: float) -> tuple[Tensor, Tensor] | None:
        """Return |J| and rate as they were made at a month, on the grid; None where they are not kept."""
        if months not in self._kept:
            return None
        maps = blank_map("jacobian", self.mask.shape), blank_map("rate", self.mask.shape)
        for values, inside in zip(maps, self._kept[months], strict=True):
            values.view(-1)[self._voxels] = inside
        return maps

    def _made(
        self, months: float, quantities: Sequence[str], should_stop: ShouldStop | None
    ) -> dict[str, Tensor]:
        for lattice in self._worthwhile():
            found = self._from_lattice(lattice, months, quantities, should_stop)
            if self._are_exact(found, months):
                return {name: found[name] for name in quantities}
            self._too_coarse.add(lattice.step_mm)
            del self._lattices[lattice.step_mm]
            self._nodes.clear()
        affine = torch.from_numpy(self.mask.affine)
        inside = torch.from_numpy(self.mask.array.astype(bool))
        return maps_on_grid(self.model, months, affine, inside, quantities, should_stop=should_stop)

    @cached_property
    def _voxels(self) -> Tensor:
        """Flat indices of the voxels of the mask."""
        return torch.from_numpy(np.flatnonzero(self.mask.array))

    @cached_property
    def _voxel_mm(self) -> Tensor:
        """The matrix that takes a displacement from voxels to RAS mm."""
        return torch.from_numpy(self.mask.affine[:3, :3])

    @cached_property
    def _checked(self) -> NDArray[np.int64]:
        """Flat indices of voxels spread over the rim of the mask, and of others within."""
        inside = self.mask.array.astype(bool)
        within = ndimage.binary_erosion(inside)
        parts = (np.flatnonzero(inside & ~within), CHECKED_AT_RIM), (np.flatnonzero(within), CHECKED_WITHIN)
        return np.concatenate([voxels[:: max(1, len(voxels) // wanted)] for voxels, wanted in parts])

    def _worthwhile(self) -> Iterator[Lattice]:
        """Yield lattices, made once, whose nodes cost less than the voxels: a fourth each."""
        if np.count_nonzero(self.mask.array) < FEWEST_VOXELS:
            return
        for step_mm in STEPS_MM:
            if step_mm**3 < np.prod(self.mask.voxel_sizes_mm):
                return
            if step_mm in self._too_coarse:
                continue
            if step_mm not in self._lattices:
                self._lattices[step_mm] = Lattice(self.mask, step_mm)
            yield self._lattices[step_mm]

    def _from_lattice(
        self, lattice: Lattice, months: float, quantities: Sequence[str], should_stop: ShouldStop | None
    ) -> Maps:
        moved_only = set(quantities) <= {"displacement"}
        needed = {"displacement"} if moved_only else {"jacobian", "rate", *quantities}
        maps = {name: blank_map(name, self.mask.shape) for name in needed}
        flat = {name: values.reshape(-1, *values.shape[3:]) for name, values in maps.items()}
        nodes = self._at_nodes(lattice, months, moved_only, should_stop)
        # In voxels: derivatives along the grid's axes are then all that |J| takes, on a turned grid too.
        per_voxel = torch.linalg.inv(self._voxel_mm).T.to(nodes)
        nodes = (nodes.view(len(nodes), -1, AXES) @ per_voxel).flatten(1)
        for part in lattice.carried(nodes, with_slopes=not moved_only):
            if should_stop is not None and should_stop():
                raise Cancelled
            found = {"displacement": part.values[:AXES].T @ self._voxel_mm.T.to(part.values)}
            if part.slopes is not None:
                determinant, rate = jacobian_and_rate_points_last(part.slopes[:AXES], part.slopes[AXES:])
                found |= quantities_of(determinant, rate)
            for name in needed:
                flat[name][part.voxels] = found[name].cpu()
        return maps

    def _at_nodes(
        self, lattice: Lattice, months: float, moved_only: bool, should_stop: ShouldStop | None
    ) -> Tensor:
        """Return displacement and, if wanted, velocity at the nodes, shape (P, 3 or 6), mm, mm per month."""
        if not moved_only and months in self._nodes:
            return self._nodes.pop(months)
        together = [months] if moved_only else self._together(months)
        parts = torch.split(torch.from_numpy(lattice.points_mm).float(), CHUNK_POINTS)
        made: Iterable[list[Tensor]] = self.model.displacement_and_velocity(parts, together)
        if moved_only:
            made = ([self.model.displacement(points_mm, months)] for points_mm in parts)
        kept = []
        for each in made:
            if should_stop is not None and should_stop():
                raise Cancelled
            kept.append(each)
        found = [torch.cat(each).to(self.model.device) for each in zip(*kept, strict=True)]
        self._nodes = dict(zip(together[1:], found[1:], strict=True))
        return found[0]

    def _together(self, months: float) -> list[float]:
        """Return a month and the next ones that are expected."""
        if months not in self._expected:
            return [months]
        first = self._expected.index(months)
        return list(self._expected[first : first + MONTHS_AT_ONCE])

    def _are_exact(self, maps: Maps, months: float) -> bool:
        """Tell whether maps are as the network says, at some of the voxels."""
        checked = self._checked
        points_mm = voxel_centres_mm(checked, self.mask.shape, self.mask.affine)
        largest = {
            "jacobian": LARGEST_ERROR,
            "rate": LARGEST_ERROR / self.model.axis.last_observed_months,
            "displacement": LARGEST_SHIFT_ERROR_MM,
        }
        asked = [name for name in largest if name in maps]
        for part in np.array_split(np.arange(len(checked)), max(1, len(checked) // CHUNK_POINTS)):
            true = evaluated(self.model, months, torch.from_numpy(points_mm[part]).float(), asked)
            for name in asked:
                found = maps[name].reshape(-1, *maps[name].shape[3:])[checked[part]]
                if (found - true[name].cpu()).abs().max() > SAMPLED_SHARE * largest[name]:
                    return False
        return True
