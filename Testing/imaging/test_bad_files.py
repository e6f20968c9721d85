"""Every file that cannot be used is refused with what was expected, what was found and what to do."""

from __future__ import annotations

import gzip

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume

VOXELS = np.random.default_rng(0).random((5, 6, 7)).astype(np.float32)


def saved(folder, array, affine=None, name="scan.nii.gz", change=None):
    image = nib.Nifti1Image(array, np.diag([2.0, 2, 2, 1]) if affine is None else affine)
    if change is not None:
        change(image)
    nib.save(image, folder / name)
    return folder / name


def no_forms(image):
    image.set_sform(None, code=0)
    image.set_qform(None, code=0)


def flat(folder):
    image = nib.Nifti1Image(VOXELS, None)
    image.header["sform_code"] = 1
    image.header["srow_x"], image.header["srow_y"] = (2, 0, 0, 0), (0, 2, 0, 0)
    nib.save(image, folder / "scan.nii")
    return folder / "scan.nii"


def with_value(value):
    array = VOXELS.copy()
    array[1, 2, 3] = value
    return array


def rgb(folder):
    colour = np.zeros((4, 4, 4), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    nib.save(nib.Nifti1Image(colour, np.eye(4)), folder / "scan.nii.gz")
    return folder / "scan.nii.gz"


def truncated(folder):
    whole = gzip.decompress(saved(folder, VOXELS).read_bytes())
    (folder / "scan.nii").write_bytes(whole[: len(whole) // 2])
    return folder / "scan.nii"


def text(folder):
    (folder / "scan.nii").write_text("not an image")
    return folder / "scan.nii"


CASES = {
    "file-missing": lambda folder: folder / "nothing.nii.gz",
    "not-an-image": text,
    "file-truncated": truncated,
    "file-kind": lambda folder: (folder / "scan.txt").write_text("x") and folder / "scan.txt",
    "no-orientation": lambda folder: saved(folder, VOXELS, change=no_forms),
    "voxels-not-finite": lambda folder: saved(folder, with_value(np.nan)),
    "image-empty": lambda folder: saved(folder, np.zeros_like(VOXELS)),
    "image-constant": lambda folder: saved(folder, np.full_like(VOXELS, 7)),
    "image-2d": lambda folder: saved(folder, VOXELS[:, :, 0]),
    "image-4d": lambda folder: saved(folder, np.stack([VOXELS, VOXELS], axis=-1)),
    "image-colour": rgb,
    "affine-singular": flat,
    "voxel-sizes": lambda folder: saved(folder, VOXELS, np.diag([1.0, 1, 500, 1])),
}


@pytest.mark.parametrize("code", CASES)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(tmp_path, code):
    path = CASES[code](tmp_path)
    with pytest.raises(InputError) as error:
        read_volume(path)
    assert error.value.code == code
    assert error.value.expected
    assert error.value.found
    assert error.value.advice


def test_infinite_voxels_are_refused_too(tmp_path):
    with pytest.raises(InputError, match="not numbers"):
        read_volume(saved(tmp_path, with_value(np.inf)))


def test_one_frame_in_a_fourth_dimension_is_a_scan(tmp_path):
    volume, warnings = read_volume(saved(tmp_path, VOXELS[..., None]))
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert warnings == []


def test_the_stored_slope_and_intercept_are_applied(tmp_path):
    stored = (100 * VOXELS).astype(np.int16)
    image = nib.Nifti1Image(stored, np.eye(4))
    image.header.set_slope_inter(0.5, 10)
    nib.save(image, tmp_path / "scan.nii")
    found = read_volume(tmp_path / "scan.nii")[0].array
    np.testing.assert_allclose(found, 0.5 * stored + 10)


def test_forms_that_disagree_are_told_and_the_sform_is_used(tmp_path):
    def conflict(image):
        image.set_sform(np.diag([2.0, 2, 2, 1]), code=1)
        image.set_qform(np.diag([-2.0, 2, 2, 1]), code=1)

    volume, warnings = read_volume(saved(tmp_path, VOXELS, change=conflict))
    np.testing.assert_allclose(volume.affine, np.diag([2.0, 2, 2, 1]))
    assert len(warnings) == 1
    assert "sform is used" in warnings[0]


def test_labels_that_are_not_whole_numbers_are_refused(tmp_path):
    with pytest.raises(InputError) as error:
        read_labels(saved(tmp_path, VOXELS))
    assert error.value.code == "labels-not-integers"


def test_labels_without_a_label_are_refused(tmp_path):
    with pytest.raises(InputError) as error:
        read_labels(saved(tmp_path, np.zeros((4, 4, 4), np.uint8)))
    assert error.value.code == "labels-empty"


def test_reading_leaves_the_file_as_it_was(tmp_path):
    path = saved(tmp_path, VOXELS)
    before = path.read_bytes()
    read_volume(path)
    assert path.read_bytes() == before
