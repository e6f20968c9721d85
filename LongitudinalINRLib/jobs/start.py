"""The hidden layers that a fit starts from, learned on simulated people (`docs/method.md`, section 5)."""

from __future__ import annotations

import hashlib
from importlib import resources

from safetensors.torch import load
from torch import Tensor

from LongitudinalINRLib.core.config import FitConfig, preset

LEARNED = "start.safetensors"
_LEARNED_FOR = ("widths", "omega", "time_encoding", "time_activation", "time_unit", "identity")
"""Settings that the network must share with that of `standard`."""


def start_of(config: FitConfig) -> dict[str, Tensor] | None:
    """Return the learned start of a fit, by the names of the network's weights.

    Parameters
    ----------
    config : FitConfig
        The settings.

    Returns
    -------
    dict of Tensor, or None
        None where the fit starts at random: because the settings say so, or because its network is another
        than the one that the start was learned for.
    """
    return load(_learned()) if _starts_learned(config) else None


def start_digest(config: FitConfig) -> str:
    """Return what tells one learned start from another as a hash; empty where a fit starts at random."""
    return hashlib.sha256(_learned()).hexdigest() if _starts_learned(config) else ""


def _starts_learned(config: FitConfig) -> bool:
    learned_for = preset("standard")
    alike = all(getattr(config, name) == getattr(learned_for, name) for name in _LEARNED_FOR)
    return config.start == "learned" and alike


def _learned() -> bytes:
    return resources.files(__package__).joinpath(LEARNED).read_bytes()
