"""Jacobian determinant of phi = x + u and its rate, in closed form from the derivatives of u."""

from __future__ import annotations

import torch
from torch import Tensor


def deformation_gradient(du_dx: Tensor) -> Tensor:
    """Return dphi/dx = I + du/dx, shape (..., 3, 3) with [component, axis]."""
    return du_dx + torch.eye(3, dtype=du_dx.dtype, device=du_dx.device)


def cofactors(matrix: Tensor) -> Tensor:
    """Return the cofactor matrix of (..., 3, 3) matrices: d det / d matrix."""
    row0, row1, row2 = matrix.unbind(-2)
    cross = torch.linalg.cross
    return torch.stack((cross(row1, row2), cross(row2, row0), cross(row0, row1)), dim=-2)


def jacobian_determinant(du_dx: Tensor) -> Tensor:
    """Return |J| of phi from du/dx (..., 3, 3), shape (...)."""
    row0, row1, row2 = deformation_gradient(du_dx).unbind(-2)
    determinant: Tensor = (row0 * torch.linalg.cross(row1, row2)).sum(-1)
    return determinant


def jacobian_and_rate(du_dx: Tensor, d2u_dxdt: Tensor) -> tuple[Tensor, Tensor]:
    """Return |J| and d|J|/dt, both shape (...).

    Parameters
    ----------
    du_dx : Tensor, shape (..., 3, 3)
        Spatial derivatives of the displacement, [component, axis].
    d2u_dxdt : Tensor, shape (..., 3, 3)
        Their derivative with respect to time.

    Notes
    -----
    Jacobi's formula: d det(F)/dt = sum_ij cof(F)_ij dF_ij/dt.
    """
    gradient = deformation_gradient(du_dx)
    cofactor = cofactors(gradient)
    determinant = (gradient[..., 0, :] * cofactor[..., 0, :]).sum(-1)
    return determinant, (cofactor * d2u_dxdt).sum((-2, -1))
