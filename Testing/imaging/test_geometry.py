"""One place in the world is one place, however the voxels are stored."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.mask import estimate_mask, mask_from
from LongitudinalINRLib.imaging.reading import read_displacement, read_volume
from LongitudinalINRLib.imaging.resampling import inside, resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume


def reordered(volume, codes):
    """Return the same scan with its voxels stored along other axes."""
    image = nib.Nifti1Image(volume.array, volume.affine)
    ornt = nib.orientations.ornt_transform(
        nib.io_orientation(volume.affine), nib.orientations.axcodes2ornt(codes)
    )
    other = image.as_reoriented(ornt)
    return Volume(np.ascontiguousarray(np.asanyarray(other.dataobj)), other.affine)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_a_volume_comes_back_from_every_format_where_it_was(a_head, tmp_path, ending):
    write_volume(a_head, tmp_path / f"head{ending}")
    again, warnings = read_volume(tmp_path / f"head{ending}")
    np.testing.assert_array_equal(again.array, a_head.array)
    np.testing.assert_allclose(again.affine, a_head.affine, atol=1e-4)
    assert warnings == []
    assert [path.name for path in tmp_path.iterdir()] == [f"head{ending}"]


def test_a_displacement_keeps_its_direction_through_a_file(a_head, tmp_path):
    field = np.random.default_rng(0).normal(size=(*a_head.shape, 3)).astype(np.float32)
    write_volume(a_head.with_array(field), tmp_path / "u.nii.gz")
    np.testing.assert_allclose(read_displacement(tmp_path / "u.nii.gz").array, field, atol=1e-6)


@pytest.mark.parametrize("codes", ["RAS", "LIA", "PSR"])
def test_resampling_does_not_depend_on_the_order_of_axes(a_head, codes):
    stored = reordered(a_head, codes)
    assert stored.affine.tolist() != a_head.affine.tolist()
    np.testing.assert_allclose(resample(stored, a_head).array, a_head.array, atol=1e-2)


def test_resampling_equals_an_independent_interpolation_through_a_matrix(a_head):
    matrix = np.eye(4)
    matrix[:3, 3] = (2.3, -1.1, 0.7)
    coarse = Volume(np.zeros((9, 8, 7), np.float32), np.diag([15.0, 16, 17, 1]))
    index = np.indices(coarse.shape).reshape(3, -1)
    mm = coarse.affine[:3, :3] @ index + coarse.affine[:3, 3:]
    voxels = np.linalg.inv(a_head.affine) @ matrix @ np.vstack([mm, np.ones(mm.shape[1])])
    expected = ndimage.map_coordinates(a_head.array, voxels[:3], order=1, mode="constant", cval=0.0)
    within = inside(a_head, coarse, matrix).array.ravel()
    found = resample(a_head, coarse, matrix).array.ravel()
    assert 0 < within.sum() < within.size
    np.testing.assert_allclose(found[within], expected[within], rtol=1e-4, atol=1e-3)


def test_a_mask_in_another_axis_order_selects_the_same_places(a_head, a_brain):
    stored = reordered(a_brain.with_array(a_brain.array.astype(np.uint8)), "LIA")
    np.testing.assert_array_equal(mask_from(stored, a_head).array, a_brain.array)


def test_a_mask_in_another_space_is_refused(a_head, a_brain):
    affine = a_brain.affine.copy()
    affine[:3, 3] += 5
    with pytest.raises(InputError) as error:
        mask_from(Volume(a_brain.array.astype(np.uint8), affine), a_head)
    assert error.value.code == "other-space"


def test_an_empty_mask_is_refused(a_head):
    with pytest.raises(InputError) as error:
        mask_from(a_head.with_array(np.zeros(a_head.shape, np.uint8)), a_head)
    assert error.value.code == "mask-empty"


def test_the_brain_of_a_stripped_head_is_found_and_warned_about(a_head, a_brain):
    mask, warnings = estimate_mask(a_head)
    overlap = 2 * (mask.array & a_brain.array).sum() / (mask.array.sum() + a_brain.array.sum())
    assert overlap > 0.9
    assert any("estimated" in text for text in warnings)
