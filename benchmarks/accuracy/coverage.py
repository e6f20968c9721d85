"""Do the error bars hold the truth? ``python -m benchmarks.accuracy.coverage --output FOLDER``.

It counts on the reported subjects, per brain and per physics, how often the 90 % interval holds the truth,
and how wide it is beside the actual errors. With ``--calibrate`` it finds the coefficients of
`analysis.error_model` on the tuning subjects; with ``--leave-one-person-out`` each reported person is judged
by coefficients found on the tuning subjects of all other people.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy.calibration import LEVEL, calibrated, widened
from benchmarks.accuracy.cohort import SETS, SubjectSpec
from benchmarks.accuracy.samples import Sample, collect
from benchmarks.accuracy.tables import table
from benchmarks.accuracy.who import REPORTED_ON, TUNED_ON, readable
from LongitudinalINRLib.analysis import error_model
from LongitudinalINRLib.analysis.error_model import (
    REGION,
    UNKNOWN_SCANNER,
    VOXEL,
    Coefficients,
    ScannerError,
)
from LongitudinalINRLib.files import write_text

SAME_SCANNER, UNKNOWN = error_model.SAME_SCANNER.name, UNKNOWN_SCANNER.name
Interval = tuple[Coefficients, Coefficients, ScannerError]
INTERVALS: Mapping[str, Interval] = {
    scanner.name: (VOXEL, REGION, scanner) for scanner in (error_model.SAME_SCANNER, UNKNOWN_SCANNER)
}
"""Coefficients of voxels and regions, and what the scanners add, of each interval that the program gives."""


def counted(samples: Sequence[Sample], interval: str) -> list[Sample]:
    """Return the samples that an interval is meant for: that of the same scanner not for other scanners."""
    return [s for s in samples if interval == UNKNOWN or s.spec.physics.same_scanner]


def coverage_table(
    voxels: Sequence[Sample],
    regions: Sequence[Sample],
    intervals: Mapping[str, Interval] = INTERVALS,
) -> str:
    """Return coverage and width of each interval: of all, per brain and per physics, by kind of month.

    The last number of an interval is its mean half-width as a multiple of the 90th percentile of the actual
    errors: 1 where it is as wide as it must be.
    """
    lines = []
    for interval, (of_voxels, of_regions, scanner) in intervals.items():
        own_regions, own_voxels = counted(regions, interval), counted(voxels, interval)
        for name, kind, chosen in _groups(own_regions):
            cells = []
            for samples, coefficients in ((own_regions, of_regions), (own_voxels, of_voxels)):
                of_kind = [s for s in samples if s.kind == kind]
                own = [s for s in of_kind if chosen in ("", s.spec.person, s.spec.physics.name)]
                cells += _held_and_width(own, coefficients, scanner)
            lines.append([interval, name, kind, *cells])
    head = ["interval", "subjects", "months"]
    for what in ("regions", "voxels"):
        head += [f"{what} held", "half-width (%)", "of the 90th percentile of the error"]
    return table(head, lines)


def _groups(samples: Sequence[Sample]) -> list[tuple[str, str, str]]:
    """Return what is told apart, each with its kind of month and the person or physics that it is of."""
    kinds = [k for k in ("observed", "interpolated", "extrapolated") if any(s.kind == k for s in samples)]
    found = [("all", kind, "") for kind in kinds]
    for of in ("brain", "physics"):
        pairs = dict.fromkeys(
            (s.spec.person if of == "brain" else s.spec.physics.name, s.kind)
            for s in samples
            if s.kind != "interpolated"
        )
        found += [(f"{of} {name}", kind, name) for name, kind in pairs]
    return found


def _held_and_width(
    samples: Sequence[Sample], coefficients: Coefficients, scanner: ScannerError
) -> list[str]:
    widths = np.concatenate([s.half_widths(coefficients, scanner) for s in samples])
    errors = np.concatenate([np.abs(s.errors) for s in samples])
    held = np.mean([s.coverage(coefficients, scanner) for s in samples])
    ratio = widths.mean() / np.quantile(errors, LEVEL)
    return [f"{held:.0%}", f"{100 * np.median(widths):.2f}", f"{ratio:.1f}"]


def found_on(voxels: Sequence[Sample], regions: Sequence[Sample]) -> dict[str, Interval]:
    """Return both intervals: found on scans of one scanner, and widened to hold those of others too."""
    of_voxels = calibrated(counted(voxels, SAME_SCANNER), sized=False)
    of_regions = calibrated(counted(regions, SAME_SCANNER), sized=True)
    return {
        SAME_SCANNER: (of_voxels, of_regions, error_model.SAME_SCANNER),
        UNKNOWN: (of_voxels, of_regions, widened(regions, of_regions)),
    }


def left_out_tables(
    tuning: tuple[Sequence[Sample], Sequence[Sample]], reported: tuple[Sequence[Sample], Sequence[Sample]]
) -> str:
    """Return a table of each reported person under coefficients that other people's tuning subjects gave."""
    texts = []
    for person in dict.fromkeys(sample.spec.person for sample in reported[1]):
        others = [[s for s in samples if s.spec.person != person] for samples in tuning]
        own = [[s for s in samples if s.spec.person == person] for samples in reported]
        texts.append(f"{person}\n\n{coverage_table(*own, found_on(*others))}")
    return "\n\n".join(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--calibrate", action="store_true", help="find the coefficients on tuning subjects")
    parser.add_argument("--leave-one-person-out", action="store_true", help="judge each person by the others")
    parser.add_argument("--sets", nargs="*", default=REPORTED_ON, choices=tuple(SETS), help="who is judged")
    parser.add_argument("--only", nargs="*", default=(), help="names of subjects; all by default")
    options = parser.parse_args()

    def specs(names: Sequence[str]) -> list[SubjectSpec]:
        return readable([s for n in names for s in SETS[n] if not options.only or s.name in options.only])

    if options.calibrate or options.leave_one_person_out:
        tuning = collect(specs(TUNED_ON), options.output)
    if options.calibrate:
        found = found_on(*tuning)
        for interval, (of_voxels, of_regions, scanner) in found.items():
            print(f"{interval}\nVOXEL = {of_voxels}\nREGION = {of_regions}\n{scanner}")
        print(coverage_table(*tuning, found))
        return
    reported = collect(specs(options.sets), options.output)
    text = left_out_tables(tuning, reported) if options.leave_one_person_out else coverage_table(*reported)
    if not options.only:
        name = "coverage-left-out" if options.leave_one_person_out else "coverage"
        write_text(options.output / f"{name}.json", json.dumps({"table": text}))
    print(text)


if __name__ == "__main__":
    main()
