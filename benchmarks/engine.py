"""The engine end to end, through its command line: accuracy against known truth, seconds, memory.

Run ``python -m benchmarks.engine --output FOLDER``. Presets were tuned on other subjects (seeds 11 and 12,
other rates and smoothness) than the one reported here.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.subject import simulated
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.results import open_result

COMMAND = [str(Path(sys.executable).with_name("longitudinal-inr"))]


@dataclass(frozen=True)
class Case:
    """One fit and the month that it is judged at."""

    name: str
    preset: str
    fitted_months: tuple[int, ...]
    judged_month: int


CASES = (
    Case("observed", "standard", (12, 24, 36), 24),
    Case("held out, between", "standard", (12, 36), 24),
    Case("held out, beyond", "standard", (12, 24), 36),
    Case("preview, observed", "preview", (12, 24, 36), 24),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--seed", type=int, default=0, help="of the simulated subject")
    parser.add_argument("--only", default="", help="run the cases whose name contains this")
    options = parser.parse_args()
    subject = options.output / f"subject-{options.seed}"
    anatomy = simulated(subject, options.seed)
    rows = [measure(case, subject, options.output) for case in CASES if options.only in case.name]
    rows_and_machine = {"anatomy": anatomy, "machine": machine(), "seed": options.seed, "cases": rows}
    write_text(options.output / "engine.json", json.dumps(rows_and_machine, indent=2))
    print(f"\nAnatomy: {anatomy}; machine: {machine()}\n")
    print(table(rows))


def measure(case: Case, subject: Path, output: Path) -> dict[str, object]:
    """Fit, time the maps of one month, and score against the truth."""
    folder = output / case.name.replace(",", "").replace(" ", "-")
    arguments = [
        "fit",
        "--baseline",
        subject / "t000.0mo.nii.gz",
        "--labels",
        subject / "labels_000.0mo.nii.gz",
    ]
    for month in case.fitted_months:
        arguments += ["--follow-up", f"{month}:{subject / f't{month:03d}.0mo.nii.gz'}"]
    last = max(*case.fitted_months, case.judged_month)
    months = ",".join(str(month) for month in (0, 12, 24, 36) if month <= last)
    arguments += ["--preset", case.preset, "--maps-at", months, "--output", folder]
    seconds, memory_gb = run(arguments)
    score = json.loads(ask("evaluate", folder, "--truth", subject, "--json"))
    judged = next(row for row in score["times"] if row["months"] == case.judged_month)
    map_seconds = all_maps_seconds(folder)
    return {
        **asdict(case),
        **judged,
        "fit_seconds": score["seconds"],
        "job_seconds": seconds,
        "peak_memory_gb": memory_gb,
        "all_maps_seconds": map_seconds,
    }


def all_maps_seconds(folder: Path) -> float:
    """Return the seconds to make and write |J|, log |J|, rate and displacement of one month."""
    result = open_result(folder)
    began = time.perf_counter()
    maps = predict(result, 18.0, ["jacobian", "log-jacobian", "rate", "displacement"])
    for name, volume in maps.items():
        write_volume(volume, folder / f"month-18-{name}.nii.gz")
    return time.perf_counter() - began


def run(arguments: list[object]) -> tuple[float, float]:
    """Run the command line and return wall seconds and peak resident memory in GB."""
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(map(str, arguments))} ended with {os.waitstatus_to_exitcode(status)}")
    per_unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - began, usage.ru_maxrss * per_unit / 1e9


def ask(*arguments: object) -> str:
    """Run the command line and return what it printed."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], check=True, capture_output=True, text=True)
    return done.stdout


def machine() -> str:
    """Describe the machine in a few words."""
    return f"{os.cpu_count()} CPU cores, {platform.system()}, Python {platform.python_version()}"


def table(rows: list[dict[str, object]]) -> str:
    """Return the rows as a Markdown table."""
    columns = {
        "case": "name",
        "fitted": "fitted_months",
        "asked": "judged_month",
        "region error (points)": "region_error_points",
        "RMSE log\\|J\\|": "rmse_log_jacobian",
        "correlation": "correlation",
        "folded": "folded_voxels",
        "fit (s)": "fit_seconds",
        "whole job (s)": "job_seconds",
        "peak (GB)": "peak_memory_gb",
        "all maps of a month (s)": "all_maps_seconds",
    }
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(shown(row[key]) for key in columns.values()) + " |" for row in rows]
    return "\n".join(lines)


def shown(value: object) -> str:
    """Return a value for the table."""
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, float):
        return f"{value:.4f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return str(value)


if __name__ == "__main__":
    main()
