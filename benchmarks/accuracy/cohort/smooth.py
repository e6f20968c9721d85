"""The reported subjects whose change is as smooth as the model likes it, and a swelling brain."""

from __future__ import annotations

from benchmarks.accuracy.cohort.spec import Lesion, SubjectSpec, scaled
from LongitudinalINRLib.simulate.timecourse import Power, Saturating, SwellingThenShrinking, Wave

HIPPOCAMPAL = scaled(1.0, label_17=2.0, label_53=2.0, label_18=2.0, label_54=2.0, label_3=0.5, label_42=0.5)
FRONT_TO_BACK = scaled(0.7, label_3=2.5, label_42=2.5, label_4=1.4, label_43=1.4)

SMOOTH_CHANGE = (
    SubjectSpec("ageing", "half the default rates", 101, rates_percent_per_year=scaled(0.5)),
    SubjectSpec("default", "the default rates", 102),
    SubjectSpec("strong", "1.8 times the default rates", 103, rates_percent_per_year=scaled(1.8)),
    SubjectSpec("hippocampal", "mesial temporal pattern", 104, rates_percent_per_year=HIPPOCAMPAL),
    SubjectSpec("cortical", "cortical pattern", 105, rates_percent_per_year=FRONT_TO_BACK, smoothness_mm=4.0),
    SubjectSpec("lesion", "a growing ball pushes its surroundings", 106, lesion=Lesion()),
    SubjectSpec(
        "accelerating",
        "speeds up: time to the power 1.5; uneven times",
        107,
        months=(0.0, 7.0, 19.0, 30.0),
        course=Power(1.5),
    ),
    SubjectSpec(
        "decelerating",
        "slows down with a time constant of 24 months",
        108,
        months=(0.0, 6.0, 14.0, 24.0, 36.0),
        rates_percent_per_year=scaled(1.6),
        course=Saturating(24.0),
    ),
    SubjectSpec(
        "pausing",
        "stands still at months 0 and 24",
        109,
        months=(0.0, 6.0, 12.0, 18.0, 24.0, 30.0),
        course=Wave(24.0),
    ),
    SubjectSpec("six-scans", "six scans at uneven times", 110, months=(0.0, 4.0, 9.0, 17.0, 26.0, 38.0)),
    SubjectSpec("two-scans", "two scans, two years apart", 111, months=(0.0, 24.0)),
    SubjectSpec("noisy", "noise of 5 %", 112, noise=0.05),
    SubjectSpec("thick-2", "slices of 2 mm", 113, slice_mm=2.0),
    SubjectSpec("thick-3", "slices of 3 mm", 114, slice_mm=3.0),
    SubjectSpec("average", "average brain", 117, rates_percent_per_year=scaled(0.8), person="average"),
    SubjectSpec("coarse", "average brain, voxels of 2 mm", 118, person="average_2mm"),
    SubjectSpec("still", "nothing changes", 115, rates_percent_per_year=scaled(0.0)),
    SubjectSpec(
        "still-noisy", "nothing changes, noise of 5 %", 116, rates_percent_per_year=scaled(0.0), noise=0.05
    ),
)

WITH_PEERS = ("default", "lesion", "noisy", "still")
"""The reporting subjects that the other programs are run on as well."""

SWELLING = SubjectSpec(
    "swelling",
    "swells up to month 18, then shrinks to where it was",
    121,
    course=SwellingThenShrinking(18.0),
    months=(0.0, 9.0, 18.0, 27.0, 36.0),
    extrapolates=False,
    monotonic=False,
)
