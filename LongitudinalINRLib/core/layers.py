"""Linear layers whose first weights come from a generator of their own.

torch's global random state is shared by all threads of a process: drawing from it, even between saving and
restoring it, lets two fits that start at the same moment change each other's weights.
"""

from __future__ import annotations

import math

import torch
from torch import nn


def linear(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    """Return a linear layer with the weights that `torch.nn.Linear` would draw from this generator.

    Parameters
    ----------
    inputs, outputs : int
        Features taken and made.
    generator : torch.Generator
        Drawn from once for the weight and once for the bias, in this order.
    """
    layer = _Unset(inputs, outputs)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(inputs)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


class _Unset(nn.Linear):
    """A linear layer that draws nothing when it is made.

    Made on the device "meta" and moved from there it would not draw either, but load torch's compiler, which
    takes half a second.
    """

    def reset_parameters(self) -> None:
        """Leave the weights as they are."""
