"""Score our method, and others, on simulated subjects: ``python -m benchmarks.accuracy --output FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.accuracy.cohort import REPORTING, TUNING, WITH_PEERS
from benchmarks.accuracy.rows import read_rows
from benchmarks.accuracy.suite import run_subject
from benchmarks.accuracy.tables import by_subject, summary

QUICK = ("default", "still")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--only", nargs="*", default=(), help="names of subjects; all by default")
    parser.add_argument("--tuning", action="store_true", help="the tuning subjects instead of the reported")
    parser.add_argument(
        "--peers", action="store_true", help="run other programs too, on some of the subjects"
    )
    parser.add_argument("--quick", action="store_true", help="the ten-minute version: two subjects, preview")
    options = parser.parse_args()
    names = QUICK if options.quick else options.only
    specs = [spec for spec in (TUNING if options.tuning else REPORTING) if not names or spec.name in names]
    for number, spec in enumerate(specs, start=1):
        print(f"{number} of {len(specs)}: {spec.name} ({spec.what})", flush=True)
        peers = peer_names() if options.peers and spec.name in WITH_PEERS else ()
        run_subject(spec, options.output, "preview" if options.quick else "standard", peers)
    rows = read_rows(options.output / "rows", [spec.name for spec in specs])
    print(f"\n{by_subject(rows)}\n\n{summary(rows, specs)}")


def peer_names() -> tuple[str, ...]:
    from benchmarks.accuracy.peers.registry import PEERS

    return tuple(PEERS)


if __name__ == "__main__":
    main()
