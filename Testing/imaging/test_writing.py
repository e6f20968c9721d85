"""A file is written whole or not at all, and says where its voxels lie in every way that readers look for."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_transform, write_volume


def test_both_forms_and_the_unit_are_written(a_head, tmp_path):
    write_volume(a_head, tmp_path / "head.nii.gz")
    header = nib.load(tmp_path / "head.nii.gz").header
    np.testing.assert_allclose(header.get_sform(), a_head.affine, atol=1e-4)
    np.testing.assert_allclose(header.get_qform(), a_head.affine, atol=1e-4)
    assert (int(header["sform_code"]), int(header["qform_code"])) == (1, 1)
    assert header.get_xyzt_units()[0] == "mm"


def test_a_sheared_affine_comes_back_without_a_warning(tmp_path):
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[0, 1] = 0.5
    values = np.arange(120, dtype=np.float32).reshape(4, 5, 6)
    write_volume(Volume(values, affine), tmp_path / "tilted.nii")
    volume, warnings = read_volume(tmp_path / "tilted.nii")
    np.testing.assert_allclose(volume.affine, affine)
    assert warnings == []


@pytest.mark.parametrize(
    ("array", "stored"),
    [
        (np.float64([0.5, 3]), np.float32),
        (np.array([True, False]), np.uint8),
        (np.int64([0, 255]), np.uint8),
        (np.int64([0, 2035]), np.int16),
        (np.int64([0, 70000]), np.int32),
    ],
)
def test_values_are_stored_unscaled_in_the_smallest_fitting_type(tmp_path, array, stored):
    whole = np.resize(array, (4, 5, 6))
    write_volume(Volume(whole, np.eye(4)), tmp_path / "map.nii.gz")
    image = nib.load(tmp_path / "map.nii.gz")
    assert image.get_data_dtype() == stored
    assert (image.dataobj.slope, image.dataobj.inter) == (1, 0)
    np.testing.assert_array_equal(np.asanyarray(image.dataobj), whole)


def test_labels_keep_their_numbers(tmp_path):
    labels = np.random.default_rng(0).choice([0, 17, 53, 2035, 80000], (5, 6, 7))
    write_volume(Volume(labels, np.eye(4)), tmp_path / "labels.nii.gz")
    np.testing.assert_array_equal(read_labels(tmp_path / "labels.nii.gz")[0].array, labels)


@pytest.mark.parametrize("ending", [".nii.gz", ".nrrd"])
def test_itk_reads_a_displacement_in_its_own_space(tmp_path, ending):
    field = np.tile(np.float32([1, 2, 3]), (4, 5, 6, 1))
    write_volume(Volume(field, np.eye(4)), tmp_path / f"u{ending}")
    assert sitk.ReadImage(str(tmp_path / f"u{ending}"))[1, 1, 1] == (-1, -2, 3)


def test_a_transform_file_takes_points_where_the_matrix_does(known_brain, tmp_path):
    matrix = known_brain.motion((0.1, -0.2, 0.3), (4, 5, 6))
    write_transform(matrix, tmp_path / "move.tfm")
    transform = sitk.ReadTransform(str(tmp_path / "move.tfm"))
    point = np.array([10.0, 20.0, 30.0])
    there = np.array(transform.TransformPoint((point * (-1, -1, 1)).tolist())) * (-1, -1, 1)
    np.testing.assert_allclose(there, matrix[:3, :3] @ point + matrix[:3, 3])


def test_a_full_disk_leaves_the_old_file_and_nothing_else(a_head, tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "head.nii").write_bytes(b"the old file")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(InputError) as error:
            write_volume(a_head, tmp_path / "head.nii")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert error.value.code == "cannot-write"
    assert [path.name for path in tmp_path.iterdir()] == ["head.nii"]
    assert (tmp_path / "head.nii").read_bytes() == b"the old file"


@pytest.mark.parametrize("name", ["map.nii.gz", "map.nrrd"])
def test_a_folder_that_does_not_exist_is_refused(a_head, tmp_path, name):
    with pytest.raises(InputError) as error:
        write_volume(a_head, tmp_path / "nowhere" / name)
    assert error.value.code == "cannot-write"
