"""The first-order effect of blur on a scan."""

from __future__ import annotations

from dataclasses import replace

import torch

from LongitudinalINRLib.core.problem import Image


def laplacian(image: Image) -> Image:
    """Return the Laplacian of an image per square mm, its border repeated.

    A Gaussian of standard deviation s turns I into I + s^2 / 2 times this, to first order (heat equation); a
    negative share of it sharpens.
    """
    axes = torch.linalg.inv(image.world_to_voxel)[:3, :3]
    spacing_mm = torch.linalg.vector_norm(axes, dim=0).tolist()
    values = image.values
    total = torch.zeros_like(values)
    for axis, step_mm in enumerate(spacing_mm):
        last = values.shape[axis] - 1
        index = torch.arange(last + 1, device=values.device)
        ahead = values.index_select(axis, (index + 1).clamp_max(last))
        behind = values.index_select(axis, (index - 1).clamp_min(0))
        total += (ahead + behind - 2 * values) / step_mm**2
    return replace(image, values=total)
