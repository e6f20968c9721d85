"""Which optimiser moves which weights."""

from __future__ import annotations

import torch
from torch import nn

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.muon import Muon
from LongitudinalINRLib.core.network import DisplacementNetwork

BETAS = (0.9, 0.99)
# Far below Adam's usual 1e-8: displacements are thousandths of the model's unit, and so are their gradients.
EPSILON = 1e-12


def make_optimisers(network: DisplacementNetwork, config: FitConfig) -> list[torch.optim.Optimizer]:
    """Return the optimisers of a network; each group carries its ``peak_lr``."""
    matrices = [layer.weight for layer in network.hidden.children() if isinstance(layer, nn.Linear)]
    if config.optimiser == "adamw":
        matrices = []
    taken = {id(weight) for weight in matrices}
    others = [weight for weight in network.parameters() if id(weight) not in taken]
    optimisers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(
            others, lr=config.learning_rate, betas=BETAS, eps=EPSILON, weight_decay=config.weight_decay
        )
    ]
    if matrices:
        optimisers.append(Muon(matrices, lr=config.matrix_learning_rate))
    for optimiser in optimisers:
        for group in optimiser.param_groups:
            group["peak_lr"] = group["lr"]
    return optimisers
