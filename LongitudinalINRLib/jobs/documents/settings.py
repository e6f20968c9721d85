"""The settings of a fit in `fit.json` and `model.json`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

from LongitudinalINRLib.core.config import FitConfig, current_settings
from LongitudinalINRLib.jobs.limits import first_outside


def with_older_settings(content: Any) -> Any:
    """Return what an older version wrote as this one would: see `core.config.current_settings`."""
    if isinstance(content, dict) and isinstance(content.get("config"), dict):
        return {**content, "config": current_settings(content["config"])}
    return content


def _in_range(config: FitConfig) -> FitConfig:
    if outside := first_outside(config):
        raise ValueError(f"{outside.name}: {outside.expected}, found {outside.found}")
    return config


Settings = Annotated[FitConfig, AfterValidator(_in_range)]
