"""Where the losses are evaluated: random points of the brain, or patches of the baseline's lattice."""

from __future__ import annotations

import torch
from torch import Tensor

from LongitudinalINRLib.core.problem import FitProblem, Image

FLAT_SHARE = 0.3
"""How often a flat place is drawn, of the mean of all."""


class BrainSampler:
    """Draws points of the brain, seeded.

    Parameters
    ----------
    problem : FitProblem
        Its mask and baseline grid.
    generator : torch.Generator
        On the CPU, so that every device draws the same points.
    """

    def __init__(self, problem: FitProblem, generator: torch.Generator):
        self.generator = generator
        self.voxels = problem.mask.cpu().nonzero().to(torch.int16)
        self.shape = torch.tensor(problem.mask.shape)
        self.voxel_to_world = problem.voxel_to_world.cpu().to(torch.float32)
        self.device = problem.mask.device
        self._density: tuple[Image, Tensor, Tensor] | None = None

    def points(self, count: int) -> Tensor:
        """Return points in RAS mm, shape (count, 3), uniform in the brain and off the grid.

        The jitter makes baseline and follow-up interpolated alike: on the grid only the follow-up would be
        blurred, which biases |J| on unchanged subjects.
        """
        chosen = torch.randint(len(self.voxels), (count,), generator=self.generator)
        jitter = torch.rand(count, 3, generator=self.generator) - 0.5
        return self._to_world(self.voxels[chosen] + jitter)

    def points_near_edges(self, count: int, image: Image) -> tuple[Tensor, Tensor]:
        """Return points of the brain, more of them where an image is steep, and what each stands for.

        Flat tissue tells nothing about displacement. The weights undo the uneven drawing, so that sums over
        the points estimate those over the brain, with less noise (importance sampling). The voxels are
        drawn from even parts of the total, so that no part of the brain is missed.

        Parameters
        ----------
        count : int
            How many.
        image : Image
            On the baseline's grid.

        Returns
        -------
        points_mm : Tensor, shape (count, 3)
            RAS mm, jittered off the grid.
        weight : Tensor, shape (count,)
            Their mean is about 1.
        """
        density, total = self._density_of(image)
        parts = (torch.arange(count) + torch.rand(count, generator=self.generator)) / count
        chosen = torch.searchsorted(total, parts.double() * total[-1]).clamp_max(len(density) - 1)
        jitter = torch.rand(count, 3, generator=self.generator) - 0.5
        return self._to_world(self.voxels[chosen] + jitter), (1 / density[chosen]).to(self.device)

    def _density_of(self, image: Image) -> tuple[Tensor, Tensor]:
        """Return how often each voxel is drawn, 1 on average, and the running total; kept for one image."""
        if self._density is None or self._density[0] is not image:
            values = image.values.cpu()
            squares = torch.zeros_like(values)
            for axis in range(values.ndim):
                squares += torch.gradient(values, dim=axis)[0].square_()
            i, j, k = self.voxels.long().unbind(-1)
            steepness = squares[i, j, k].sqrt_()
            density = steepness + FLAT_SHARE * steepness.mean() + 1e-12
            density /= density.mean()
            self._density = image, density, density.double().cumsum(0)
        return self._density[1:]

    def patches(self, count: int, edge: int, jitter: bool) -> Tensor:
        """Return patches of `edge`^3 lattice points around brain voxels, RAS mm, shape (count, edge^3, 3)."""
        chosen = torch.randint(len(self.voxels), (count,), generator=self.generator)
        room = (self.shape - edge).clamp_min(0)
        corner = torch.minimum((self.voxels[chosen] - edge // 2).clamp_min(0), room).to(torch.float32)
        if jitter:
            corner += torch.rand(count, 3, generator=self.generator) - 0.5
        axis = torch.arange(edge, dtype=torch.float32)
        lattice = torch.cartesian_prod(axis, axis, axis)
        return self._to_world(corner[:, None] + lattice)

    def _to_world(self, voxels: Tensor) -> Tensor:
        world = voxels @ self.voxel_to_world[:3, :3].T + self.voxel_to_world[:3, 3]
        return world.to(self.device)
