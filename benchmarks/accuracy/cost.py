"""Seconds and memory of every method on one subject: ``python -m benchmarks.accuracy.cost --output FOLDER``.

Each method has a process and two threads of its own, one after the other. The machine should have nothing
else to do.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from benchmarks.accuracy.cohort import REPORTING, SubjectSpec
from benchmarks.accuracy.peers.lps import THREADS
from benchmarks.accuracy.prepared import Prepared, prepare
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import table
from LongitudinalINRLib.files import write_text

SUBJECT = "default"
KIB_PER_GIB = 2**20


@dataclass(frozen=True)
class Cost:
    """What a method took for all follow-ups of the subject, alignment not counted.

    Parameters
    ----------
    method : str
        Its name.
    seconds : float
        Wall clock.
    peak_gib : float
        Most memory of its process, the scans included.
    """

    method: str
    seconds: float
    peak_gib: float


def cost_of(method: str, output: Path) -> Cost:
    """Run a method on the subject; to be called in a process of its own."""
    subject = prepare(_spec(), output / "subjects")
    run = _ours(subject) if method == OURS else _peer(subject, method)
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    return Cost(method, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB)


def _spec() -> SubjectSpec:
    return next(spec for spec in REPORTING if spec.name == SUBJECT)


def _ours(subject: Prepared) -> Callable[[], object]:
    import torch

    from LongitudinalINRLib.core.config import preset
    from LongitudinalINRLib.core.fit import fit
    from LongitudinalINRLib.jobs.start import start_of

    torch.set_num_threads(THREADS)
    config = preset("standard")
    problem = subject.problem(config, subject.follow_up_months)
    return lambda: fit(problem, config, start=start_of(config))


def _peer(subject: Prepared, method: str) -> Callable[[], object]:
    from benchmarks.accuracy.peer_runs import pair_of
    from benchmarks.accuracy.peers.registry import PEERS

    register = PEERS[method]
    pairs = [pair_of(subject, month) for month in subject.follow_up_months]

    def run() -> None:
        for pair in pairs:
            register(pair)

    return run


def main(arguments: Sequence[str] | None = None) -> None:
    from benchmarks.accuracy.peers.registry import available

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    known = (OURS, *available())
    parser.add_argument("--methods", nargs="*", default=known, choices=known, help="all by default")
    options = parser.parse_args(arguments)
    prepare(_spec(), options.output / "subjects")  # no method's memory should hold the simulation's
    costs = []
    for method in options.methods:
        with get_context("spawn").Pool(1) as pool:
            costs.append(pool.apply(cost_of, (method, options.output)))
        print(costs[-1], flush=True)
    file = options.output / "cost.json"
    write_text(file, json.dumps([asdict(cost) for cost in costs], indent=1))
    print(cost_table(costs))


def cost_table(costs: Sequence[Cost]) -> str:
    """Return the costs as a Markdown table."""
    lines = [[cost.method, f"{cost.seconds:.0f}", f"{cost.peak_gib:.1f}"] for cost in costs]
    return table(["method", "seconds, three follow-ups", "peak memory (GiB)"], lines)


if __name__ == "__main__":
    main()
