"""Where the time of a fit goes: ``python -m benchmarks.speed --output FOLDER [--device cuda]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path

import torch

from benchmarks.accuracy.cohort import REPORTING
from benchmarks.accuracy.prepared import prepare
from benchmarks.accuracy.tables import table
from benchmarks.speed.steps import peak_gigaflops, regulariser_seconds, step_speed
from benchmarks.speed.to_accuracy import course, seconds_to
from LongitudinalINRLib.core.config import PRESETS, preset
from LongitudinalINRLib.files import write_text

WANTED_POINTS = 1.0
JUDGED_MONTH = 24.0
EVERY_STEPS = 20
STEPS_TIMED = {"standard": 30, "preview": 30, "paper": 3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps")
    parser.add_argument("--no-course", action="store_true", help="leave out the time to accuracy")
    options = parser.parse_args()
    device = options.device
    subject = prepare(next(spec for spec in REPORTING if spec.name == "default"), options.output / "subjects")
    peak = peak_gigaflops(device)
    print(f"{_machine(device)}; large matrix product: {peak:.0f} GFLOP/s\n")
    steps, regularisers, courses = {}, {}, {}
    for name in PRESETS:
        config = preset(name)
        problem = subject.problem(config, subject.follow_up_months)
        steps[name] = step_speed(problem, config, device, peak, STEPS_TIMED[name])
        times = 1 + len(subject.follow_up_months) + config.drawn_times
        regularisers[name] = regulariser_seconds(
            config, device, config.derivative_points, times, STEPS_TIMED[name]
        )
        if name != "paper" and not options.no_course:
            courses[name] = course(subject, config, JUDGED_MONTH, device, EVERY_STEPS)
    print(_step_table(steps, regularisers))
    for name, found in courses.items():
        reached = seconds_to(WANTED_POINTS, found)
        print(f"{name}: {WANTED_POINTS} points after {reached and round(reached, 1)} s", end="; ")
        print(f"done after {found[-1]['seconds']:.1f} s with {found[-1]['region_error_points']:.2f} points")
    kept = {
        "machine": _machine(device),
        "peak_gigaflops": peak,
        "steps": {name: asdict(speed) for name, speed in steps.items()},
        "regularisers": regularisers,
        "courses": courses,
    }
    file = options.output / f"speed-{device}.json"
    write_text(file, json.dumps(kept, indent=1))


def _step_table(steps, regularisers) -> str:
    head = [
        "preset",
        "ms a step",
        "GFLOP",
        "share of peak",
        "steps at most",
        "streams (ms)",
        "autograd (ms)",
        "ratio",
    ]
    lines = []
    for name, speed in steps.items():
        ways = regularisers[name]
        lines.append(
            [
                name,
                f"{1e3 * speed.seconds:.1f}",
                f"{speed.gigaflops:.2f}",
                f"{speed.share_of_peak:.0%}",
                f"{preset(name).steps}",
                f"{1e3 * ways['streams']:.1f}",
                f"{1e3 * ways['autograd']:.1f}",
                f"{ways['autograd'] / ways['streams']:.1f}",
            ]
        )
    return table(head, lines)


def _machine(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.machine()}, {torch.get_num_threads()} threads{load}"


if __name__ == "__main__":
    main()
