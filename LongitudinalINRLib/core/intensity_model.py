"""What the scanner can explain of the difference between two scans: drift, contrast, sharpness."""

from __future__ import annotations

from itertools import product

import torch
from torch import Tensor

# Keeps the normal equations solvable where a brain is flat or a scan constant.
RIDGE = 1e-7


def drift_basis(points: Tensor, fixed: Tensor, degree: int) -> Tensor:
    """Return the columns that a follow-up is explained by: smooth offsets, and smooth gains of the baseline.

    Parameters
    ----------
    points : Tensor, shape (N, 3)
        Where the scans were sampled; any linear coordinates span the same functions.
    fixed : Tensor, shape (N,)
        Baseline intensity there.
    degree : int
        Total degree of the polynomials in position; 0 is one gain and one offset.

    Returns
    -------
    Tensor, shape (N, 2 K)
        The K products of powers, and these times the baseline.
    """
    centred = points - points.mean(0)
    unit = centred / (2 * centred.square().mean(0).sqrt() + 1e-12)
    x, y, z = unit.unbind(-1)
    powers = [p for p in product(range(degree + 1), repeat=3) if sum(p) <= degree]
    polynomials = torch.stack([x**a * y**b * z**c for a, b, c in powers], dim=-1)
    return torch.cat((polynomials, polynomials * fixed.unsqueeze(-1)), dim=-1)


def contrast_columns(fixed: Tensor, degree: int) -> Tensor:
    """Return the powers of the baseline from the second on: a curve of intensities, as of another scanner.

    Parameters
    ----------
    fixed : Tensor, shape (N,)
        Baseline intensity.
    degree : int
        Highest power; 1 for none.

    Returns
    -------
    Tensor, shape (N, degree - 1)
    """
    unit = (fixed - fixed.mean()) / (fixed.std() + 1e-12)
    return torch.stack([unit**power for power in range(2, degree + 1)], dim=-1)


def unexplained(basis: Tensor, moving: Tensor, weight: Tensor, used: Tensor | None = None) -> Tensor:
    """Return what the basis cannot explain of each follow-up, by weighted least squares.

    Parameters
    ----------
    basis : Tensor, shape (N, M)
        Columns such as those of `drift_basis`.
    moving, weight : Tensor, shape (F, N)
        Follow-up intensities; what each point counts for, 0 where a scan was not seen.
    used : Tensor, shape (F, M), optional
        Whether a follow-up may use a column, bool; all of them when not given.

    Returns
    -------
    Tensor, shape (F, N)
        Residuals.

    Notes
    -----
    The coefficients are held constant in the gradient. At their optimum the squared residual does not depend
    on them to first order, so its gradient is exact (envelope theorem).
    """
    with torch.no_grad():
        weighted = weight.unsqueeze(-1) * basis
        # Solved on the CPU in double precision: a small system, and some devices have no double precision.
        gram = (weighted.mT @ basis).cpu().double()
        against = (weighted.mT @ moving.unsqueeze(-1)).cpu().double()
        scale = gram.diagonal(dim1=-2, dim2=-1).mean(-1)[:, None, None]
        ridge = RIDGE * scale * torch.eye(gram.shape[-1], dtype=gram.dtype)
        if used is not None:
            ridge = ridge + torch.diag_embed(scale.squeeze(-1) / RIDGE * (~used).cpu())
        coefficients = torch.linalg.solve(gram + ridge, against).to(moving.dtype).to(moving.device)
    residual: Tensor = moving - (basis @ coefficients).squeeze(-1)
    return residual
