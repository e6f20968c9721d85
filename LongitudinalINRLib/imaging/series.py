"""One person's scans in time: a baseline and its follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.copies import is_copy
from LongitudinalINRLib.imaging.resampling import describe_grid, inside
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import LONGEST_MONTHS, SAME_MONTH

_POINTS_ALONG_AXIS = 32


@dataclass(frozen=True)
class Scan:
    """A volume and its time in months since the baseline."""

    volume: Volume
    months: float


@dataclass(frozen=True)
class Series:
    """The baseline and its follow-ups, ordered by time."""

    baseline: Scan
    follow_ups: tuple[Scan, ...]

    @classmethod
    def validated(cls, scans: Sequence[Scan]) -> Series:
        """Order scans by time and refuse those that no change can be measured from.

        Parameters
        ----------
        scans : sequence of Scan
            The baseline, at month 0, and at least one follow-up, in any order.

        Raises
        ------
        InputError
            For months that :func:`check_months` refuses, for one scan given twice in whatever file, and for a
            follow-up that lies elsewhere in space.
        """
        check_months([scan.months for scan in scans])
        baseline, *follow_ups = sorted(scans, key=lambda scan: scan.months)
        for one, other in combinations((baseline, *follow_ups), 2):
            _check_differs(one, other)
        for follow_up in follow_ups:
            _check_overlaps(follow_up, baseline)
        return cls(baseline, tuple(follow_ups))


def check_months(months: Sequence[float]) -> None:
    """Refuse times from which no series can be made; needs no image, so that a mistake shows at once.

    Parameters
    ----------
    months : sequence of float
        The baseline's 0 and the time of each follow-up, in any order.

    Raises
    ------
    InputError
        If a time is not finite, too long or before the baseline, occurs twice, or the baseline or every
        follow-up is missing.
    """
    for time in months:
        if not np.isfinite(time) or time > LONGEST_MONTHS:
            raise InputError(
                "months-out-of-range",
                "A scan's time is not a number of months.",
                expected=f"months since the baseline, at most {LONGEST_MONTHS:g}",
                found=f"{time:g}",
                advice="Give the time in months, not as a date or in days.",
            )
        if time < 0:
            raise InputError(
                "before-baseline",
                "A follow-up lies before the baseline.",
                expected="follow-ups later than month 0",
                found=f"month {time:g}",
                advice="Take the earliest scan as the baseline and count the months from it.",
            )
    times = sorted(months)
    for earlier, later in pairwise(times):
        if later - earlier <= SAME_MONTH:
            raise InputError(
                "same-month",
                "Two scans have the same time.",
                expected="a different month for each scan; the baseline is month 0",
                found=f"months {earlier} and {later}",
                advice="Correct the months, or keep the better of the two scans.",
            )
    if 0 not in months:
        raise InputError(
            "no-baseline",
            "There is no baseline.",
            expected="one scan at month 0",
            found=f"{len(months)} scans at later months",
            advice="Take the earliest scan as the baseline and count the months from it.",
        )
    if len(months) < 2:
        raise InputError(
            "no-follow-up",
            "There is no follow-up.",
            expected="a baseline and at least one later scan",
            found="the baseline alone",
            advice="Add a scan of the same person taken later.",
        )


def _check_differs(one: Scan, other: Scan) -> None:
    if is_copy(one.volume, other.volume):
        raise InputError(
            "identical-scans",
            f"The scans at months {one.months:g} and {other.months:g} are one scan, voxel by voxel.",
            expected="scans taken at different times, each with a noise of its own",
            found="the same voxels twice, perhaps in another file format, type, scale or axis order",
            advice="Check that the right file was chosen for each visit.",
        )


def _check_overlaps(follow_up: Scan, baseline: Scan) -> None:
    volume = baseline.volume
    steps = (np.array(volume.shape) - 1) / (_POINTS_ALONG_AXIS - 1)
    coarse = Volume(np.zeros([_POINTS_ALONG_AXIS] * 3, bool), volume.affine @ np.diag([*steps, 1.0]))
    if not inside(follow_up.volume, coarse).array.any():
        raise InputError(
            "no-overlap",
            f"The follow-up at month {follow_up.months:g} does not overlap the baseline in space.",
            expected="fields of view that share a part of the head",
            found=f"the follow-up is {describe_grid(follow_up.volume)}; the baseline {describe_grid(volume)}",
            advice="Check that both are of one person and that neither header lost its origin.",
        )
