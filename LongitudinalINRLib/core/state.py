"""Everything a fit needs to go on where it was, as flat tensors and JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from LongitudinalINRLib.core.optimisers import Optimiser


@dataclass(frozen=True)
class FitState:
    """A snapshot of a fit.

    Parameters
    ----------
    tensors : dict of Tensor
        Weights, moments of the optimiser and the state of the random generator, on the CPU.
    scalars : dict
        Step, learning rate and loss history, as JSON values.
    """

    tensors: dict[str, Tensor]
    scalars: dict[str, Any]


def capture(
    network: nn.Module,
    optimisers: Sequence[Optimiser],
    generator: torch.Generator,
    scalars: dict[str, Any],
) -> FitState:
    """Copy the state of a running fit."""
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    for number, optimiser in enumerate(optimisers):
        for index, moments in enumerate(optimiser.moments):
            tensors |= {f"optimiser{number}.{index}.{name}": value for name, value in moments.items()}
    tensors["generator"] = generator.get_state()
    copies = {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}
    return FitState(copies, dict(scalars))


def restore(
    state: FitState,
    network: nn.Module,
    optimisers: Sequence[Optimiser],
    generator: torch.Generator,
) -> None:
    """Put a snapshot back into a fit of the same configuration."""
    prefix = "network."
    network.load_state_dict(
        {n.removeprefix(prefix): v for n, v in state.tensors.items() if n.startswith(prefix)}
    )
    for number, optimiser in enumerate(optimisers):
        for index, moments in enumerate(optimiser.moments):
            for name, value in moments.items():
                kept = state.tensors.get(f"optimiser{number}.{index}.{name}")
                value.zero_() if kept is None else value.copy_(kept)  # none: of an older version's first step
    generator.set_state(state.tensors["generator"])
