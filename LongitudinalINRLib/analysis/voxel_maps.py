"""Maps at the voxels of a grid, from a coarse lattice where that is exact enough, else from every voxel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from LongitudinalINRLib.analysis.lattice import Lattice
from LongitudinalINRLib.analysis.points import voxel_centres_mm
from LongitudinalINRLib.core.grid import blank_map, evaluated, maps_on_grid, quantities_of
from LongitudinalINRLib.core.jacobian import jacobian_and_rate
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.network import AXES
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.volume import Volume

STEPS_MM = (1.5, 1.0)
LARGEST_ERROR = 0.0005
"""Of |J|, and of the rate over the time of the scans, beside the network at every voxel."""

CHECKED_VOXELS = 8192
SAMPLED_SHARE = 1 / 3
"""Of the error of all voxels, what the largest of the checked ones shows at least."""

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
    derivatives by quintic splines. Whether that is exact enough is seen at some voxels, where the network is
    asked too; if it is not, the lattice is made finer, and at last every voxel is asked.

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

    def maps(
        self, months: float, quantities: Sequence[str], should_stop: ShouldStop | None = None
    ) -> dict[str, Tensor]:
        """Return maps as `core.grid.maps_on_grid` does."""
        for lattice in self._worthwhile():
            found = self._from_lattice(lattice, months, quantities, should_stop)
            if self._are_exact(found, months):
                return {name: found[name] for name in quantities}
        affine = torch.from_numpy(self.mask.affine)
        inside = torch.from_numpy(self.mask.array.astype(bool))
        return maps_on_grid(self.model, months, affine, inside, quantities, should_stop=should_stop)

    def _worthwhile(self) -> Iterator[Lattice]:
        """Yield lattices, made once, whose nodes cost less than the voxels: a fourth each."""
        if np.count_nonzero(self.mask.array) < FEWEST_VOXELS:
            return
        for step_mm in STEPS_MM:
            if step_mm**3 < np.prod(self.mask.voxel_sizes_mm):
                return
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
        for part in lattice.carried(nodes, with_slopes=not moved_only):
            if should_stop is not None and should_stop():
                raise Cancelled
            found = {"displacement": part.values[:, :AXES]}
            if part.slopes is not None:
                determinant, rate = jacobian_and_rate(part.slopes[:, :AXES], part.slopes[:, AXES:])
                found |= quantities_of(determinant, rate)
            for name in needed:
                flat[name][part.voxels] = found[name].cpu()
        return maps

    def _at_nodes(
        self, lattice: Lattice, months: float, moved_only: bool, should_stop: ShouldStop | None
    ) -> Tensor:
        """Return displacement and, if wanted, velocity at the nodes, shape (P, 3 or 6), mm, mm per month."""
        parts = []
        for points_mm in torch.split(torch.from_numpy(lattice.points_mm).float(), CHUNK_POINTS):
            if should_stop is not None and should_stop():
                raise Cancelled
            if moved_only:
                parts.append(self.model.displacement(points_mm, months))
            else:
                parts.append(torch.cat(self.model.displacement_and_velocity(points_mm, months), -1))
        return torch.cat(parts).to(self.model.device)

    def _are_exact(self, maps: Maps, months: float) -> bool:
        """Tell whether maps are as the network says, at some of the voxels."""
        inside = np.flatnonzero(self.mask.array)
        checked = inside[:: max(1, len(inside) // CHECKED_VOXELS)]
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
