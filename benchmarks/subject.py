"""The subject that the engine is measured on: a real brain where there is one, else the built-in one."""

from __future__ import annotations

from pathlib import Path

from benchmarks.people import PEOPLE, USUAL
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject
from LongitudinalINRLib.simulate.subject import simulate_subject

MONTHS = (0.0, 12.0, 24.0, 36.0)


def anatomy() -> tuple[Volume, Volume, str]:
    """Return a T1 scan, its labels, and what they are."""
    person = PEOPLE[USUAL]
    if not person.missing:
        return *person.read(), f"the real T1 of {USUAL}"
    print(f"{person.missing}: the built-in subject at 1 mm stands in for a real brain.")
    return *builtin_subject(1.0), "the built-in subject, 1 mm"


def simulated(folder: Path, seed: int) -> str:
    """Simulate the reporting subject into a folder, once, and return what its anatomy is."""
    t1, labels, name = anatomy()
    if not (folder / "simulation.json").exists():
        simulate_subject(t1, labels, MONTHS, seed=seed).save(folder)
    return name
