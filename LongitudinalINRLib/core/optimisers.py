"""Which optimiser moves which weights.

They are no `torch.optim.Optimizer`: making the first one imports torch's compiler, for which every job would
wait two seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.muon import Muon
from LongitudinalINRLib.core.network import DisplacementNetwork

BETAS = (0.9, 0.99)
# Far below Adam's usual 1e-8: displacements are thousandths of the model's unit, and so are their gradients.
EPSILON = 1e-12


class Optimiser(Protocol):
    """Moves some weights along their gradients."""

    peak_rate: float
    """Learning rate at the height of the schedule."""

    moments: list[dict[str, Tensor]]
    """What it remembers of each weight, by name."""

    def step(self, rate: float) -> None:
        """Take one step at a learning rate."""


class AdamW:
    """Adam with decoupled weight decay, by torch's own function.

    Parameters
    ----------
    weights : iterable of Tensor
        What is moved; one without a gradient stays.
    peak_rate, weight_decay : float
        Learning rate at the height of the schedule; decay.

    References
    ----------
    Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
    """

    def __init__(self, weights: Iterable[Tensor], peak_rate: float, weight_decay: float):
        self.peak_rate = peak_rate
        self._weights, self._weight_decay = list(weights), weight_decay
        self.moments = [
            {"step": torch.zeros(()), "exp_avg": torch.zeros_like(w), "exp_avg_sq": torch.zeros_like(w)}
            for w in (weight.detach() for weight in self._weights)
        ]

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Take one step at a learning rate."""
        pairs = zip(self._weights, self.moments, strict=True)
        moved = [(weight, weight.grad, moments) for weight, moments in pairs if weight.grad is not None]
        beta_1, beta_2 = BETAS
        adamw(
            params=[weight for weight, _, _ in moved],
            grads=[gradient for _, gradient, _ in moved],
            exp_avgs=[moments["exp_avg"] for _, _, moments in moved],
            exp_avg_sqs=[moments["exp_avg_sq"] for _, _, moments in moved],
            max_exp_avg_sqs=[],
            state_steps=[moments["step"] for _, _, moments in moved],
            amsgrad=False,
            beta1=beta_1,
            beta2=beta_2,
            lr=rate,
            weight_decay=self._weight_decay,
            eps=EPSILON,
            maximize=False,
        )


def make_optimisers(network: DisplacementNetwork, config: FitConfig) -> list[Optimiser]:
    """Return the optimisers of a network."""
    matrices = [layer.weight for layer in network.hidden.children() if isinstance(layer, nn.Linear)]
    if config.optimiser == "adamw":
        matrices = []
    taken = {id(weight) for weight in matrices}
    others = [weight for weight in network.parameters() if id(weight) not in taken]
    adam = AdamW(others, config.learning_rate, config.weight_decay)
    return [adam, Muon(matrices, config.matrix_learning_rate)] if matrices else [adam]
