"""How long it takes to look through a BIDS folder and to plan everybody in it.

``python -m benchmarks.cohort.index [--people 10000] [--sessions 3]`` makes a folder of empty scans with their
dates in a temporary place, and prints seconds as JSON. What was asked for: an index of 10 000 people in three
sessions in 10 s.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from LongitudinalINRLib.cohort.bids.index import index
from LongitudinalINRLib.cohort.bids.options import Options
from LongitudinalINRLib.cohort.bids.planning import plan_cohort
from LongitudinalINRLib.cohort.bids.writing import write_cohort
from LongitudinalINRLib.cohort.folder import CohortFolder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sessions", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        bids_folder, cohort = Path(place) / "bids", CohortFolder(Path(place) / "out")
        made_s, _ = timed(lambda: make_data_set(bids_folder, given.people, given.sessions))
        index_s, found = timed(lambda: index(bids_folder))
        plan_s, plan = timed(lambda: plan_cohort(bids_folder, cohort, Options()))
        written_s, _ = timed(lambda: write_cohort(plan, bids_folder, cohort))
        again_s, _ = timed(lambda: write_cohort(plan, bids_folder, cohort))
        seconds = {
            "making_the_folder": made_s,
            "index": index_s,
            "index_and_plans": plan_s,
            "writing_plans": written_s,
            "writing_them_again": again_s,
        }
        print(
            json.dumps(
                {"people": len(found.people), "planned": len(plan.plans), "seconds": seconds}, indent=1
            )
        )


def make_data_set(folder: Path, people: int, sessions: int) -> None:
    """Make a BIDS folder of empty scans, a year apart."""
    folder.mkdir(parents=True)
    (folder / "dataset_description.json").write_text('{"Name": "empty", "BIDSVersion": "1.9.0"}')
    for number in range(people):
        person = folder / f"sub-{number:06d}"
        person.mkdir()
        lines = ["session_id\tacq_time"]
        for session in range(sessions):
            name = f"ses-M{12 * session:02d}"
            anatomy = person / name / "anat"
            anatomy.mkdir(parents=True)
            (anatomy / f"{person.name}_{name}_T1w.nii.gz").touch()
            lines.append(f"{name}\t{1900 + session}-03-04T12:00:00")
        (person / f"{person.name}_sessions.tsv").write_text("\n".join(lines) + "\n")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a piece of work takes, in seconds, and its answer."""
    began = time.perf_counter()
    answer = work()
    return round(time.perf_counter() - began, 2), answer


if __name__ == "__main__":
    main()
