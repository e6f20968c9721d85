"""What a request must fulfil before any file is read."""

from __future__ import annotations

from datetime import date

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.horizon import refuse_far
from LongitudinalINRLib.imaging.series import check_months
from LongitudinalINRLib.jobs.limits import first_outside
from LongitudinalINRLib.jobs.request import SCHEMA_VERSION, Request, ScanEntry
from LongitudinalINRLib.json_text import shown
from LongitudinalINRLib.words import LONGEST_MONTHS, MAP_NAMES, OLDEST_YEARS, SAME_MONTH

MOST_SCANS = 1000
MOST_MAP_MONTHS = 1001
MOST_REGION_NAMES = 10_000
LONGEST_PATH = 4096
LONGEST_REGION_NAME = 1000
MOST_NOTES = 4 * MOST_SCANS
LONGEST_NOTE = 2000
LABELS = (-(2**31), 2**31 - 1)

ALLOW_FAR = (
    "Ask for earlier months; if it is wanted all the same, allow far months (--allow-far, in Python "
    "allow_far=True)."
)


def check_request(request: Request) -> None:
    """Refuse a request that cannot be carried out.

    Raises
    ------
    InputError
        No follow-up; two scans at one month; a month before the baseline, not finite or over 1200; labels at
        a month without a scan, twice, or with none of the baseline; labels as well as a way to find regions
        without; maps farther beyond the last scan than the scans span, where that is not allowed; an age that
        cannot be; a setting out of its range (see `limits.RANGES`); a path that cannot be one; a date that is
        none; too many scans, months of maps, names of regions or notes.
    """
    _check_counts(request)
    check_months([0.0, *(scan.months for scan in request.follow_ups)])
    for months in request.outputs.maps_at_months or ():
        check_asked_month(months)
    if not request.outputs.allow_far:
        refuse_far(request.outputs.maps_at_months or (), request.months[-1], ALLOW_FAR)
    if request.follow_up_labels and request.labels is None:
        raise InputError(
            "labels-missing",
            "There are segmentations of follow-ups but none of the baseline.",
            expected="a segmentation of the baseline to compare them with",
            found="segmentations of follow-ups alone",
            advice="Give the baseline's segmentation too, or leave those of the follow-ups out.",
        )
    if request.labels is not None and request.regions != "none":
        raise InputError(
            "regions-twice",
            "Regions are asked for twice.",
            expected="labels, or a way to find regions without them",
            found=f"labels, and regions by {request.regions}",
            advice="Leave out the labels (--labels) or the other way (--regions).",
        )
    labelled = [labels.months for labels in request.follow_up_labels]
    for labels in request.follow_up_labels:
        _check_labels(labels, request, labelled.count(labels.months))
    for path in _paths(request):
        _check_path(path)
    for day in (request.baseline_date, *(scan.date for scan in request.follow_ups)):
        _check_date(day)
    for note in request.notes:
        if len(note) > LONGEST_NOTE:
            raise _out_of_range("notes", f"notes of at most {LONGEST_NOTE} characters", str(len(note)))
    for label, name in (request.region_names or {}).items():
        _check_region_name(label, name)
    if request.norms is not None:
        check_age(request.norms.age_years)
    if outside := first_outside(request.config):
        raise _out_of_range(*outside)


def check_asked_month(months: float) -> None:
    """Refuse a month that nothing can be said about.

    Raises
    ------
    InputError
        The month is not finite, before the baseline, or over 1200.
    """
    if months == 0 or SAME_MONTH <= months <= LONGEST_MONTHS:
        return
    raise InputError(
        "months-out-of-range",
        "A map is asked for at a time that is not possible.",
        expected=f"months since the baseline: 0, or from {SAME_MONTH:g} to {LONGEST_MONTHS:g}",
        found=f"{months:g}",
        advice="The baseline is month 0; give every other time in months after it.",
    )


def check_age(age_years: float) -> None:
    """Refuse an age that nobody has.

    Raises
    ------
    InputError
        The age is not finite, negative or over 120.
    """
    if not 0 <= age_years <= OLDEST_YEARS:
        raise InputError(
            "age-out-of-range",
            "The age cannot be used.",
            expected=f"years at the baseline, from 0 to {OLDEST_YEARS:g}",
            found=f"{age_years:g}",
            advice="Give the age in years, not a date of birth.",
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


def _check_counts(request: Request) -> None:
    outputs, names = request.outputs, request.region_names
    map_months = request.months if outputs.maps_at_months is None else outputs.maps_at_months
    for what, found, lowest, highest in (
        ("schema_version", request.schema_version, 1, SCHEMA_VERSION),
        ("follow_ups.count", len(request.follow_ups), 0, MOST_SCANS),
        ("follow_up_labels.count", len(request.follow_up_labels), 0, MOST_SCANS),
        ("region_names.count", len(names or ()), 0, MOST_REGION_NAMES),
        ("notes.count", len(request.notes), 0, MOST_NOTES),
        ("outputs.maps.count", len(outputs.maps), 0, len(MAP_NAMES)),
        ("outputs.maps_at_months.count", len(map_months), 1, MOST_MAP_MONTHS),
    ):
        if not lowest <= found <= highest:
            raise _out_of_range(what, f"a number from {lowest} to {highest}", shown(found))


def _paths(request: Request) -> list[str]:
    entries = (*request.follow_ups, *request.follow_up_labels)
    alone = (path for path in (request.mask, request.labels, request.exclude) if path is not None)
    norms = [] if request.norms is None else [request.norms.path]
    return [request.baseline, *alone, *norms, *(entry.path for entry in entries)]


def _check_path(path: str) -> None:
    if 0 < len(path) <= LONGEST_PATH and "\0" not in path:
        return
    raise InputError(
        "path-invalid",
        "The path of an input cannot be one.",
        expected=f"1 to {LONGEST_PATH} characters, none of them NUL",
        found=shown(path),
        advice="Choose the file again.",
    )


def _check_date(text: str | None) -> None:
    try:
        known = text is None or date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise InputError(
            "date-invalid",
            "The date of a scan cannot be one.",
            expected="a day as YYYY-MM-DD, or none",
            found=shown(text),
            advice="Correct it, or leave it out.",
        )


def _check_region_name(label: int, name: str) -> None:
    if LABELS[0] <= label <= LABELS[1] and len(name) <= LONGEST_REGION_NAME:
        return
    raise InputError(
        "region-name-invalid",
        "The name of a region cannot be used.",
        expected=f"a label from {LABELS[0]} to {LABELS[1]}, a name of at most {LONGEST_REGION_NAME} letters",
        found=shown({label: name}),
        advice="Correct the label or shorten the name.",
    )


def _out_of_range(name: str, expected: str, found: str) -> InputError:
    return InputError(
        "setting-out-of-range",
        f"The setting {name} cannot be used.",
        expected=expected,
        found=found,
        advice="Correct it, or leave it out to take that of the preset.",
    )
