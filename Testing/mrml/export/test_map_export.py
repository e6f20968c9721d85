from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.export.manifest import write_manifest
from LongitudinalINRModule.export.map_export import export_map, export_sequence, map_name_at

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_volume


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd"])
def test_the_map_at_any_month_is_written_on_the_baselines_grid(a_result, phantom, tmp_path, suffix):
    export_map(a_result, "jacobian", 14.0, tmp_path / f"map{suffix}")
    volume, _ = read_volume(tmp_path / f"map{suffix}")
    assert volume.array.dtype == np.float32
    np.testing.assert_allclose(volume.affine, phantom.affine, atol=1e-5)
    np.testing.assert_allclose(volume.array, phantom.jacobian(14.0), atol=0.002)


def test_all_months_are_named_as_the_job_names_its_maps(phantom):
    assert [map_name_at("rate", month, ".nii.gz") for month in phantom.map_months] == [
        f"rate_{label}mo.nii.gz" for label in ("000.0", "006.0", "012.0", "018.0", "024.0", "036.0")
    ]


def test_a_stored_month_is_written_as_it_is(a_result, phantom, tmp_path):
    export_map(a_result, "rate", 18.0, tmp_path / "rate.nii.gz")
    np.testing.assert_array_equal(read_volume(tmp_path / "rate.nii.gz")[0].array, phantom.rate(18.0))


def test_log_jacobian_is_written_without_being_in_the_scene(a_result, phantom, tmp_path):
    export_map(a_result, "log-jacobian", 24.0, tmp_path / "log.nii.gz")
    volume, _ = read_volume(tmp_path / "log.nii.gz")
    np.testing.assert_allclose(volume.array, np.log(phantom.jacobian(24.0)), atol=1e-6)


@pytest.mark.parametrize("months", [-1.0, 36.5])
def test_a_month_beyond_the_maps_is_refused(a_result, tmp_path, months):
    with pytest.raises(InputError, match="no map at month"):
        export_map(a_result, "jacobian", months, tmp_path / "map.nii.gz")


def test_the_sequence_file_brings_all_months_back(scene, a_result, phantom, voxels, tmp_path):
    count = scene.GetNumberOfNodes()
    export_sequence(a_result, "jacobian", tmp_path / "jacobian.seq.nrrd")
    assert scene.GetNumberOfNodes() == count
    again = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "again")
    storage = slicer.vtkMRMLVolumeSequenceStorageNode()
    storage.SetFileName(str(tmp_path / "jacobian.seq.nrrd"))
    assert storage.ReadData(again)
    assert again.GetIndexUnit() == "months"
    for index, month in enumerate(phantom.map_months):
        assert float(again.GetNthIndexValue(index)) == month
        np.testing.assert_array_equal(voxels(again.GetNthDataNode(index)), phantom.jacobian(month))


def test_a_folder_that_is_not_there_is_told(a_result, tmp_path):
    with pytest.raises(InputError, match="could not be written"):
        export_sequence(a_result, "jacobian", tmp_path / "missing" / "jacobian.seq.nrrd")


def test_the_manifest_tells_how_it_was_made_and_no_names(a_result, phantom, tmp_path):
    path = tmp_path / "jacobian_012.0mo.nii.gz"
    export_map(a_result, "jacobian", 12.0, path)
    manifest = json.loads(write_manifest(a_result, tmp_path, [path]).read_text())
    assert manifest["notice"] == "Research use only, not a medical device"
    assert [(scan["name"], scan["months"], scan["sha256"]) for scan in manifest["scans"]] == [
        ("scan-0", 0.0, "a" * 64),
        ("scan-1", 12.0, "b" * 64),
        ("scan-2", 24.0, "c" * 64),
    ]
    assert manifest["config"]["preset"] == "standard"
    assert manifest["align"] == "rigid"
    assert manifest["versions"]["torch"] == "2.13.0"
    assert manifest["files"] == {"jacobian_012.0mo.nii.gz": hashlib.sha256(path.read_bytes()).hexdigest()}
    text = json.dumps(manifest)
    assert "T1 baseline" not in text
    assert "Doe" not in text
    assert str(tmp_path) not in text


def test_a_bundle_still_knows_how_it_was_made(scene, a_result, new_application, tmp_path):
    from LongitudinalINRModule.result.result import results_in

    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    manifest = json.loads(write_manifest(result, tmp_path, []).read_text())
    assert manifest["scans"][0]["sha256"] == "a" * 64
