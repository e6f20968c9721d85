"""How long the program itself takes for many people: from a folder of scans through index, plans and engine.

``python -m benchmarks.cohort.through [--people 10000] [--sessions 3] [--engine dask]`` makes a folder of
empty scans in a temporary place and does what `bids` does: it plans everybody on the disk, describes the data
set, looks who is left, and sends them through an engine, whose task returns at once; last comes the table of
all people. It prints seconds as JSON. What was asked for: 10 000 people in under a minute.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.cohort.index import make_data_set, plan_and_write, timed
from benchmarks.cohort.scheduling import nothing
from LongitudinalINRLib.cohort.derivatives.dataset import write_dataset
from LongitudinalINRLib.cohort.engines.clusters import own_cluster
from LongitudinalINRLib.cohort.engines.dask_pool import DaskPool
from LongitudinalINRLib.cohort.engines.pool import LocalPool, Pool
from LongitudinalINRLib.cohort.engines.window import Window
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.overview.reading import write_overview
from LongitudinalINRLib.cohort.plan import read_plan
from LongitudinalINRLib.cohort.settled import settled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sessions", type=int, default=3)
    parser.add_argument("--engine", choices=("local", "dask"), default="dask")
    parser.add_argument("--jobs", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        bids_folder, cohort = Path(place) / "bids", CohortFolder(Path(place) / "out")
        make_data_set(bids_folder, asked.people, asked.sessions)
        plan_s, _ = timed(lambda: plan_and_write(bids_folder, cohort))
        described_s, _ = timed(lambda: write_dataset(cohort, bids_folder, map(read_plan, people_of(cohort))))
        left_s, left = timed(lambda: those_left(cohort))
        engine_s, done = timed(lambda: send_through(left, asked.engine, asked.jobs))
        table_s, _ = timed(lambda: write_overview(cohort))
    seconds = {
        "index_and_plans_written": plan_s,
        "data_set_described": described_s,
        "who_is_left": left_s,
        asked.engine: engine_s,
        "table_of_people": table_s,
    }
    seconds["together"] = round(sum(seconds.values()), 2)
    print(json.dumps({"people": asked.people, "done": done, "seconds": seconds}, indent=1))


def people_of(cohort: CohortFolder) -> Iterator[PersonFolder]:
    """Give the people with a plan."""
    return map(cohort.person, cohort.participants())


def those_left(cohort: CohortFolder) -> list[str]:
    """Return the folders of the people who are not settled."""
    return [str(person.path) for person in people_of(cohort) if settled(person) is None]


def send_through(folders: list[str], engine: str, jobs: int) -> int:
    """Return how many people an engine said to be done."""
    window = Window(folders, 0, lambda _: None, lambda *_: None)
    with pool_of(engine, jobs, window) as pool:
        window.work(pool, lambda: False)
    return len(window.ends.done)


@contextmanager
def pool_of(engine: str, jobs: int, window: Window) -> Iterator[Pool]:
    """Give an engine's place whose task returns at once."""
    if engine == "local":
        with closing(LocalPool("benchmark", jobs, 1, window.heard, task=nothing)) as pool:
            yield pool
        return
    with own_cluster(jobs, False, lambda _: None) as client:
        yield DaskPool(client, "benchmark", jobs, 1, window.heard, task=nothing)


if __name__ == "__main__":
    main()
