"""Standard errors that weigh follow-ups without looking at what was found in them.

The interval of a change grows with the change itself: a share of it is shrinkage (`analysis.error_model`).
A weight of 1/SE^2 would then be large where little change was found, and pull every mean towards none. So
in each region the variance is modelled as a + b y^2, and each standard error is brought to what it would be
if the change were the usual one at that time: SE^2 (a + b m^2) / (a + b y^2), m^2 = t^2 mean((y/t)^2) over
all people. All that tells one person's scans from another's stays in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def weighing_se(log_ratio: Values, years: Values, se: Values) -> Values:
    """Return standard errors that do not depend on the change that was found.

    Parameters
    ----------
    log_ratio : ndarray, shape (N,)
        Changes of one region, of all people and follow-ups.
    years : ndarray, shape (N,)
        Since the baseline.
    se : ndarray, shape (N,)
        From the intervals; NaN where there is none. Those get the median, and 1 where there are none at all:
        the scale of all is estimated anyhow.
    """
    from scipy.optimize import nnls

    known = np.isfinite(se) & (se > 0)
    if not known.any():
        return np.ones(len(se))
    filled = np.where(known, se, np.median(se[known]))
    squares = log_ratio**2
    usual = years**2 * np.mean((log_ratio / years) ** 2)
    scale = np.median(filled) ** 2
    spread = max(float(np.mean(squares)), np.finfo(np.float64).tiny)
    columns = np.column_stack([np.ones(len(se)), squares / spread])[known]
    (constant, grown), _ = nnls(columns, filled[known] ** 2 / scale)
    ratio = (constant + grown * usual / spread) / (constant + grown * squares / spread)
    return np.asarray(filled * np.sqrt(ratio))
