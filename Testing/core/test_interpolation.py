"""Trilinear interpolation against scipy, and its gradient against autograd's rules."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage

from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.problem import Image

OBLIQUE = torch.tensor(
    [[0.5, 0.1, 0.0, 2.0], [-0.1, 0.4, 0.1, 3.0], [0.0, -0.1, 0.3, 2.5], [0, 0, 0, 1]], dtype=torch.float64
)


def an_image(shape=(5, 6, 7), matrix=OBLIQUE):
    torch.manual_seed(0)
    return Image(torch.rand(shape, dtype=torch.float64), matrix)


def points_inside(count=50):
    torch.manual_seed(1)
    voxels = torch.rand(count, 3, dtype=torch.float64) * torch.tensor([4.0, 5.0, 6.0])
    back = torch.linalg.inv(OBLIQUE)
    return voxels @ back[:3, :3].T + back[:3, 3], voxels


def test_values_equal_an_independent_interpolation_under_an_oblique_affine():
    image = an_image()
    points_mm, voxels = points_inside()
    values, inside = trilinear(image, points_mm)
    reference = ndimage.map_coordinates(image.values.numpy(), voxels.numpy().T, order=1)
    np.testing.assert_allclose(values.numpy(), reference, atol=1e-12)
    assert inside.all()


def test_the_gradient_equals_finite_differences():
    image = an_image()
    points_mm, _ = points_inside(20)
    assert torch.autograd.gradcheck(lambda p: trilinear(image, p)[0], points_mm.requires_grad_(), eps=1e-7)


def test_points_outside_are_told_and_held_at_the_border():
    image = an_image(matrix=torch.eye(4, dtype=torch.float64))
    points = torch.tensor([[-0.5, 0, 0], [4.0, 5.0, 6.0], [4.5, 5.0, 6.0]], dtype=torch.float64)
    values, inside = trilinear(image, points)
    assert inside.tolist() == [False, True, False]
    corner = image.values[0, 0, 0], image.values[4, 5, 6], image.values[4, 5, 6]
    torch.testing.assert_close(values, torch.stack(corner))
