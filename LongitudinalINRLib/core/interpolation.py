"""Trilinear interpolation of a scan at points in mm, with its exact gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from LongitudinalINRLib.core.problem import Image


def trilinear(image: Image, points_mm: Tensor) -> tuple[Tensor, Tensor]:
    """Sample an image at points.

    Parameters
    ----------
    image : Image
        The scan; not differentiated.
    points_mm : Tensor, shape (..., 3)
        Baseline RAS mm; differentiated.

    Returns
    -------
    values : Tensor, shape (...)
        Interpolated intensity, held constant beyond the border.
    inside : Tensor, shape (...)
        True where the point lies within the image's voxel centres, and its nearest voxel holds data.
    """
    # In this order: a device without double precision cannot take the matrix as it is.
    matrix = image.world_to_voxel.to(points_mm.dtype).to(points_mm.device)
    voxels = points_mm @ matrix[:3, :3].T + matrix[:3, 3]
    last = torch.tensor(image.values.shape, dtype=voxels.dtype, device=voxels.device) - 1
    # Rounding of float32 coordinates must not put a border voxel outside its own image.
    inside = ((voxels >= -1e-3) & (voxels <= last + 1e-3)).all(-1)
    if image.support is not None:
        nearest = torch.minimum(voxels.detach().round().clamp_min(0), last).long()
        inside = inside & image.support[nearest.unbind(-1)]
    return _Trilinear.apply(voxels, image.values), inside  # type: ignore[no-untyped-call]


class _Trilinear(torch.autograd.Function):
    """Value from the eight neighbours; the gradient comes with it, so that backward is one product."""

    @staticmethod
    def forward(ctx: Any, voxels: Tensor, values: Tensor) -> Tensor:
        size_i, size_j, size_k = values.shape
        top = torch.tensor((size_i - 2, size_j - 2, size_k - 2), device=voxels.device)
        corner = torch.minimum(voxels.detach().floor().long(), top).clamp_min_(0)
        within = (voxels.detach() - corner).clamp_(0, 1)
        x, y, z = within.unbind(-1)
        flat = (corner[..., 0] * size_j + corner[..., 1]) * size_k + corner[..., 2]
        step_i, step_j = size_j * size_k, size_k
        volume = values.reshape(-1)

        def pair(offset: int) -> tuple[Tensor, Tensor]:
            low = volume[flat + offset]
            rise = volume[flat + offset + 1] - low
            return low + z * rise, rise

        (v00, d00), (v01, d01) = pair(0), pair(step_j)
        (v10, d10), (v11, d11) = pair(step_i), pair(step_i + step_j)
        v0, v1 = v00 + y * (v01 - v00), v10 + y * (v11 - v10)
        dz0, dz1 = d00 + y * (d01 - d00), d10 + y * (d11 - d10)
        slope_y = (v01 - v00) + x * ((v11 - v10) - (v01 - v00))
        ctx.save_for_backward(torch.stack((v1 - v0, slope_y, dz0 + x * (dz1 - dz0)), dim=-1))
        return v0 + x * (v1 - v0)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor, None]:
        (slope,) = ctx.saved_tensors
        return grad_outputs[0].unsqueeze(-1) * slope, None
