"""Score our method, and others, on simulated subjects: ``python -m benchmarks.accuracy --output FOLDER``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.cohort import SETS, WITH_PEERS, SubjectSpec
from benchmarks.accuracy.goals import reached
from benchmarks.accuracy.rows import read_rows
from benchmarks.accuracy.suite import run_subject
from benchmarks.accuracy.tables import by_physics, by_subject, summary
from benchmarks.accuracy.who import readable, tuned_and_reported

QUICK = ("default", "still")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument(
        "--set", default="smooth", choices=tuple(SETS), help="which subjects; smooth if not given"
    )
    parser.add_argument("--only", nargs="*", default=(), metavar="NAME", help="these subjects of the set")
    parser.add_argument(
        "--peers",
        nargs="*",
        metavar="NAME",
        help="run other programs too, on some of the subjects: these, or all that are installed",
    )
    parser.add_argument("--preset", default="standard", choices=("standard", "preview"))
    parser.add_argument("--quick", action="store_true", help="the ten-minute version: two subjects, preview")
    options = parser.parse_args()
    preset = "preview" if options.quick else options.preset
    others = () if options.peers is None else peer_names(options.peers)
    specs = chosen("smooth", QUICK) if options.quick else chosen(options.set, options.only)
    for number, spec in enumerate(specs, start=1):
        print(f"{number} of {len(specs)}: {spec.name} ({spec.what})", flush=True)
        peers = others if spec.name in WITH_PEERS else ()
        run_subject(spec, options.output, preset, peers)
    rows = read_rows(options.output / "rows", specs)
    print(f"\n{by_subject(rows)}\n\n{summary(rows, specs)}\n\n{by_physics(rows, specs)}")
    print(f"\n{reached(rows, specs)}\n\n{tuned_and_reported()}")


def chosen(name: str, wanted: Sequence[str]) -> list[SubjectSpec]:
    """Return the subjects of a set that can be read: all, or the wanted ones."""
    if unknown := sorted(set(wanted) - {spec.name for spec in SETS[name]}):
        sys.exit(f"The set {name} has no {', '.join(unknown)}.")
    return readable([spec for spec in SETS[name] if not wanted or spec.name in wanted])


def peer_names(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the other programs to run; the advice of those that are missing ends the program."""
    from benchmarks.accuracy.peers.registry import SOURCES, available, missing

    if unknown := sorted(set(asked) - set(SOURCES)):
        sys.exit(f"No program {', '.join(unknown)}; there are {', '.join(SOURCES)}.")
    if absent := [text for name, text in missing().items() if name in asked]:
        sys.exit("\n".join(absent))
    return tuple(asked) or available()


if __name__ == "__main__":
    main()
