"""Run experiments: ``python -m benchmarks.accuracy.experiments [NAME ...] --output FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.experiments.experiment import Experiment, Setting
from benchmarks.accuracy.experiments.people import from_table
from benchmarks.accuracy.experiments.registry import EXPERIMENTS
from benchmarks.accuracy.tables import table
from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRLib.files import write_text


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.accuracy.experiments")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(EXPERIMENTS)}; all if none")
    parser.add_argument("--output", type=Path, default=Path("benchmark-output/accuracy"))
    parser.add_argument("--subjects", type=Path, help="CSV: subject, group, months, image, labels")
    parser.add_argument("--quick", action="store_true", help="fewer and cheaper fits")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, help="of the preset paper, in place of its own")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.names) - set(EXPERIMENTS)):
        parser.error(f"no experiment {', '.join(unknown)}; there are {', '.join(EXPERIMENTS)}")
    try:
        people = tuple(from_table(options.subjects)) if options.subjects else ()
        setting = Setting(options.output, people, options.quick, options.device, options.steps)
        for name in options.names or EXPERIMENTS:
            perform(EXPERIMENTS[name], setting)
    except LongitudinalError as error:
        sys.exit(str(error))


def perform(experiment: Experiment, setting: Setting) -> None:
    """Run one experiment, keep its numbers, draw its figures and print its table."""
    print(f"\n{experiment.name}: {experiment.title}\n", flush=True)
    numbers = {"preset": setting.config.preset, **experiment.run(setting)}
    file = setting.output / "experiments" / f"{experiment.name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, json.dumps(numbers, indent=1))
    figures = setting.output / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    drawn = experiment.draw(json.loads(file.read_text("utf-8")), setting, figures)
    print(as_table(numbers.get("rows", [])))
    print("\n" + "\n".join(f"{path}" for path in (file, *drawn)), flush=True)


def as_table(rows: Sequence[dict[str, object]]) -> str:
    """Return flat dictionaries as a Markdown table; columns in the order in which they first occur."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return table(columns, [[_shown(row.get(name)) for name in columns] for row in rows])


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
