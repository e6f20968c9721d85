"""Whether a series shows the scan that was fitted: another person's may lie on the same grid."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.dicom_out.source import Source
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.results import Result

LEAST_CORRELATION = 0.9
"""Within the brain, of the series with the file that was fitted, which may have been stripped or scaled."""

UNSEEN = (
    "The baseline that was fitted is not there any more, so only the grid of its DICOM series could be "
    "compared. Check that it is this person's."
)


def refuse_other_scan(result: Result, source: Source, voxels: Volume) -> str:
    """Compare a series with the baseline that was fitted, where that is still there.

    Parameters
    ----------
    result : Result
        The fit.
    source, voxels : Source, Volume
        The series that is said to be its baseline, on its grid.

    Returns
    -------
    str
        What the person should know; empty where they were compared.

    Raises
    ------
    InputError
        They show different things.
    """
    if not result.folder.resolve(result.request.baseline).exists():
        return UNSEEN
    inside = source.frames_of(result.mask).astype(np.bool_)
    fitted = source.frames_of(result.mask.with_array(result.scans.baseline.array))[inside]
    given = source.frames_of(voxels)[inside]
    with np.errstate(invalid="ignore"):  # a series of one value has no correlation, and is refused for it
        found = float(np.corrcoef(fitted.astype(np.float64), given.astype(np.float64))[0, 1])
    if not found >= LEAST_CORRELATION:
        raise InputError(
            "dicom-other-scan",
            f"The series in {source.name} does not show the scan that was fitted.",
            expected=f"a correlation of at least {LEAST_CORRELATION:g} within the brain",
            found=f"{found:.3f}, on the same grid",
            advice="Give the DICOM series of the baseline scan itself.",
        )
    return ""
