"""Regions carried over from the atlas: their overlap with others, and what they cost in the numbers.

Run ``python -m benchmarks.outlines --output FOLDER``. The labels of `t1_labelled` are FreeSurfer's; those of
the people of IXI are DLMUSE's, whose borders are drawn by other rules. The cost is measured on a simulated
subject: one fit as somebody without labels makes it, its regions measured within the subject's own labels and
within the carried ones, both against the true change within the subject's own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy import ndimage

from benchmarks.accuracy.tables import table
from benchmarks.engine import machine
from benchmarks.people import PEOPLE, USUAL, Person
from LongitudinalINRLib.analysis.atlas import region_of
from LongitudinalINRLib.analysis.overlap import dice
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.atlas.carry import carried_regions
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.imaging.reading import read_labels
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.results import Result, open_result
from LongitudinalINRLib.simulate.storage import load_truth
from LongitudinalINRLib.simulate.subject import simulate_subject

OTHERS = ("ixi012", "ixi013", "ixi014", "ixi015", "ixi033", "ixi034")
MONTHS = 24.0
SEED = 21


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--output", type=Path, required=True)
    folder: Path = arguments.parse_args().output
    people = [PEOPLE[name] for name in (USUAL, *OTHERS) if not PEOPLE[name].missing]
    quality = {person.name: overlaps(person) for person in people}
    print(quality_table(quality))
    cost = cost_in_regions(folder) if not PEOPLE[USUAL].missing else {}
    print(cost_table(cost))
    result = {"machine": machine(), "quality": quality, "cost": cost}
    write_text(folder / "outlines.json", json.dumps(result, indent=2))


def overlaps(person: Person) -> dict[str, float]:
    """Return the Dice of every structure that both know, and how the atlas fitted."""
    scan, labels = person.read()
    mask = labels.with_array(ndimage.binary_fill_holes(labels.array > 0))
    began, processor = time.perf_counter(), time.process_time()
    carried = carried_regions(scan, mask)
    measures = {
        "seconds": time.perf_counter() - began,
        "processor seconds": time.process_time() - processor,
        "mask": carried.mask_dice,
        "likeness": carried.likeness,
    }
    found = dice(labels, carried.labels, mask)
    both = sorted(set(np.unique(labels.array).tolist()) & set(np.unique(carried.labels.array).tolist()) - {0})
    return measures | {region_of(label).name: found[label] for label in both}


def quality_table(quality: dict[str, dict[str, float]]) -> str:
    names = list(dict.fromkeys(name for found in quality.values() for name in found))
    lines = [
        [name, *(f"{found[name]:.2f}" if name in found else "" for found in quality.values())]
        for name in names
    ]
    return table(["structure", *quality], lines)


def cost_in_regions(folder: Path) -> dict[str, dict[str, float]]:
    """Return, by structure, the true change in percent and the one found within either labels."""
    subject, result_folder = folder / "subject", folder / "result"
    if not (subject / "simulation.json").exists():
        simulate_subject(*PEOPLE[USUAL].read(), (0.0, MONTHS), seed=SEED).save(subject)
    truth = load_truth(subject)
    scans = ["--baseline", truth.scan_path(0.0), "--follow-up", f"{MONTHS:g}:{truth.scan_path(MONTHS)}"]
    command = ["fit", *scans, "--regions", "atlas", "--output", result_folder]
    subprocess.run([sys.executable, "-m", "LongitudinalINRLib.cli", *map(str, command)], check=True)
    result = open_result(result_folder)
    own = on_grid(read_labels(truth.labels_path(0.0))[0], result.mask)
    found, true = predict(result, MONTHS, ["jacobian"])["jacobian"], truth.jacobian(MONTHS)
    carried = result.scans.labels
    assert carried is not None
    within = {
        "true": changes(result, true, own),
        "own labels": changes(result, found, own),
        "carried": changes(result, found, carried),
        "truth within carried": changes(result, true, carried),
    }
    shared = sorted(set.intersection(*map(set, within.values())) - {0})
    return {region_of(label).name: {name: by[label] for name, by in within.items()} for label in shared}


def changes(result: Result, jacobian: Volume, labels: Volume) -> dict[int, float]:
    """Return the volume change in percent of every label."""
    regions = RegionSet.from_labels(labels, result.mask, result.valid)
    means = regions.means(jacobian.array.ravel()[regions.voxels].astype(np.float64))
    return {label: float(100 * (mean - 1)) for label, mean in zip(regions.labels, means, strict=True)}


def cost_table(cost: dict[str, dict[str, float]]) -> str:
    lines = [[name, *(f"{value:+.1f}" for value in found.values())] for name, found in cost.items()]
    for by in ("own labels", "carried"):
        errors = [abs(found[by] - found["true"]) for found in cost.values()]
        if errors:
            lines.append(
                [f"mean error within {by}", f"{np.mean(errors):.2f}", f"worst {max(errors):.1f}", "", ""]
            )
    return table(["structure", "true", "own labels", "carried", "truth within carried"], lines)


if __name__ == "__main__":
    main()
