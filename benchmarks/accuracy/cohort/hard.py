"""The reported subjects whose physics is harder than the model, on people that no setting saw.

t1_labelled and the average brain are here too, as the brains of the subjects of `smooth`; some settings were
chosen on them. The table of `who` says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.accuracy.cohort import physics as made_by
from benchmarks.accuracy.cohort.physics import Physics
from benchmarks.accuracy.cohort.spec import Kind, SubjectSpec, scaled
from benchmarks.people import USUAL

EVERYONE = ("t1_labelled", "open_ms_patient07", "ixi015", "ixi033", "ixi034", "average")
THREE = ("t1_labelled", "open_ms_patient07", "ixi033")
ONE_FOLLOW_UP = (0.0, 12.0)


def changing(
    physics: Physics, people: Sequence[str], seed: int, kinds: tuple[Kind, ...] = ("observed",)
) -> tuple[SubjectSpec, ...]:
    """Return a subject of each person that changes at the default rates."""
    return tuple(
        SubjectSpec(
            f"{physics.name}-{name}", physics.what, seed + n, person=name, physics=physics, kinds=kinds
        )
        for n, name in enumerate(people)
    )


def unchanged(physics: Physics, people: Sequence[str], seed: int) -> tuple[SubjectSpec, ...]:
    """Return a subject of each person with one follow-up after a year in which nothing changed."""
    return tuple(
        SubjectSpec(
            f"{physics.name}-{name}",
            f"nothing changes; {physics.what}",
            seed + n,
            months=ONE_FOLLOW_UP,
            rates_percent_per_year=scaled(0.0),
            person=name,
            physics=physics,
        )
        for n, name in enumerate(people)
    )


SHARP_CHANGE = (
    *changing(made_by.SHARP, EVERYONE, 200, ("observed", "extrapolated")),
    *changing(made_by.ROTATION, THREE, 210),
    *changing(made_by.OWN_COURSES, THREE, 220, ("observed", "extrapolated")),
    *changing(made_by.COMBINED, THREE, 230),
    *changing(made_by.SLICES, THREE[:2], 240),
)
OTHER_SCANNERS = (
    *unchanged(made_by.MATCHED, THREE, 300),
    *unchanged(made_by.SCALE, THREE, 310),
    *unchanged(made_by.STRETCH, THREE, 320),
    *unchanged(made_by.BLUR, THREE, 330),
    *unchanged(made_by.CONTRAST, THREE, 340),
    *unchanged(made_by.DISTORTION, THREE, 350),
    *unchanged(made_by.MOTION, THREE, 360),
    *unchanged(made_by.NEW_LESION, THREE, 380),
    *unchanged(made_by.CONTRAST_AGENT, ("open_ms_patient07",), 370),
)
HARD_TUNING_PEOPLE = ("ixi012", "ixi013", "ixi014")
HARD_TUNING = (
    *changing(made_by.TUNED_SHARP, (*HARD_TUNING_PEOPLE, USUAL), 400, ("observed", "extrapolated")),
    *changing(made_by.TUNED_COMBINED, HARD_TUNING_PEOPLE, 410),
    *changing(made_by.TUNED_OWN_COURSES, HARD_TUNING_PEOPLE[:1], 460, ("observed", "extrapolated")),
    *unchanged(made_by.TUNED_SCALE, HARD_TUNING_PEOPLE[:1], 420),
    *unchanged(made_by.TUNED_BLUR, HARD_TUNING_PEOPLE[1:2], 430),
    *unchanged(made_by.TUNED_CONTRAST, HARD_TUNING_PEOPLE[2:], 440),
    *unchanged(made_by.TUNED_MOTION, HARD_TUNING_PEOPLE[:1], 450),
)
"""At 2 mm but for the usual person, who is seen anyway: the people of 1 mm are too few to be given away."""
