"""Maps of the fitted model on a voxel grid, in chunks of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.core.problem import Image
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.words import SMALLEST_JACOBIAN

QUANTITIES = ("jacobian", "log-jacobian", "rate", "displacement")
CHUNK_POINTS = 2048
"""Whose layers, with all their derivatives, fit into a processor's caches: twice as fast as 16384."""


def maps_on_grid(
    model: FittedModel,
    months: float,
    voxel_to_world: Tensor,
    mask: Tensor,
    quantities: Sequence[str],
    *,
    should_stop: Callable[[], bool] | None = None,
) -> dict[str, Tensor]:
    """Evaluate maps at the voxels of a mask.

    Parameters
    ----------
    model : FittedModel
        The fitted model.
    months : float
        Time of the maps.
    voxel_to_world : Tensor, shape (4, 4)
        Voxel index to RAS mm of the grid.
    mask : Tensor, shape (I, J, K)
        Voxels to evaluate, bool.
    quantities : sequence of {"jacobian", "log-jacobian", "rate", "displacement"}
        What to return; the rate is per month, the displacement in mm RAS.
    should_stop : callable, optional
        Asked before every chunk.

    Returns
    -------
    dict of Tensor
        float32 on the CPU, shape (I, J, K), or (I, J, K, 3) for the displacement. Outside the mask |J| is 1
        and everything else 0.

    Raises
    ------
    Cancelled
        If `should_stop` says so.
    """
    unknown = set(quantities) - set(QUANTITIES)
    if unknown:
        raise ValueError(f"Expected quantities of {QUANTITIES}, found {sorted(unknown)}.")
    mask = mask.cpu()
    maps = {name: blank_map(name, mask.shape) for name in quantities}
    flat = {name: values.reshape(-1, *values.shape[3:]) for name, values in maps.items()}
    for index, points_mm in _chunks(mask, voxel_to_world, should_stop):
        for name, values in evaluated(model, months, points_mm, quantities).items():
            flat[name][index] = values.to("cpu", torch.float32)
    return maps


def warped_on_grid(
    model: FittedModel, months: float, image: Image, voxel_to_world: Tensor, shape: Sequence[int]
) -> Tensor:
    """Return a scan taken at `months` in baseline space: its intensity at phi_t(x), shape (I, J, K)."""
    return _sampled(lambda points_mm: model.warp(points_mm, months), image, voxel_to_world, shape)


def predicted_on_grid(
    model: FittedModel, months: float, baseline: Image, voxel_to_world: Tensor, shape: Sequence[int]
) -> Tensor:
    """Return the baseline carried to `months`: its intensity at phi_t^-1(y), shape (I, J, K)."""
    return _sampled(lambda points_mm: model.inverse_warp(points_mm, months), baseline, voxel_to_world, shape)


def _sampled(
    move: Callable[[Tensor], Tensor], image: Image, voxel_to_world: Tensor, shape: Sequence[int]
) -> Tensor:
    everywhere = torch.ones(tuple(shape), dtype=torch.bool)
    out = torch.zeros(tuple(shape), dtype=torch.float32)
    for index, points_mm in _chunks(everywhere, voxel_to_world, None):
        moved = move(points_mm).to(image.values.device)
        values, inside = trilinear(image, moved)
        out.view(-1)[index] = torch.where(inside, values, 0.0).cpu()
    return out


def blank_map(name: str, shape: Sequence[int]) -> Tensor:
    """Return a map as it is outside the mask."""
    full = (*shape, 3) if name == "displacement" else tuple(shape)
    return torch.full(full, 1.0 if name == "jacobian" else 0.0, dtype=torch.float32)


def quantities_of(jacobian: Tensor, rate: Tensor) -> dict[str, Tensor]:
    """Return what |J| and its rate, each of shape (N,), give, by name."""
    # A folded voxel is counted elsewhere and must not become NaN here.
    logarithm = jacobian.clamp_min(SMALLEST_JACOBIAN).log()
    return {"jacobian": jacobian, "log-jacobian": logarithm, "rate": rate}


def _chunks(
    mask: Tensor, voxel_to_world: Tensor, should_stop: Callable[[], bool] | None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield flat voxel indices and their points in RAS mm."""
    matrix = voxel_to_world.to("cpu", torch.float32)
    _, size_j, size_k = mask.shape
    for index in torch.split(mask.reshape(-1).nonzero().squeeze(-1), CHUNK_POINTS):
        if should_stop is not None and should_stop():
            raise Cancelled
        voxels = torch.stack((index // (size_j * size_k), index // size_k % size_j, index % size_k), dim=-1)
        yield index, voxels.to(torch.float32) @ matrix[:3, :3].T + matrix[:3, 3]


def evaluated(
    model: FittedModel, months: float, points_mm: Tensor, quantities: Sequence[str]
) -> dict[str, Tensor]:
    """Return quantities at points (N, 3), asked of the network itself."""
    values: dict[str, Tensor] = {}
    if "displacement" in quantities:
        values["displacement"] = model.displacement(points_mm, months)
    if set(quantities) - {"displacement"}:
        values |= quantities_of(*model.jacobian_and_rate(points_mm, months))
    return {name: values[name] for name in quantities}
