"""Which engine deforms the atlas; what is handed to ANTs and taken back, and ANTs itself where installed."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.atlas import match
from LongitudinalINRLib.atlas.match import deformation
from LongitudinalINRLib.atlas.syn import SynFailed, installed_version, syn
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.itk import from_itk, to_itk
from LongitudinalINRLib.imaging.volume import Volume

MOVED_VOXELS = 2.0
PLACED = np.array([[0.0, -2.0, 0.0, 50.0], [0.0, 0.0, 2.0, -40.0], [2.0, 0.0, 0.0, -60.0], [0, 0, 0, 1]])


def a_ball(first_axis_voxel: float) -> Volume:
    places = np.indices((32, 32, 32)) - np.array([first_axis_voxel, 16.0, 16.0])[:, None, None, None]
    return Volume((10.0 / (1.0 + np.exp(np.linalg.norm(places, axis=0) - 9.0))).astype(np.float32), PLACED)


HERE, THERE = a_ball(16.0), a_ball(16.0 + MOVED_VOXELS)
STAND_IN = """
import os, pathlib, time, types
import SimpleITK as sitk
config = types.SimpleNamespace(set_ants_deterministic=lambda on, seed_value: None)
image_read = sitk.ReadImage
def registration(fixed, moving, *_, outprefix, **__):
    pathlib.Path({folder!r}, "asked").touch()
    pathlib.Path(os.environ["TMPDIR"], "left").touch()
    {does}
    field = sitk.Image(fixed.GetSize(), sitk.sitkVectorFloat32, 3)
    field.CopyInformation(fixed)
    sitk.WriteImage(field + 1.0, outprefix + "1Warp.nii.gz")
    return {{"fwdtransforms": [outprefix + "1Warp.nii.gz"]}}
"""


@pytest.fixture
def put_ants(tmp_path, monkeypatch):
    """Put a package in the place of antspyx; return where temporary files go."""

    def put(does: str = "pass"):
        package = tmp_path / "packages"
        (package / "antspyx-9.9.dist-info").mkdir(parents=True)
        (package / "antspyx-9.9.dist-info" / "METADATA").write_text("Name: antspyx\nVersion: 9.9\n")
        (package / "ants.py").write_text(STAND_IN.format(folder=str(tmp_path), does=does))
        monkeypatch.setenv("PYTHONPATH", str(package))
        monkeypatch.syspath_prepend(package)
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        return temporary

    return put


def deformed(engine=None) -> tuple[sitk.Image, str]:
    return deformation(HERE, THERE, lambda: False, lambda _: None, engine)


def test_syn_deforms_where_it_is_installed_and_leaves_no_files(put_ants):
    temporary = put_ants()
    field, engine = deformed()
    assert engine == "SimpleITK: affine by correlation; then SyN of antspyx 9.9, 2 mm"
    assert (sitk.GetArrayViewFromImage(field) == 1.0).all()
    assert np.allclose(field.GetDirection(), to_itk(HERE).GetDirection())
    assert not list(temporary.iterdir())


def test_demons_deform_where_antspyx_is_missing(monkeypatch):
    monkeypatch.setattr(match, "installed_version", lambda: None)
    assert deformed()[1] == match.DEMONS


def test_a_package_of_the_same_name_is_not_taken_for_antspyx(put_ants, tmp_path):
    if installed_version() is not None:
        pytest.skip("antspyx itself is installed")
    put_ants()
    (tmp_path / "packages" / "antspyx-9.9.dist-info" / "METADATA").unlink()
    (tmp_path / "packages" / "antspyx-9.9.dist-info").rmdir()
    assert installed_version() is None


def test_demons_deform_where_syn_fails_unless_it_was_asked_for(put_ants):
    temporary = put_ants("raise SystemExit(3)")
    assert deformed()[1] == match.DEMONS
    with pytest.raises(SynFailed, match="exit code 3"):
        deformed("syn")
    assert not list(temporary.iterdir())


def test_syn_is_ended_when_the_person_asks_to_stop(put_ants, tmp_path):
    temporary = put_ants("time.sleep(60)")
    with pytest.raises(Cancelled):
        deformation(HERE, THERE, (tmp_path / "asked").exists, lambda _: None, None)
    assert not list(temporary.iterdir())


def test_ants_finds_a_known_move_and_the_same_bits_twice():
    if installed_version() is None:
        pytest.skip("antspyx is not installed")
    once, again = (sitk.GetArrayFromImage(syn(HERE, THERE, lambda: False)) for _ in range(2))
    assert np.array_equal(once, again)
    field = sitk.GetImageFromArray(once.astype(np.float64), isVector=True)
    field.CopyInformation(to_itk(HERE))
    carried = from_itk(sitk.Resample(to_itk(THERE), to_itk(HERE), sitk.DisplacementFieldTransform(field)))
    left = np.abs(np.asarray(carried.array) - HERE.array).mean()
    before = np.abs(THERE.array - HERE.array).mean()
    assert left < 0.2 * before, left / before
