"""Forty simulated people from files to the answer about their groups: time, overhead, and truth.

Run ``python -m benchmarks.cohort.forty --output FOLDER``; with ``LONGITUDINAL_INR_DATA`` the people are
likenesses of six people of IXI, else of the built-in average brain. It may be stopped and run again: then the
times are those of the last run, and ``fresh`` is false.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.people import PEOPLE
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.verdict import compared_differences, compared_means, verdict_text
from LongitudinalINRLib.files import make_folder, write_json, write_text
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.failures import SOME_NOT_DONE

COMMAND = (sys.executable, "-m", "LongitudinalINRLib.cli")
MOST_OVERHEAD = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("forty-output"))
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--blunders", type=int, default=0)
    parser.add_argument("--preset", default="preview")
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--engine", default="local", choices=("local", "dask"))
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    simulated = SimulatedFolder(asked.output / "bids")
    cohort = CohortFolder(simulated.path / "derivatives" / "longitudinal-inr")
    fresh = not cohort.people.exists()
    brains = [str(word) for pair in brain_files(asked.output / "brains") for word in pair]
    numbers = ("--people", asked.people, "--blunders", asked.blunders, "--seed", asked.seed)
    seconds = {
        "simulate": timed("simulate-cohort", simulated.path, *numbers, "--n-jobs", asked.n_jobs, *brains)
    }
    to_fit = ("--preset", asked.preset, "--n-jobs", asked.n_jobs, "--engine", asked.engine)
    seconds["participant"] = timed("bids", simulated.path, cohort.path, "participant", *to_fit)
    seconds["group"] = timed("bids", simulated.path, cohort.path, "group")
    told = {
        "people": asked.people,
        "likenesses_of": "six people of IXI" if brains else "the built-in average brain",
        "fresh": fresh,
        "n_jobs": asked.n_jobs,
        "engine": asked.engine,
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        **overhead(cohort, seconds["participant"], asked.n_jobs),
    }
    means, differences = compared_means(simulated, cohort), compared_differences(simulated, cohort)
    rows = {"means": [vars(row) for row in means], "differences": [vars(row) for row in differences]}
    write_json(asked.output / "forty.json", {**told, **rows})
    text = f"{json.dumps(told, indent=2)}\n\n{verdict_text(means, differences)}\n"
    write_text(asked.output / "forty.txt", text)
    print(text)


def brain_files(folder: Path) -> list[tuple[str, Path, str, Path]]:
    """Write the brains of IXI, stripped and in FreeSurfer's numbers, as options; none where they lack."""
    people = [person for person in PEOPLE.values() if person.source.startswith("IXI")]
    if any(person.missing for person in people):
        return []
    make_folder(folder)
    options = []
    for person in people:
        t1, labels = folder / f"{person.name}_t1.nii.gz", folder / f"{person.name}_labels.nii.gz"
        if not (t1.exists() and labels.exists()):
            for volume, path in zip(person.read(), (t1, labels), strict=True):
                write_volume(volume, path)
        options.append(("--t1", t1, "--labels", labels))
    return options


def timed(*arguments: object) -> float:
    """Run a command of the program and return its wall time in seconds."""
    began = time.monotonic()
    ended = subprocess.run([*COMMAND, *map(str, arguments)], check=False)
    if ended.returncode not in (0, SOME_NOT_DONE):
        sys.exit(f"{arguments[0]} ended with {ended.returncode}")
    return time.monotonic() - began


def overhead(cohort: CohortFolder, wall_seconds: float, n_jobs: int) -> dict[str, object]:
    """Return how much of the time was not spent on people: index, engine, waiting for the last ones."""
    outcomes = [read_outcome(cohort.person(participant)) for participant in cohort.participants()]
    ended = [outcome for outcome in outcomes if outcome is not None]
    spent = sum(outcome.seconds for outcome in ended)
    share = 1.0 - spent / (wall_seconds * n_jobs)
    return {
        "done": sum(outcome.code == 0 for outcome in ended),
        "person_seconds": round(spent, 1),
        "overhead_share": round(share, 4),
        "overhead_asked": MOST_OVERHEAD,
    }


if __name__ == "__main__":
    main()
