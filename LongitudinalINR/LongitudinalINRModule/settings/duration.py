"""About how long a fit takes on a processor, before it is begun."""

from __future__ import annotations

from itertools import pairwise

from LongitudinalINRLib.core.config import FitConfig

# Measured on two cores, 1 mm brains: a step forwards and backwards costs so many multiplications per point,
# and the rest of a job (reading, aligning, maps, report) takes so long for each scan and each map.
SECONDS_PER_PRODUCT = 1.9e-11
DERIVATIVE_COST = 8
SECONDS_PER_SCAN = 8.0
SECONDS_PER_MAP = 3.0


def seconds_on_processor(config: FitConfig, follow_ups: int, maps: int, cores: int) -> float:
    """Estimate a job's duration, good to a factor of two.

    Parameters
    ----------
    config : FitConfig
        How it is fitted.
    follow_ups, maps : int
        How many there are.
    cores : int
        Of the processor; one is left free.
    """
    widths = (4, *config.widths)
    products = sum(a * b for a, b in pairwise(widths))
    times = 1 + follow_ups + config.drawn_times
    points = config.similarity_points * follow_ups + DERIVATIVE_COST * config.derivative_points * times
    fit = config.steps * points * products * 3 * SECONDS_PER_PRODUCT
    return (fit + SECONDS_PER_SCAN * follow_ups + SECONDS_PER_MAP * maps) * 2 / max(1, cores - 1)
