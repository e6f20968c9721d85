"""How fast each region grows or shrinks: the prescription a simulated subject follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

DEFAULT_RATES: Mapping[int, float] = MappingProxyType(
    {
        4: 8.0,
        43: 8.0,
        17: -4.0,
        53: -4.0,
        18: -3.0,
        54: -3.0,
        10: -1.5,
        49: -1.5,
        3: -1.0,
        42: -1.0,
        2: -0.8,
        41: -0.8,
    }
)
"""Volume change in percent per year by FreeSurfer label: lateral ventricles, hippocampus, amygdala,
thalamus, cortex and white matter of an accelerated but plausible ageing. Labels not named stay near 0."""


def region_log_rates(
    present: NDArray[np.integer], rates_percent_per_year: Mapping[int, float]
) -> NDArray[np.float64]:
    """Return the prescribed log rate per year of each label, 0 where none is prescribed.

    Parameters
    ----------
    present : ndarray of int, shape (R,)
        The labels of the segmentation.
    rates_percent_per_year : mapping of int to float
        Volume change in percent per year, compounding: -4 means 0.96 times the volume after each year.

    Returns
    -------
    ndarray, shape (R,)
        ``log(1 + rate / 100)``, per year.
    """
    percent = np.array([rates_percent_per_year.get(int(label), 0.0) for label in present])
    return np.log1p(percent / 100.0)
