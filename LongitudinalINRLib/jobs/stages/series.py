"""Reading the scans and finding the brain."""

from __future__ import annotations

from LongitudinalINRLib.analysis.norms.comparison import refuse_other_regions
from LongitudinalINRLib.analysis.numbering import names_of
from LongitudinalINRLib.imaging.exclusion import compared_brain, exclusion_warnings
from LongitudinalINRLib.imaging.mask import estimate_mask
from LongitudinalINRLib.imaging.series import Scan, Series
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.job import Job


def read_series(job: Job) -> Volume:
    """Read every input, refuse what cannot be used, and return the brain mask on the baseline's grid.

    Raises
    ------
    InputError
        A file, a mask, labels or the series as a whole cannot be used.
    """
    scans = job.scans
    series = [Scan(scans.baseline, 0.0)]
    job.reporter.progress(0.3)
    series += [Scan(volume, months) for months, volume in scans.follow_ups.items()]
    Series.validated(series)
    job.reporter.progress(0.6)
    mask = scans.mask
    if mask is None:
        mask, warnings = estimate_mask(scans.baseline)
        for warning in warnings:
            job.reporter.warn(warning)
    job.reporter.progress(0.9)
    # Read here, so that labels or norms that cannot be used are refused before the fit and not after it.
    _ = scans.given_labels, scans.follow_up_labels, scans.norms, compared_brain(mask, scans.exclude)
    if job.request.regions == "none" or scans.given_labels is not None:
        refuse_norms_of_other_regions(job)
    for warning in exclusion_warnings(mask, scans.exclude, scans.given_labels):
        job.reporter.warn(warning)
    return mask


def refuse_norms_of_other_regions(job: Job) -> None:
    """Refuse norms, where there are any, that hold none of the regions.

    Raises
    ------
    InputError
        They hold none.
    """
    if job.scans.norms is not None:
        refuse_other_regions(job.scans.norms, names_of(job.scans.labels, job.request.region_names))
