"""Everything a fit needs to go on where it was, as flat tensors and JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


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
    optimisers: Sequence[torch.optim.Optimizer],
    generator: torch.Generator,
    scalars: dict[str, Any],
) -> FitState:
    """Copy the state of a running fit."""
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    for number, optimiser in enumerate(optimisers):
        for index, moments in optimiser.state_dict()["state"].items():
            prefix = f"optimiser{number}.{index}"
            tensors |= {f"{prefix}.{name}": torch.as_tensor(value) for name, value in moments.items()}
    tensors["generator"] = generator.get_state()
    copies = {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}
    return FitState(copies, dict(scalars))


def restore(
    state: FitState,
    network: nn.Module,
    optimisers: Sequence[torch.optim.Optimizer],
    generator: torch.Generator,
) -> None:
    """Put a snapshot back into a fit of the same configuration."""
    prefix = "network."
    network.load_state_dict(
        {n.removeprefix(prefix): v for n, v in state.tensors.items() if n.startswith(prefix)}
    )
    for number, optimiser in enumerate(optimisers):
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in state.tensors.items():
            if name.startswith(f"optimiser{number}."):
                _, index, moment = name.split(".", 2)
                moments.setdefault(int(index), {})[moment] = value.clone()
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": moments, "param_groups": groups})
    generator.set_state(state.tensors["generator"])
