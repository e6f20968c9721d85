from __future__ import annotations

import gzip

import numpy as np
import pytest
import slicer
import vtk
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.scans.scan_export import check_distinct, check_scan, export_scan
from vtk.util import numpy_support

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.nifti import load


def state(scene, volume):
    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return (
        slicer.util.arrayFromVolume(volume).copy(),
        slicer.util.arrayFromVTKMatrix(matrix),
        volume.GetTransformNodeID(),
        scene.GetNumberOfNodes(),
    )


def assert_same(before, after):
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]


@pytest.fixture
def put_under(scene):
    def put(volume, transform_node):
        volume.SetAndObserveTransformNodeID(transform_node.GetID())
        return transform_node

    return put


@pytest.fixture
def a_linear_transform(scene):
    """A turn, a shear and a shift: what the sheared axes of a file have to carry."""
    node = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "linear")
    turn = np.deg2rad(20.0)
    matrix = np.eye(4)
    matrix[:3, :3] = [[np.cos(turn), -np.sin(turn), 0.2], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    matrix[:3, 3] = [5.0, -6.0, 7.0]
    slicer.util.updateTransformMatrixFromArray(node, matrix)
    return node


@pytest.fixture
def a_warp(scene):
    """A displacement of 8 mm to the right, to parent, as a grid transform."""
    grid = vtk.vtkImageData()
    grid.SetDimensions(16, 16, 16)
    grid.SetSpacing(8, 8, 8)
    grid.SetOrigin(-60, -60, -60)
    vectors = np.tile(np.array([8.0, 0.0, 0.0]), (16**3, 1))
    grid.GetPointData().SetScalars(numpy_support.numpy_to_vtk(vectors, deep=True))
    transform = slicer.vtkOrientedGridTransform()
    transform.SetDisplacementGridData(grid)
    node = scene.AddNewNodeByClass("vtkMRMLGridTransformNode", "warp")
    node.SetAndObserveTransformToParent(transform)
    return node


def centre_of(values, affine):
    indices = np.moveaxis(np.indices(values.shape), 0, -1) @ affine[:3, :3].T + affine[:3, 3]
    return (indices * values[..., None]).sum((0, 1, 2)) / values.sum()


def test_a_scan_is_written_as_it_is(scene, a_baseline, phantom, tmp_path):
    before = state(scene, a_baseline)
    here(export_scan(a_baseline, tmp_path / "scan-0.nii.gz"))
    volume, warnings = load(tmp_path / "scan-0.nii.gz")
    np.testing.assert_array_equal(volume.array, phantom.scan)
    assert volume.array.dtype.kind in "iu"
    np.testing.assert_allclose(volume.affine, phantom.affine, atol=1e-5)
    assert warnings == []
    assert_same(before, state(scene, a_baseline))


def test_a_linear_transform_is_applied_to_the_file_alone(
    scene, a_baseline, a_linear_transform, put_under, phantom, tmp_path
):
    put_under(a_baseline, a_linear_transform)
    before = state(scene, a_baseline)
    here(export_scan(a_baseline, tmp_path / "scan-0.nii.gz"))
    volume, _ = load(tmp_path / "scan-0.nii.gz")
    matrix = slicer.util.arrayFromTransformMatrix(a_linear_transform)
    np.testing.assert_array_equal(volume.array, phantom.scan)
    np.testing.assert_allclose(volume.affine, matrix @ phantom.affine, atol=1e-4)
    assert_same(before, state(scene, a_baseline))


def test_a_warp_is_applied_to_the_file_alone(scene, a_baseline, a_warp, put_under, phantom, tmp_path):
    put_under(a_baseline, a_warp)
    before = state(scene, a_baseline)
    here(export_scan(a_baseline, tmp_path / "scan-0.nii.gz"))
    volume, _ = load(tmp_path / "scan-0.nii.gz")
    moved = centre_of(volume.array.astype(float), volume.affine)
    expected = np.add(centre_of(phantom.scan.astype(float), phantom.affine), (8.0, 0.0, 0.0))
    np.testing.assert_allclose(moved, expected, atol=0.3)
    assert_same(before, state(scene, a_baseline))


def test_a_scan_that_changes_all_the_time_is_written_in_the_end(a_baseline, tmp_path):
    works = []
    for work in export_scan(a_baseline, tmp_path / "scan.nii.gz"):
        work()
        a_baseline.GetImageData().Modified()
        works.append(work)
    assert len(works) == 3
    assert (tmp_path / "scan.nii.gz").exists()


def test_no_name_of_a_person_gets_into_the_file(a_baseline, tmp_path):
    a_baseline.SetName("Doe Jane T1")
    a_baseline.SetAttribute("DICOM.instanceUIDs", "1.2.840.99")
    here(export_scan(a_baseline, tmp_path / "scan-0.nii.gz"))
    content = gzip.decompress((tmp_path / "scan-0.nii.gz").read_bytes())
    assert b"Doe" not in content
    assert b"1.2.840" not in content
    assert b"Doe" not in (tmp_path / "scan-0.nii.gz").read_bytes()


def test_float_scans_stay_floats(add_volume, phantom, tmp_path):
    here(export_scan(add_volume(phantom.jacobian(24.0), phantom.affine), tmp_path / "scan-1.nii.gz"))
    np.testing.assert_array_equal(load(tmp_path / "scan-1.nii.gz")[0].array, phantom.jacobian(24.0))


def test_an_empty_volume_is_refused(scene):
    with pytest.raises(InputError, match="no voxels"):
        check_scan(scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty"))


def test_a_vector_volume_is_refused(scene, phantom):
    node = scene.AddNewNodeByClass("vtkMRMLVectorVolumeNode", "colour picture")
    slicer.util.updateVolumeFromArray(node, np.zeros((4, 5, 6, 3), np.uint8))
    with pytest.raises(InputError, match="more than one value a voxel"):
        check_scan(node)


def test_a_label_map_is_refused(add_volume, phantom):
    with pytest.raises(InputError, match="label map"):
        check_scan(add_volume(phantom.scan, phantom.affine, "aseg", "vtkMRMLLabelMapVolumeNode"))


def test_a_single_slice_is_refused(add_volume, phantom):
    with pytest.raises(InputError, match="single slice"):
        check_scan(add_volume(phantom.scan[..., :1], phantom.affine))


def test_one_volume_at_two_times_is_refused(a_baseline, add_volume, phantom):
    other = add_volume(phantom.scan, phantom.affine)
    check_distinct([a_baseline, other])
    with pytest.raises(InputError, match="twice"):
        check_distinct([a_baseline, other, a_baseline])


def test_a_folder_that_cannot_be_written_leaves_no_node_behind(scene, a_baseline, tmp_path):
    count = scene.GetNumberOfNodes()
    with pytest.raises(InputError, match="could not be written"):
        here(export_scan(a_baseline, tmp_path / "missing" / "scan-0.nii.gz"))
    assert scene.GetNumberOfNodes() == count
