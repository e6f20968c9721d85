"""Slider to picture, and loading a result, on a brain of 1 mm: real MRML, real slice views.

Run ``python -m benchmarks.slider_to_picture --output FOLDER`` with slicer-core and trame-slicer installed.
Pictures are rendered without multisampling, and in software where there is no display.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from LongitudinalINRLib.files import write_text

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / each) for each in ("LongitudinalINR", "Testing", "Testing/mrml")]

SHAPE = (160, 192, 224)
MAP_MONTHS = (0.0, 6.0, 12.0, 18.0, 24.0, 30.0, 36.0)
SCAN_MONTHS = (12.0, 24.0)
VIEWS = (("Red", "Axial"), ("Green", "Coronal"), ("Yellow", "Sagittal"))
STEPS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    write_text(options.output / "slider_to_picture.json", json.dumps(rows, indent=2))
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores{busy}; {SHAPE} voxels, {len(MAP_MONTHS)} time points"
    )
    for row in rows:
        print(f"{row['what']:56} {row['value']:8.1f} {row['unit']:3} (asked: {row['asked']})")


def measure(folder: Path) -> list[dict[str, object]]:
    """Load a result, then drag the slider with one and with three views."""
    from LongitudinalINRModule.display.slice_views import OverlayViews
    from LongitudinalINRModule.jobs.loading import load_maps
    from LongitudinalINRModule.result.continuous_time import ContinuousTime
    from LongitudinalINRModule.result.result_files import ResultFiles
    from offscreen import Application, View

    head = write_job(folder)
    application = Application(folder)
    baseline = add_baseline(application.scene, head)
    views = [View(application, name, orientation, (500, 500)) for name, orientation in VIEWS]
    with MemoryWatch() as memory:
        start = time.perf_counter()
        result = load_maps(application.scene, ResultFiles.of(folder), baseline)
        seconds = time.perf_counter() - start
    rows = [
        row("loading |J| and rate, 7 time points each", seconds, "s", 10),
        row("more memory at most while loading", memory.most_mb, "MB", 1500),
    ]
    OverlayViews([view.logic for view in views]).show(baseline, result.proxy("jacobian"))
    slider = ContinuousTime(result, application.sequences_logic)
    for count, asked in ((1, 50), (3, 80)):
        shown = [view.window for view in views[:count]]
        times_ms, processor_ms, own_ms = drag(slider, shown)
        label = f"slider to picture, {count} view{'s' if count > 1 else ''} of 500x500"
        rows.append(row(f"{label}, median", float(np.median(times_ms)), "ms", asked))
        rows.append(row(f"{label}, 95 of 100 within", float(np.percentile(times_ms, 95)), "ms", asked))
        # What other programs take from the machine does not count here, what all threads do does.
        rows.append(row(f"{label}, processor time", float(np.median(processor_ms)), "ms", asked))
        rows.append(row(f"{label}, without the views", float(np.median(own_ms)), "ms", 3))
    for view in views:
        view.close()
    return rows


def drag(slider, windows) -> tuple[list[float], list[float], list[float]]:
    """Move through all months; return milliseconds to each picture: passed, worked, ours."""
    times_ms, processor_ms, own_ms = [], [], []
    for months in np.linspace(MAP_MONTHS[0], MAP_MONTHS[-1], STEPS):
        start, worked = time.perf_counter(), time.process_time()
        slider.show(float(months))
        own_ms.append(1000.0 * (time.process_time() - worked))
        for window in windows:
            window.Render()
            window.WaitForCompletion()
        times_ms.append(1000.0 * (time.perf_counter() - start))
        processor_ms.append(1000.0 * (time.process_time() - worked))
    return times_ms, processor_ms, own_ms


def write_job(folder: Path) -> np.ndarray:
    """Write the maps of a job with smooth, noisy change in a head, and return the head."""
    import nibabel as nib

    from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry
    from LongitudinalINRLib.words import month_label

    (folder / "maps").mkdir()
    head, rate = head_and_rate()
    for months in MAP_MONTHS:
        for name, values in (("jacobian", 1.0 + rate * months), ("rate", rate)):
            image = nib.Nifti1Image(values.astype(np.float32), affine())
            nib.save(image, folder / "maps" / f"{name}_{month_label(months)}mo.nii.gz")
    request = Request(
        baseline="scan-0.nii.gz",
        follow_ups=tuple(ScanEntry(f"scan-{months:g}.nii.gz", months) for months in (12.0, 24.0)),
        outputs=Outputs(maps_at_months=MAP_MONTHS, maps=("jacobian", "rate")),
    )
    write_text(folder / "request.json", request.to_json())
    return head


def write_result(folder: Path) -> None:
    """Write a finished job as a worker leaves it, with checksums, baseline and follow-ups; once."""
    from LongitudinalINRLib.imaging.volume import Volume
    from LongitudinalINRLib.imaging.writing import write_volume
    from LongitudinalINRLib.jobs.documents.results import KINDS
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.integrity import write_results
    from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry
    from LongitudinalINRLib.words import map_file_name

    job = JobFolder(folder)
    if job.results.exists():
        return
    job.create()
    head, rate = head_and_rate()
    write_volume(Volume(head, affine()), folder / "scan-0.nii.gz", job.manifest.writing)
    written = []
    job.maps.mkdir(exist_ok=True)
    for months in MAP_MONTHS:
        maps = {"jacobian": (1.0 + rate * months).astype(np.float32), "rate": rate}
        if months in SCAN_MONTHS:
            maps |= {name: head.astype(np.float32) + 1.0 for name in ("aligned", "warped")}
        for name, values in maps.items():
            written.append(job.maps / map_file_name(name, months))
            write_volume(Volume(values, affine()), written[-1], job.manifest.writing)
    request = Request(
        baseline="scan-0.nii.gz",
        follow_ups=tuple(ScanEntry(f"scan-{months:g}.nii.gz", months) for months in SCAN_MONTHS),
        outputs=Outputs(maps_at_months=MAP_MONTHS, maps=("jacobian", "rate", "aligned", "warped")),
    )
    job.manifest.write_bytes(job.request, request.to_json().encode())
    write_results(job, {**{kind: [] for kind in KINDS}, "maps": written}, 60.0)


def head_and_rate() -> tuple[np.ndarray, np.ndarray]:
    """Return a head, and smooth, noisy change a month in it."""
    x, y, z = (np.linspace(-1.15, 1.15, size, dtype=np.float32) for size in SHAPE)
    inside = (x[:, None, None] ** 2 + y[:, None] ** 2 + z**2 < 1).astype(np.float32)
    waves = np.sin(9 * x)[:, None, None] * np.cos(11 * y)[:, None] * np.sin(13 * z)
    noise = np.random.default_rng(0).normal(0.0, 0.02, SHAPE).astype(np.float32)
    rate = (inside * (0.1 * waves + noise) / 36.0).astype(np.float32)
    return np.rint(inside * (600.0 + 300.0 * waves)).astype(np.int16), rate


def add_baseline(scene, head: np.ndarray):
    import slicer

    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T1")
    slicer.util.updateVolumeFromArray(node, head.transpose(2, 1, 0))
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(affine()))
    node.CreateDefaultDisplayNodes()
    return node


def affine() -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = -(np.array(SHAPE) - 1) / 2
    return matrix


class MemoryWatch:
    """How much more memory the process held at most than at the beginning, looked at every 10 ms."""

    def __enter__(self) -> MemoryWatch:
        self._before = self._held_mb()
        self.most_mb = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self.most_mb = max(self.most_mb, self._held_mb() - self._before)

    @staticmethod
    def _held_mb() -> float:
        return psutil.Process().memory_info().rss / 1e6


def row(what: str, value: float, unit: str, asked: float) -> dict[str, object]:
    return {"what": what, "value": value, "unit": unit, "asked": f"at most {asked:g}"}


if __name__ == "__main__":
    main()
