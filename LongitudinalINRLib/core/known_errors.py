"""Which fits have error bars. Importing this does not need torch."""

from __future__ import annotations

from dataclasses import replace

from LongitudinalINRLib.core.config import FitConfig, preset

_EFFORT = ("seed", "start", "steps", "widths", "similarity_points", "derivative_points")
"""Settings that decide how long a fit takes, not what it looks for."""

FORMER_ALPHA = 25.0
"""Of the presets before the learned start, whose fits the error bars were found on."""


def has_known_errors(config: FitConfig) -> bool:
    """Return whether the error bars hold for a fit: log-ncc, and a preset but for its effort."""
    effort = {name: getattr(config, name) for name in _EFFORT}
    usual = replace(preset(config.preset), **effort)
    former = replace(usual, weights=replace(usual.weights, alpha=FORMER_ALPHA))
    return config.similarity == "log-ncc" and config in (usual, former)
