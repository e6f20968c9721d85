"""The subjects that settings are chosen on; nothing that is reported comes from them."""

from __future__ import annotations

from benchmarks.accuracy.cohort.spec import SubjectSpec, scaled
from LongitudinalINRLib.simulate.timecourse import Power

TUNING = (
    SubjectSpec("tuning-a", "ageing, other rates", 21, rates_percent_per_year=scaled(0.8, label_4=1.3)),
    SubjectSpec("tuning-noisy", "noise of 5 %", 22, rates_percent_per_year=scaled(1.2), noise=0.05),
    SubjectSpec("tuning-thick", "slices of 3 mm", 23, rates_percent_per_year=scaled(1.1), slice_mm=3.0),
    SubjectSpec("tuning-still", "nothing changes", 24, rates_percent_per_year=scaled(0.0)),
    SubjectSpec(
        "tuning-bent",
        "speeds up, uneven times",
        25,
        months=(0.0, 8.0, 20.0, 36.0),
        rates_percent_per_year=scaled(1.4),
        course=Power(1.5),
    ),
    SubjectSpec("tuning-average", "average brain", 28, person="average"),
    SubjectSpec("tuning-coarse", "average brain, voxels of 2 mm", 29, person="average_2mm"),
    SubjectSpec("tuning-mild", "a quarter of the default rates", 26, rates_percent_per_year=scaled(0.25)),
    SubjectSpec("tuning-strong", "twice the default rates", 27, rates_percent_per_year=scaled(2.0)),
)
