from datetime import date

import pytest

from LongitudinalINRLib.cohort.report.content import (
    Contrast,
    GroupContent,
    GroupCourse,
    GroupMean,
    PersonLine,
    SampleSize,
    VisitMean,
)
from LongitudinalINRLib.cohort.statistics.options import Trial

GROUPS = ("control", "MCI", "AD")
RATES = {
    "Whole mask": (-0.2, -0.4, -0.7),
    "Brain tissue": (-0.4, -0.7, -1.2),
    "Left-Hippocampus": (-0.8, -1.7, -2.9),
    "Left-Lateral-Ventricle": (2.1, 4.0, 7.5),
    "Left-Thalamus": (-0.3, -0.5, -0.6),
    "Right-Putamen": (-0.5, -0.4, -0.7),
}


@pytest.fixture
def a_cohort():
    """Three groups of four people; one person is left out, and one has scans that lie apart."""
    return GroupContent(
        title="Ageing <study>",
        groups=GROUPS,
        trial=Trial(slowing=0.3, power=0.9),
        means=[
            GroupMean(region, group, 4, rate, rate - 0.3, rate + 0.3)
            for region, rates in RATES.items()
            for group, rate in zip(GROUPS, rates, strict=True)
        ],
        contrasts=[
            Contrast(
                region, group, "control", rate - rates[0], rate - rates[0] - 0.4, rate - rates[0] + 0.4,
                *((0.0002, 0.0004) if abs(rate - rates[0]) > 0.5 else (0.3, 0.4)), (rate - rates[0]) / 0.8,
            )
            for region, rates in RATES.items()
            for group, rate in list(zip(GROUPS, rates, strict=True))[1:]
        ],
        courses=[
            GroupCourse(
                region, group, (0.0, 12.0, 24.0), (0.0, rate, 2 * rate),
                (0.0, rate - 0.3, 2 * rate - 0.6), (0.0, rate + 0.3, 2 * rate + 0.6),
            )
            for region, rates in RATES.items()
            for group, rate in zip(GROUPS, rates, strict=True)
        ],
        visits=[
            VisitMean(region, group, month, rate * month / 12 + 0.1, 4)
            for region, rates in RATES.items()
            for group, rate in zip(GROUPS, rates, strict=True)
            for month in (12.0, 24.0)
        ],
        sample_sizes=[
            SampleSize("Left-Hippocampus", "AD", (119.2, 61.0, 300.5), (214.0, None, None)),
            SampleSize("Left-Hippocampus", "MCI", (1480.0, 700.0, 5210.0), None),
        ],
        people=[
            *(
                PersonLine(
                    f"{number:02d}", GROUPS[number % 3], "", f"sub-{number:02d}.html", (),
                    {"similarity after the fit": 0.98 + 0.0005 * number, "mask (mL)": 1400.0 + 13 * number},
                )
                for number in range(11)
            ),
            PersonLine(
                "11", "AD", "", "sub-11.html", ("Look.",),
                {"similarity after the fit": 0.62, "mask (mL)": 1450.0}, ("similarity after the fit",),
            ),
            PersonLine("12", "MCI", "one session alone"),
        ],
        months=(12.0, 24.0),
        methods="First paragraph.\n\nSecond paragraph.",
        notes=(),
        made_on=date(2026, 5, 4),
    )  # fmt: skip
