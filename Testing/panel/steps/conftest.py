"""The panel, open on a scene with scans, driven as a person would."""

from __future__ import annotations

import dataclasses
import gc
import importlib.util
import os
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from places import MODULE, REPOSITORY

SHAPE = (12, 14, 10)


@pytest.fixture
def slicer_python(tmp_path, monkeypatch):
    """Put a PythonSlicer on the path, as Slicer does: here the Python of the tests."""
    folder = tmp_path / "bin"
    folder.mkdir()
    launcher = folder / "PythonSlicer"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return launcher


@pytest.fixture
def module(running_slicer, slicer_python):
    """Load the module, as Slicer does when it starts."""
    yield running_slicer.load_module(MODULE)
    running_slicer.modules.unload_all()
    gc.collect()  # while the views are there: what a panel left behind tells them when it goes


DEVICES = {"torch": "2.4", "cores": 8, "cuda": False, "mps": False, "nvidia_card": False}


@pytest.fixture
def no_device_search(module, monkeypatch):
    """Answer at once what there is to compute on: a child process with PyTorch takes seconds."""
    from LongitudinalINRModule.dependencies.devices import DeviceProbe

    monkeypatch.setattr(DeviceProbe, "start", lambda self: self._on_found(DEVICES))


@pytest.fixture
def add_scan(running_slicer):
    """Put a small scan into the scene."""
    import slicer

    def add(name, value=0.0, shape=SHAPE, class_name="vtkMRMLScalarVolumeNode"):
        node = slicer.mrmlScene.AddNewNodeByClass(class_name, name)
        k, j, i = np.indices(shape[::-1])
        voxels = (100.0 + 5.0 * i + 3.0 * j + 2.0 * k + value).astype(np.float32)
        slicer.util.updateVolumeFromArray(node, voxels)
        node.SetSpacing(2.0, 2.0, 2.0)
        node.CreateDefaultDisplayNodes()
        return node

    return add


class FakeRunner:
    """A worker that says what the test tells it to."""

    started: list[FakeRunner]

    def __init__(self, folder):
        self.folder = folder
        self.script = []
        self.limits = []
        self.running = False

    def start(self):
        self.running = True

    def poll(self, limit=50):
        self.limits.append(limit)
        come, self.script = self.script[:limit], self.script[limit:]
        return come

    def cancel(self):
        from LongitudinalINRLib.jobs import events

        self.script = [events.Cancelled()]

    def kill(self):
        self.running = False


@pytest.fixture
def fake_runners(module, monkeypatch):
    """Let fake workers do the jobs; return those that were started."""
    from LongitudinalINRModule.jobs import service

    made = []

    def make(folder):
        made.append(FakeRunner(folder))
        return made[-1]

    monkeypatch.setattr(service, "make_runner", make)
    return made


@pytest.fixture
def panel(running_slicer, module, no_device_search):
    """The panel's Python widget, shown."""
    return _open(module)


@pytest.fixture
def panel_with_fakes(fake_runners, module, no_device_search):
    """The same, with fake workers."""
    return _open(module)


@pytest.fixture
def panel_with_devices(module):
    """The same, looking for devices itself."""
    return _open(module)


def _open(module):
    representation = module.widgetRepresentation()
    representation.resize(420, 1000)
    representation.show()
    _enter(representation)
    return representation.self()


def _enter(representation):
    from standin.values import to_qt

    to_qt(representation).enter()


@pytest.fixture
def fill_in(add_scan):
    """Fill in the table by hand: two scans a year apart, or what is given."""
    from standin import driving

    def fill(panel, months=("0", "12"), volumes=None):
        volumes = volumes or [add_scan(f"Doe^Jane visit {n}", value=7.0 * n) for n in range(len(months))]
        for row, (volume, text) in enumerate(zip(volumes, months, strict=True)):
            driving.click(panel.ui.addScanButton)
            driving.choose(panel.ui.scansTable.cellWidget(row, 0), volume.GetName())
            driving.type_text(panel.ui.scansTable.cellWidget(row, 1), text)
        return volumes

    return fill


@pytest.fixture
def picture(request):
    """Grab the panel into the folder that PANEL_PICTURES names; nowhere by default."""
    from standin import driving

    folder = os.environ.get("PANEL_PICTURES")

    def grab(panel, step):
        if folder:
            driving.grab(panel.parent, Path(folder) / f"{request.node.name.split('[')[0]}_{step}.png")

    return grab


@pytest.fixture
def parts(running_slicer):
    """Read the column that says each scan's part, or what is wrong with it."""

    def read(panel):
        table = panel.ui.scansTable
        return [table.item(row, 2).text() for row in range(table.rowCount)]

    return read


def _small_head():
    """Load the head of the self-test, whether or not there is a Slicer yet."""
    path = MODULE.parent / "LongitudinalINRModule" / "selftest" / "head.py"
    spec = importlib.util.spec_from_file_location("small_head", path)
    head = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(head)
    return head


@pytest.fixture(scope="session")
def finished_job(tmp_path_factory):
    """A job of the small head, done by the real worker."""
    import subprocess

    import nibabel as nib

    from LongitudinalINRLib.core.config import preset
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry

    head = _small_head()
    folder = tmp_path_factory.mktemp("finished") / "job"
    arrays = {f"scan-{n}": head.scan(months) for n, months in enumerate(head.MONTHS)}
    for name, array in {**arrays, "labels": head.labels()}.items():
        image = nib.Nifti1Image(array, head.affine())
        image.header.set_xyzt_units("mm")
        nib.save(image, folder.parent / f"{name}.nii")
    request = Request(
        baseline="../scan-0.nii",
        follow_ups=(ScanEntry("../scan-1.nii", 12.0), ScanEntry("../scan-2.nii", 24.0)),
        mask="../labels.nii",
        labels="../labels.nii",
        region_names=head.REGIONS,
        config=dataclasses.replace(preset("preview"), steps=20),
        align="none",
        device="cpu",
        outputs=Outputs(
            (0.0, 6.0, 12.0, 18.0, 24.0, 36.0), ("jacobian", "rate", "interval", "aligned", "warped")
        ),
    )
    job = JobFolder(folder)
    job.create()
    job.manifest.write_bytes(job.request, request.to_json().encode())
    command = [sys.executable, "-m", "LongitudinalINRLib.jobs.worker", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout[-2000:]
    return folder


@pytest.fixture
def a_result(panel, finished_job):
    """The finished job, opened in the panel."""
    from settling import press
    from standin import dialogs, driving

    driving.click(panel.ui.exploreButton)
    dialogs.answer(str(finished_job))
    press(panel, "openFolderButton")
    return panel.panel.explore_section.result
