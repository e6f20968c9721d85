"""What the engine and every front must know alike, told once. Needs the standard library alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, get_args

TimeKind = Literal["observed", "interpolated", "extrapolated"]
MapName = Literal[
    "jacobian", "log-jacobian", "rate", "displacement", "interval", "aligned", "warped", "predicted"
]

MapOfScan = Literal["aligned", "warped"]
Sex = Literal["F", "M"]

MAP_NAMES: tuple[MapName, ...] = get_args(MapName)
MAPS_OF_SCANS: tuple[MapOfScan, ...] = get_args(MapOfScan)
"""Maps that exist at the months of follow-ups alone."""

SEXES: tuple[Sex, ...] = get_args(Sex)
OLDEST_YEARS = 120.0

SMALLEST_JACOBIAN = 1e-3
"""log |J| is taken of at least this: a folded voxel must not make a mean infinite."""

SAME_MONTH = 1e-3
"""Times that differ by less (three quarters of an hour) are one time."""

LONGEST_MONTHS = 1200.0
MONTHS_PER_YEAR = 12.0

NIFTI_SUFFIXES = (".nii", ".nii.gz")
FREESURFER_SUFFIXES = (".mgh", ".mgz")
NRRD_SUFFIXES = (".nrrd", ".nhdr")
METAIMAGE_SUFFIXES = (".mha", ".mhd")
ITK_SUFFIXES = NRRD_SUFFIXES + METAIMAGE_SUFFIXES
SCAN_SUFFIXES = NIFTI_SUFFIXES + FREESURFER_SUFFIXES + ITK_SUFFIXES
"""Kinds of files that scans and labels are read from, beside folders of DICOM files."""

MAP_SUFFIXES = (*NIFTI_SUFFIXES, ".nrrd", ".mha")
"""Kinds of files that maps are written to."""

STAGES = {
    "prepare": "Getting ready",
    "series": "Reading and checking the scans",
    "outlines": "Finding the regions",
    "align": "Aligning the follow-ups",
    "fit": "Fitting the change",
    "model": "Storing the model",
    "maps": "Making the maps",
    "regions": "Measuring the regions",
    "report": "Writing the report",
}
"""Stages of a job in their order, with what people read."""

APPROXIMATE_REGIONS = (
    "The regions are approximate: nobody drew them on this scan, an average brain's were carried over to it "
    "(labels.nii.gz; look at their outlines). A segmentation of the baseline is more accurate."
)
"""Said of a result whose regions come from the atlas."""


def time_kind(months: float, observed_months: Sequence[float]) -> TimeKind:
    """Tell whether a month has a scan, lies between scans, or after the last one.

    Parameters
    ----------
    months : float
        Since the baseline.
    observed_months : sequence of float
        Months with a scan, ascending; the baseline's 0 may be left out.
    """
    if any(abs(months - seen) < SAME_MONTH for seen in (0.0, *observed_months)):
        return "observed"
    return "interpolated" if months < observed_months[-1] else "extrapolated"


def month_label(months: float) -> str:
    """Write months so that names sort by time and different times get different names.

    Parameters
    ----------
    months : float
        Time since the baseline, in months; finite and not negative.

    Returns
    -------
    str
        At least three digits before the point and at least one after it.

    Examples
    --------
    >>> month_label(24), month_label(13.25), month_label(1200)
    ('024.0', '013.25', '1200.0')
    """
    digits = format(Decimal(repr(abs(float(months)))), "f")
    whole, _, fraction = digits.partition(".")
    return f"{whole:0>3}.{fraction or '0'}"


def map_file_name(name: str, months: float) -> str:
    """Return what the file of a map is called."""
    return f"{name}_{month_label(months)}mo.nii.gz"
