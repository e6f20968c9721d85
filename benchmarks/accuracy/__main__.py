"""Score our method, and others, on simulated subjects: ``python -m benchmarks.accuracy --output FOLDER``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.cohort import REPORTING, TUNING, WITH_PEERS
from benchmarks.accuracy.rows import read_rows
from benchmarks.accuracy.suite import run_subject
from benchmarks.accuracy.tables import by_subject, summary

QUICK = ("default", "still")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    known = [spec.name for spec in (*REPORTING, *TUNING)]
    parser.add_argument("--only", nargs="*", default=(), choices=known, metavar="NAME", help="these subjects")
    parser.add_argument("--tuning", action="store_true", help="the tuning subjects instead of the reported")
    parser.add_argument(
        "--peers",
        nargs="*",
        metavar="NAME",
        help="run other programs too, on some of the subjects: these, or all that are installed",
    )
    parser.add_argument("--quick", action="store_true", help="the ten-minute version: two subjects, preview")
    options = parser.parse_args()
    names = QUICK if options.quick else options.only
    others = () if options.peers is None else peer_names(options.peers)
    specs = [spec for spec in (TUNING if options.tuning else REPORTING) if not names or spec.name in names]
    for number, spec in enumerate(specs, start=1):
        print(f"{number} of {len(specs)}: {spec.name} ({spec.what})", flush=True)
        peers = others if spec.name in WITH_PEERS else ()
        run_subject(spec, options.output, "preview" if options.quick else "standard", peers)
    rows = read_rows(options.output / "rows", [spec.name for spec in specs])
    print(f"\n{by_subject(rows)}\n\n{summary(rows, specs)}")


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
