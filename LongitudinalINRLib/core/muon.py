"""Muon: momentum whose matrix is orthogonalised, for the square weights between sine layers."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

ITERATIONS = 5
# Quintic a + b s^2 + c s^4 of Jordan et al. 2024: steepest at zero, keeps singular values near one.
QUINTIC = (3.4445, -4.7750, 2.0315)


def orthogonalised(matrix: Tensor) -> Tensor:
    """Return the matrix with its singular values brought near 1, by Newton-Schulz iteration.

    Parameters
    ----------
    matrix : Tensor, shape (M, N)
        Any matrix.
    """
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = wide / (torch.linalg.matrix_norm(wide) + 1e-12)
    a, b, c = QUINTIC
    for _ in range(ITERATIONS):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: Tensor = x if wide is matrix else x.T
    return result


class Muon:
    """Gradient descent along orthogonalised Nesterov momentum.

    Every direction of a weight matrix moves at the same pace, however small its gradient: a sine network
    needs fewer steps than with Adam.

    Parameters
    ----------
    weights : iterable of Tensor
        Matrices; one without a gradient stays.
    peak_rate : float
        Step at the height of the schedule, as the spectral norm of a change of weight.
    momentum : float
        Share of the momentum kept.

    References
    ----------
    Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
    """

    def __init__(self, weights: Iterable[Tensor], peak_rate: float, momentum: float = 0.95):
        self.peak_rate = peak_rate
        self._weights, self._momentum = list(weights), momentum
        self.moments = [{"momentum": torch.zeros_like(weight.detach())} for weight in self._weights]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Take one step at a learning rate."""
        for weight, moments in zip(self._weights, self.moments, strict=True):
            if weight.grad is not None:
                self._move(weight, weight.grad, moments["momentum"], rate)

    def _move(self, weight: Tensor, gradient: Tensor, momentum: Tensor, rate: float) -> None:
        momentum.lerp_(gradient, 1 - self._momentum)
        ahead = gradient.lerp(momentum, self._momentum)
        tallness = max(1.0, weight.shape[0] / weight.shape[1]) ** 0.5
        weight.add_(orthogonalised(ahead), alpha=-rate * tallness)
