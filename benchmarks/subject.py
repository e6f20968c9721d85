"""The subject that the engine is measured on: a real brain where there is one, else the built-in one."""

from __future__ import annotations

import os
from pathlib import Path

from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject
from LongitudinalINRLib.simulate.subject import simulate_subject

DATA_VARIABLE = "LONGITUDINAL_INR_DATA"
MONTHS = (0.0, 12.0, 24.0, 36.0)


def anatomy() -> tuple[Volume, Volume, str]:
    """Return a T1 scan, its labels, and what they are."""
    folder = os.environ.get(DATA_VARIABLE)
    if folder:
        case = Path(folder) / "t1_labelled"
        t1, labels = read_volume(case / "T1w_brain.nii.gz")[0], read_labels(case / "aseg.nii.gz")[0]
        return t1, labels, "the real T1 of t1_labelled"
    print(f"{DATA_VARIABLE} is not set: the built-in subject at 1 mm stands in for a real brain.")
    return *builtin_subject(1.0), "the built-in subject, 1 mm"


def simulated(folder: Path, seed: int) -> str:
    """Simulate the reporting subject into a folder, once, and return what its anatomy is."""
    t1, labels, name = anatomy()
    if not (folder / "simulation.json").exists():
        simulate_subject(t1, labels, MONTHS, seed=seed).save(folder)
    return name
