"""A whole job, stage by stage, alone and two at once: ``python -m benchmarks.speed.job --output FOLDER``.

Every run is a process of its own, as a person starts it; medians over the repetitions. The machine should do
nothing else. Where antspyx is installed, ANTs SyN takes the pair of the job with one follow-up too.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import psutil

from benchmarks.accuracy.tables import table
from benchmarks.engine import COMMAND, machine
from benchmarks.subject import simulated
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.progress import SHARES

SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class Case:
    """A job to time; with the months of its follow-ups, at which its maps are made too."""

    name: str
    preset: str
    months: tuple[int, ...]
    at_once: int = 1


CASES = (
    Case("standard, three follow-ups", "standard", (12, 24, 36)),
    Case("preview, three follow-ups", "preview", (12, 24, 36)),
    Case("standard, one follow-up", "standard", (24,)),
    Case("two of standard, one follow-up, at once", "standard", (24,), at_once=2),
)


@dataclass(frozen=True)
class Timed:
    """What a job took: seconds in all and by stage, and the largest resident memory of its process."""

    seconds: float
    by_stage: dict[str, float]
    peak_gb: float


def timed(case: Case, subject: Path, folder: Path) -> Timed:
    """Run a job once, in a new folder, which is removed."""
    arguments = ["fit", "--baseline", subject / "t000.0mo.nii.gz"]
    arguments += ["--labels", subject / "labels_000.0mo.nii.gz", "--preset", case.preset]
    for month in case.months:
        arguments += ["--follow-up", f"{month}:{subject / f't{month:03d}.0mo.nii.gz'}"]
    months = ",".join(str(month) for month in (0, *case.months))
    arguments += ["--maps-at", months, "--output", folder, "--json"]
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    peak: list[int] = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    entered = {"start": began}
    assert process.stdout is not None
    for line in process.stdout:
        stage = json.loads(line).get("stage")
        if stage is not None and stage not in entered:
            entered[stage] = time.perf_counter()
    if process.wait():
        raise SystemExit(f"{case.name} ended with {process.returncode}")
    ended = time.perf_counter()
    shutil.rmtree(folder)
    ends = [*list(entered.values())[1:], ended]
    by_stage = {name: end - start for (name, start), end in zip(entered.items(), ends, strict=True)}
    return Timed(ended - began, by_stage, peak[0] / 1e9)


def timed_ants(subject: Path, folder: Path) -> Timed:
    """Run ANTs SyN on the pair of the job with one follow-up, once."""
    folder.mkdir(parents=True)
    files = (subject / "t000.0mo.nii.gz", subject / "t024.0mo.nii.gz", folder / "jacobian.nii.gz")
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.speed.ants_pair", *map(str, files)])
    peak: list[int] = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    if process.wait():
        raise SystemExit(f"ANTs ended with {process.returncode}")
    ended = time.perf_counter()
    shutil.rmtree(folder)
    return Timed(ended - began, {}, peak[0] / 1e9)


def _watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    seen = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            peak[0] = max(peak[0], seen.memory_info().rss)
        except psutil.NoSuchProcess:
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)


def typical(case: Case, subject: Path, output: Path, repetitions: int) -> Timed:
    """Return the medians over some repetitions; of jobs at once, that of the slower one."""
    runs = []
    for _ in range(repetitions):
        folders = [output / f"timed-{number}" for number in range(case.at_once)]
        with ThreadPoolExecutor(case.at_once) as pool:
            at_once = list(pool.map(lambda folder: timed(case, subject, folder), folders))
        runs.append(max(at_once, key=lambda run: run.seconds))
    stages = runs[0].by_stage
    return Timed(
        median(run.seconds for run in runs),
        {name: median(run.by_stage[name] for run in runs) for name in stages},
        median(run.peak_gb for run in runs),
    )


def shown(found: dict[str, Timed]) -> str:
    """Return the cases as a Markdown table."""
    stages = ["start", *SHARES]
    lines = [
        [
            name,
            f"{run.seconds:.1f}",
            *(f"{run.by_stage[stage]:.1f}" if stage in run.by_stage else "" for stage in stages),
            f"{run.peak_gb:.2f}",
        ]
        for name, run in found.items()
    ]
    return table(["job (seconds)", "whole", *stages, "peak (GB)"], lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    options = parser.parse_args(arguments)
    subject = options.output / "subject-0"
    anatomy = simulated(subject, 0)
    found = {
        case.name: typical(case, subject, options.output, options.repetitions)
        for case in CASES
        if options.only in case.name
    }
    if find_spec("ants") is not None:
        runs = [timed_ants(subject, options.output / "timed-ants") for _ in range(options.repetitions)]
        found["ANTs SyN of antspyx, that one pair"] = sorted(runs, key=lambda run: run.seconds)[
            len(runs) // 2
        ]
    kept = {name: asdict(run) for name, run in found.items()}
    told = {"anatomy": anatomy, "machine": machine(), "cases": kept}
    write_text(options.output / "job-speed.json", json.dumps(told, indent=1))
    print(f"\nAnatomy: {anatomy}; machine: {machine()}\n\n{shown(found)}")


if __name__ == "__main__":
    main()
