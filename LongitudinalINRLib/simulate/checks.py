"""What a simulation cannot be built from, said before it starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume

LATEST_MONTH = 1200.0


def checked_months(months: Sequence[float]) -> tuple[float, ...]:
    """Return the months in order; they must be finite, distinct and start at 0."""
    times = sorted(float(month) for month in months)
    if (
        len(times) < 2
        or times[0] != 0.0
        or not all(t <= LATEST_MONTH for t in times)
        or len(set(times)) < len(times)
    ):
        raise InputError(
            "simulation-months",
            "The months of the scans cannot be used.",
            expected=f"month 0 and at least one later month up to {LATEST_MONTH:g}, each once",
            found=", ".join(f"{t:g}" for t in times) or "none",
            advice="Give them as in 0,12,24.",
        )
    return tuple(times)


def checked_anatomy(t1: Volume, labels: Volume) -> tuple[Volume, Volume]:
    """Return the scan and its labels as they came; they must share a grid and hold something."""
    if not t1.same_grid(labels):
        raise InputError(
            "labels-grid",
            "The labels do not lie on the grid of the scan.",
            expected=f"{t1.shape} voxels in the same place",
            found=f"{labels.shape} voxels",
            advice="Resample the labels to the scan with nearest neighbours.",
        )
    if not np.issubdtype(labels.array.dtype, np.integer) or not labels.array.any():
        raise InputError(
            "labels-empty",
            "The labels name no region.",
            expected="whole numbers, not all of them 0",
            found=f"{labels.array.dtype} from {labels.array.min()} to {labels.array.max()}",
            advice="Give a segmentation such as FreeSurfer's aseg.",
        )
    if not t1.array.any():
        raise InputError(
            "image-empty",
            "The scan is empty.",
            expected="a head",
            found="0 everywhere",
            advice="Check that this is the right file.",
        )
    return t1, labels
