"""What a request must fulfil before any file is read."""

from __future__ import annotations

import dataclasses
import math

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.series import check_months
from LongitudinalINRLib.jobs.request import Request, ScanEntry
from LongitudinalINRLib.words import LONGEST_MONTHS


def check_request(request: Request) -> None:
    """Refuse a request that cannot be carried out.

    Raises
    ------
    InputError
        No follow-up; two scans at one month; a month before the baseline, not finite or over 1200; labels at
        a month without a scan, twice, or with none of the baseline; a weight that is negative or not finite.
    """
    check_months([0.0, *(scan.months for scan in request.follow_ups)])
    for months in request.outputs.maps_at_months or ():
        check_asked_month(months)
    if request.follow_up_labels and request.labels is None:
        raise InputError(
            "labels-missing",
            "There are segmentations of follow-ups but none of the baseline.",
            expected="a segmentation of the baseline to compare them with",
            found="segmentations of follow-ups alone",
            advice="Give the baseline's segmentation too, or leave those of the follow-ups out.",
        )
    labelled = [labels.months for labels in request.follow_up_labels]
    for labels in request.follow_up_labels:
        _check_labels(labels, request, labelled.count(labels.months))
    for name, weight in dataclasses.asdict(request.config.weights).items():
        _check_weight(name.rstrip("_"), weight)


def check_asked_month(months: float) -> None:
    """Refuse a month that nothing can be said about.

    Raises
    ------
    InputError
        The month is not finite, before the baseline, or over 1200.
    """
    if math.isfinite(months) and 0 <= months <= LONGEST_MONTHS:
        return
    raise InputError(
        "months-out-of-range",
        "A map is asked for at a time that is not possible.",
        expected=f"months since the baseline, from 0 to {LONGEST_MONTHS:g}",
        found=f"{months:g}",
        advice="The baseline is month 0; give every other time in months after it.",
    )


def _check_labels(labels: ScanEntry, request: Request, times_given: int) -> None:
    months = sorted(scan.months for scan in request.follow_ups)
    if labels.months in months and times_given == 1:
        return
    raise InputError(
        "labels-without-scan" if times_given == 1 else "same-month",
        f"The segmentation at month {labels.months:g} does not belong to one follow-up.",
        expected="at most one segmentation for each of the months "
        + ", ".join(f"{month:g}" for month in months),
        found="no scan at its month" if times_given == 1 else f"{times_given} segmentations at its month",
        advice="Give the segmentation the month of the scan that it was made on.",
    )


def _check_weight(name: str, weight: float) -> None:
    if not (math.isfinite(weight) and weight >= 0):
        raise InputError(
            "weight-negative",
            f"The weight {name} cannot be used.",
            expected="a finite number, 0 or more",
            found=f"{weight:g}",
            advice="Use 0 to switch the term off.",
        )
