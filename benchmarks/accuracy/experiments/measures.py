"""One line about a fit: its scores against the truth, where one is known, and its steadiness over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Estimate, score, sign_consistency


def errors(subject: Prepared, estimate: Estimate, months: Sequence[float]) -> dict[str, float | None]:
    """Return the means over months of region error, RMSE and correlation of log |J|; None without truth."""
    scores = [score(subject, estimate, month) for month in months if month in subject.jacobians]
    if not scores:
        return {"region_error_points": None, "rmse_log_jacobian": None, "correlation": None}
    correlations = [s.correlation for s in scores if s.correlation is not None]
    return {
        "region_error_points": float(np.mean([s.region_error_points for s in scores])),
        "rmse_log_jacobian": float(np.mean([s.rmse_log_jacobian for s in scores])),
        "correlation": float(np.mean(correlations)) if correlations else None,
    }


def errors_and_signs(
    subject: Prepared, estimate: Estimate, months: Sequence[float]
) -> dict[str, float | None]:
    """Return `errors` and, beside them, the sign consistency up to the subject's last scan."""
    signs = sign_consistency(subject, estimate, subject.follow_up_months)
    return {**errors(subject, estimate, months), "sign_consistency": signs}
