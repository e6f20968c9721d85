"""Who and what settings were chosen on, and who and what is reported."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.accuracy.cohort import SETS, SubjectSpec
from benchmarks.accuracy.tables import table
from benchmarks.people import PEOPLE, USUAL

TUNED_ON = ("tuning", "tuning-hard")
REPORTED_ON = ("smooth", "sharp", "scanners")
TRIED_ON = ("t1_labelled", "open_ms_patient07", "ixi033")
"""Whose brains the fit was tried on, in simulations of their own (docs/evidence.md, section 0)."""

LEARNED_ON = ("average", "average_2mm")
"""The start of the fit was learned on other changes of this brain, made sharp (`benchmarks.start`)."""


def tuned_and_reported() -> str:
    """Return a table of every person: the physics that settings saw of them, and that is reported."""
    lines = []
    for person in PEOPLE.values():
        seen, told = (
            dict.fromkeys(s.physics.name for name in names for s in SETS[name] if s.person == person.name)
            for names in (TUNED_ON, REPORTED_ON)
        )
        if seen or told:
            both = [f"{name} (seen)" if name in seen else name for name in told]
            trials = ["trials of the fit"] if person.name in TRIED_ON else []
            start = ["start of the fit"] if person.name in LEARNED_ON else []
            cells = [", ".join(names) or "nothing" for names in ([*seen, *trials, *start], both)]
            lines.append([person.name, f"{person.voxel_mm:g} mm", *cells])
    return table(["person", "voxels", "settings were chosen on", "reported"], lines)


def readable(specs: Sequence[SubjectSpec]) -> list[SubjectSpec]:
    """Return the subjects whose people can be read; of the others it is said why they are left out.

    The usual person is never left out: without data the average brain stands in.
    """
    absent = {spec.name: PEOPLE[spec.person].missing for spec in specs if spec.person != USUAL}
    for subject, why in absent.items():
        if why:
            print(f"{subject} is left out: {why}.")
    return [spec for spec in specs if not absent.get(spec.name)]
