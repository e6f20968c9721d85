"""Whether weights that come from a file are those of a network."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn


def check_tensors(tensors: Mapping[str, Tensor], network: nn.Module) -> None:
    """Refuse weights that are not of a network.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Weights by name.
    network : Module
        What they are for.

    Raises
    ------
    ValueError
        A weight is missing, unknown, of another shape or type, or not finite.
    """
    own = network.state_dict()
    if other := sorted(own.keys() ^ tensors.keys()):
        is_missing = other[0] in own
        raise ValueError(
            f"the weights {other[0]!r:.80} are {'missing' if is_missing else 'not of this model'}"
        )
    for name, wanted in own.items():
        found = tensors[name]
        if found.shape != wanted.shape:
            raise ValueError(f"{name} has the shape {tuple(found.shape)}, expected {tuple(wanted.shape)}")
        if found.dtype != wanted.dtype:
            raise ValueError(f"{name} has the type {found.dtype}, expected {wanted.dtype}")
        if not bool(found.isfinite().all()):
            raise ValueError(f"{name} holds values that are not finite")
