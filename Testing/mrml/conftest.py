"""Real scenes, and a finished job whose |J| has a closed form."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

NEEDED = "needs real MRML: pip install 'trame-slicer[standalone]==2.0.0'"
HAS_SLICER = all(importlib.util.find_spec(name) for name in ("slicer", "trame_slicer"))
_TESTING = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTING / "mrml"), str(_TESTING), str(_TESTING.parent / "LongitudinalINR")]


class _Unavailable(pytest.Module):
    def collect(self):
        pytest.skip(NEEDED, allow_module_level=True)


def pytest_pycollect_makemodule(module_path, parent):
    """Collect a skip, with its reason, in place of a module that could not be imported."""
    return None if HAS_SLICER else _Unavailable.from_parent(parent, path=module_path)


@pytest.fixture(autouse=True)
def _nothing_is_swallowed(monkeypatch):
    """VTK prints what an observer raises and goes on: here it fails the test."""
    raised = []
    monkeypatch.setattr(sys, "excepthook", lambda _, error, __: raised.append(error))
    yield
    assert raised == []


@dataclass(frozen=True)
class Phantom:
    """A head with a growing ventricle and a shrinking hippocampus: |J| = 1 + a(x) (1 - exp(-t / 24))."""

    shape: tuple[int, int, int] = (24, 28, 20)
    observed_months: tuple[float, ...] = (0.0, 12.0, 24.0)
    map_months: tuple[float, ...] = (0.0, 6.0, 12.0, 18.0, 24.0, 36.0)
    ventricle_mm: tuple[float, float, float] = (0.0, 4.0, 3.0)
    hippocampus_mm: tuple[float, float, float] = (14.0, -10.0, 3.0)
    untouched_mm: tuple[float, float, float] = (-14.0, -10.0, 3.0)

    @property
    def affine(self):
        """Voxel to RAS mm: first axis to the left, unequal voxels, turned by 10 degrees about S."""
        turn = np.deg2rad(10.0)
        rotation = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        affine = np.eye(4)
        affine[:3, :3] = rotation @ np.diag([-2.0, 2.0, 2.5])
        affine[:3, 3] = -affine[:3, :3] @ ((np.array(self.shape) - 1) / 2)
        return affine

    @property
    def points_mm(self):
        """RAS of every voxel, shape (I, J, K, 3)."""
        indices = np.moveaxis(np.indices(self.shape), 0, -1)
        return indices @ self.affine[:3, :3].T + self.affine[:3, 3]

    def ball(self, centre_mm, radius_mm):
        return np.linalg.norm(self.points_mm - centre_mm, axis=-1) <= radius_mm

    @property
    def scan(self):
        x, y, z = np.moveaxis(self.points_mm, -1, 0)
        tissue = 1000.0 + 300.0 * np.sin(x / 6.0) * np.cos(y / 7.0) * np.cos(z / 8.0)
        return np.rint(tissue * self.ball((0, 0, 0), 21.0)).astype(np.int16)

    @property
    def amplitude(self):
        return 0.3 * self.ball(self.ventricle_mm, 6.0) - 0.25 * self.ball(self.hippocampus_mm, 6.0)

    def jacobian(self, months):
        return (1.0 + self.amplitude * (1.0 - np.exp(-months / 24.0))).astype(np.float32)

    def rate(self, months):
        return (self.amplitude * np.exp(-months / 24.0) / 24.0).astype(np.float32)

    def interval(self, months):
        """5 % of log|J| throughout the head, once there is a second scan."""
        return np.float32(0.05 if months > 0 else 0.003) * self.ball((0, 0, 0), 21.0)

    def displacement(self, months):
        """A shear in RAS mm, shape (I, J, K, 3): x moves by 0.002 t y."""
        vectors = np.zeros((*self.shape, 3), np.float32)
        vectors[..., 0] = 0.002 * months * self.points_mm[..., 1]
        return vectors


@pytest.fixture(scope="session")
def phantom():
    return Phantom()


def save_nifti(path, array, affine):
    import nibabel as nib

    image = nib.Nifti1Image(array[..., np.newaxis, :] if array.ndim == 4 else array, affine)
    image.header.set_xyzt_units(xyz="mm")
    image.set_sform(affine, code=1)
    image.set_qform(affine, code=1)
    if array.ndim == 4:
        image.header.set_intent("displacement vector")
    nib.save(image, path)


@pytest.fixture(scope="session")
def job_folder(tmp_path_factory, phantom):
    """A finished job with every map that a scene can show."""
    from LongitudinalINRLib.jobs.request import Outputs, Request, ScanEntry
    from LongitudinalINRLib.words import month_label

    folder = tmp_path_factory.mktemp("job")
    maps = folder / "maps"
    maps.mkdir()
    for month in phantom.map_months:
        label = month_label(month)
        for name in ("jacobian", "rate", "interval", "displacement"):
            save_nifti(maps / f"{name}_{label}mo.nii.gz", getattr(phantom, name)(month), phantom.affine)
    for month in phantom.observed_months[1:]:
        label = month_label(month)
        save_nifti(maps / f"aligned_{label}mo.nii.gz", phantom.scan + np.float32(month), phantom.affine)
        save_nifti(maps / f"warped_{label}mo.nii.gz", phantom.scan + np.float32(1), phantom.affine)
    request = Request(
        baseline="scan-0.nii.gz",
        follow_ups=tuple(ScanEntry(f"scan-{n}.nii.gz", m) for n, m in enumerate((12.0, 24.0), start=1)),
        outputs=Outputs(
            maps_at_months=phantom.map_months,
            maps=("jacobian", "rate", "interval", "displacement", "aligned", "warped"),
        ),
    )
    (folder / "request.json").write_text(request.to_json(), encoding="utf-8")
    scans = [
        {"name": f"scan-{number}", "months": months, "sha256": letter * 64}
        for number, (months, letter) in enumerate(zip(phantom.observed_months, "abc", strict=True))
    ]
    account = {
        "versions": {"LongitudinalINR": "0.1.0", "torch": "2.13.0"},
        "scans": scans,
        "config": {"preset": "standard", "seed": 0},
        "history": [1, 2, 3],
    }
    (folder / "fit.json").write_text(json.dumps(account), encoding="utf-8")
    return folder


@pytest.fixture
def files(job_folder):
    from LongitudinalINRModule.result.result_files import ResultFiles

    return ResultFiles.of(job_folder)


@pytest.fixture
def new_application(tmp_path_factory):
    """Make as many independent applications as a test asks for."""
    from offscreen import Application

    return lambda: Application(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def application(new_application):
    return new_application()


@pytest.fixture
def scene(application):
    return application.scene


@pytest.fixture
def add_volume(scene):
    """Put an array (I, J, K) with its affine into the scene."""
    import slicer

    def add(array, affine, name="volume", class_name="vtkMRMLScalarVolumeNode"):
        node = scene.AddNewNodeByClass(class_name, name)
        slicer.util.updateVolumeFromArray(node, np.ascontiguousarray(array.transpose(2, 1, 0)))
        node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(affine))
        node.CreateDefaultDisplayNodes()
        return node

    return add


@pytest.fixture
def a_baseline(scene, add_volume, phantom):
    """The baseline scan in a study of a patient."""
    import slicer

    node = add_volume(phantom.scan, phantom.affine, "T1 baseline")
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    patient = hierarchy.CreateSubjectItem(hierarchy.GetSceneItemID(), "Doe^Jane")
    study = hierarchy.CreateStudyItem(patient, "Study 1")
    hierarchy.SetItemAttribute(study, "DICOM.StudyDate", "20200115")
    hierarchy.CreateItem(study, node)
    return node


@pytest.fixture
def a_result(scene, files, a_baseline):
    from LongitudinalINRModule.jobs.loading import load_maps

    return load_maps(scene, files, a_baseline)


@pytest.fixture
def voxels(phantom):
    """Read the voxels of a volume node in the order of the phantom's, wherever its first voxel lies."""
    import slicer
    import vtk

    def read(node):
        to_ijk = vtk.vtkMatrix4x4()
        node.GetRASToIJKMatrix(to_ijk)
        matrix = slicer.util.arrayFromVTKMatrix(to_ijk)
        indices = phantom.points_mm @ matrix[:3, :3].T + matrix[:3, 3]
        i, j, k = np.moveaxis(np.rint(indices).astype(int), -1, 0)
        np.testing.assert_allclose(np.stack([i, j, k], -1), indices, atol=1e-3)
        return slicer.util.arrayFromVolume(node)[k, j, i]

    return read


@pytest.fixture
def add_view(application):
    from offscreen import View

    views = []

    def add(name="Red", orientation="Axial", size=(160, 160)):
        views.append(View(application, name, orientation, size))
        return views[-1]

    yield add
    for view in views:
        view.close()
