"""Slider to picture in the 3D view: the surface of a brain of 1 mm, real MRML, real rendering.

Run ``python -m benchmarks.surface_to_picture RESULT --output FOLDER`` with slicer-core and trame-slicer
installed; RESULT is the folder of a finished job. Rendered without multisampling, and in software where there
is no display. What other programs take from the machine counts in the pictures a second, not in the
processor's time, which is that of all threads.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.slider_to_picture import ROOT, row
from LongitudinalINRLib.files import write_text

sys.path[:0] = [str(ROOT / each) for each in ("LongitudinalINR", "Testing", "Testing/mrml")]

SIZE = (500, 500)
STEPS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("result", type=Path)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(options.result, Path(folder))
    write_text(options.output / "surface_to_picture.json", json.dumps(rows, indent=2))
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{platform.machine()}, {os.cpu_count()} cores{busy}; a view of {SIZE[0]} x {SIZE[1]}")
    for each in rows:
        print(f"{each['what']:56} {each['value']:9.1f} {each['unit']:9} (asked: {each['asked']})")


def measure(path: Path, folder: Path) -> list[dict[str, object]]:
    """Make the surface of a result, then drag the slider."""
    import slicer
    from LongitudinalINRModule.display.map_display import MapDisplay
    from LongitudinalINRModule.jobs.loading import load_maps
    from LongitudinalINRModule.mrml.node_files import read_voxels
    from LongitudinalINRModule.result.quantities import JACOBIAN
    from LongitudinalINRModule.result.result_files import ResultFiles
    from offscreen import Application, SurfaceView

    application, files = Application(folder), ResultFiles.of(path)
    baseline = slicer.vtkMRMLScalarVolumeNode()
    read_voxels(files.path("jacobian", files.months("jacobian")[0])).put_into(baseline)
    application.scene.AddNode(baseline)
    result = load_maps(application.scene, files, baseline)
    surface, held_ms, seconds = make(result)
    display = MapDisplay(result.proxy("jacobian"), JACOBIAN)
    view = SurfaceView(application, SIZE)
    surface.paint("jacobian", result.months[-1], display, False)
    view.look()
    view.window.Render()
    paint_ms, processor_ms, passed_ms = [], [], []
    for months in np.linspace(result.months[0], result.months[-1], STEPS):
        start, worked = time.perf_counter(), time.process_time()
        surface.paint("jacobian", float(months), display, False)
        paint_ms.append(1000.0 * (time.process_time() - worked))
        view.window.Render()
        view.window.WaitForCompletion()
        processor_ms.append(1000.0 * (time.process_time() - worked))
        passed_ms.append(1000.0 * (time.perf_counter() - start))
    view.close()
    points = surface.node.GetPolyData().GetNumberOfPoints()
    return [
        row(f"making the surface ({points} points), in all", seconds, "s", 10),
        row("the window held by it at most, processor time", held_ms, "ms", 50),
        row("new colours, processor time", float(np.median(paint_ms)), "ms", 20),
        row("slider to picture, processor time", float(np.median(processor_ms)), "ms", 100),
        row("slider to picture, as it passed", float(np.median(passed_ms)), "ms", 100),
    ]


def make(result) -> tuple[object, float, float]:
    """Make the surface as the panel does; return it, how long the window was held, and seconds in all."""
    from LongitudinalINRModule.display.surface import making_surface

    steps, work, answer, surface, held_ms = making_surface(result), None, None, None, [0.0]
    began = time.perf_counter()
    while surface is None:
        answer = work() if work is not None else None
        worked = time.thread_time()
        try:
            work = steps.send(answer)
        except StopIteration as end:
            surface = end.value
        held_ms.append(1000.0 * (time.thread_time() - worked))
    return surface, max(held_ms), time.perf_counter() - began


if __name__ == "__main__":
    main()
