"""What engines cost: people who need nothing, through a scheduler, with the memory that it takes.

``python -m benchmarks.cohort.scheduling --people 100000 --output DIR`` prints a table and writes JSON.
Finding who is left is measured with the folders of 10 000 people at most; scheduling with paths alone: the
task on the worker returns at once. The work itself, a process each, is what the cost is compared with.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import psutil

from LongitudinalINRLib.cohort.engines.clusters import own_cluster
from LongitudinalINRLib.cohort.engines.dask_pool import DaskPool
from LongitudinalINRLib.cohort.engines.window import Window
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, as_text, digest_of
from LongitudinalINRLib.cohort.settled import settled

SECONDS_OF_A_FIT = 180.0
"""Of `preview` on two cores: what the overhead of a person is a share of."""

MOST_FOLDERS = 10_000


def nothing(folder: str, *_: object, **__: object) -> int:
    """Stand in for the work of a person, on a worker or in a thread."""
    return 0 if folder else 1


def measure(people: int, jobs: int, folder: Path) -> dict[str, float]:
    """Send people through a scheduler in this process, and return what it took."""
    plan = PersonPlan(
        participant="0", bids_folder="/", scans=(), labels_from="none", keep="model", request={}
    )
    folders = [folder / "people" / f"sub-{number:06d}" for number in range(people)]
    made = folders[:MOST_FOLDERS]
    for path in made:
        person = PersonFolder(path)
        path.mkdir(parents=True)
        person.plan.write_text(as_text(plan))
        person.outcome.write_text(Outcome(plan=digest_of(plan), code=1).model_dump_json())
    began = time.perf_counter()
    assert all(settled(PersonFolder(path)) is None for path in made)
    sorted_out = time.perf_counter()
    window = Window(map(str, folders), 0, lambda _: None, lambda *_: None)
    memory = 0
    this = psutil.Process()

    def never() -> bool:
        nonlocal memory
        memory = max(memory, this.memory_info().rss)
        return False

    with own_cluster(jobs, False, print) as client:
        ready = time.perf_counter()
        before = this.memory_info().rss
        window.work(DaskPool(client, "benchmark", jobs, 1, window.heard, task=nothing), never)
        done = time.perf_counter()
    assert len(window.ends.done) == people
    a_person = (sorted_out - began) / len(made) + (done - ready) / people
    return {
        "people": people,
        "sorting_out_s": (sorted_out - began) * people / len(made),
        "cluster_s": ready - sorted_out,
        "scheduling_s": done - ready,
        "overhead_percent_of_a_fit": 100 * a_person * jobs / SECONDS_OF_A_FIT,
        "memory_at_the_start_mb": before / 1e6,
        "memory_mb": memory / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options.people, options.jobs, Path(folder))
    for name, value in found.items():
        print(f"{name:<28}{value:12.3f}")
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "scheduling.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
