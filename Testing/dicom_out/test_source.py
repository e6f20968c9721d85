"""A result's grid on the slices of its series, whatever the order and direction of its axes."""

from __future__ import annotations

import sys
from itertools import permutations, product
from pathlib import Path

import highdicom as hd
import nibabel as nib
import numpy as np
import pytest
from reading_back import on_grid_of, read_map
from scipy.spatial.transform import Rotation

sys.path.insert(0, str(Path(__file__).parents[1]))
from dicom_writer import write_enhanced, write_series

from LongitudinalINRLib.dicom_out.parametric_map import make_map
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.dicom_out.study import maker
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.series import load_dicom
from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (6, 5, 4)
VOXELS = np.random.default_rng(1).integers(1, 1000, SHAPE).astype(np.uint16)
OBLIQUE = np.eye(4)
OBLIQUE[:3, :3] = Rotation.from_rotvec([0.3, -0.2, 0.5]).as_matrix() * (1.5, 2.0, 3.0)
OBLIQUE[:3, 3] = (-7.0, 8.0, 9.0)
ORDERS = {"ascending": range(4), "descending": (3, 2, 1, 0)}


def reoriented(volume: Volume, axes: tuple[int, ...], signs: tuple[int, ...]) -> Volume:
    """Return the same voxels in an array of other axes, by nibabel."""
    turned = nib.Nifti1Image(volume.array, volume.affine).as_reoriented(
        np.array(list(zip(axes, signs, strict=True)))
    )
    return Volume(np.asarray(turned.dataobj), turned.affine)


@pytest.mark.parametrize("axes", list(permutations(range(3))))
def test_any_order_and_direction_of_the_axes_gives_the_frames_of_the_series(tmp_path, axes):
    write_series(tmp_path / "series", VOXELS, OBLIQUE)
    source, (volume, _) = read_source(tmp_path / "series"), load_dicom(tmp_path / "series")
    for signs in product((1, -1), repeat=3):
        frames = source.frames_of(reoriented(volume, axes, signs))
        np.testing.assert_array_equal(frames, VOXELS.transpose(2, 1, 0))


def test_a_grid_that_is_turned_or_shifted_a_little_is_another_one(tmp_path):
    write_series(tmp_path / "series", VOXELS, OBLIQUE)
    source, (volume, _) = read_source(tmp_path / "series"), load_dicom(tmp_path / "series")
    turned, shifted = volume.affine.copy(), volume.affine.copy()
    turned[:3, :3] = Rotation.from_rotvec([0.02, 0, 0]).as_matrix() @ turned[:3, :3]
    shifted[0, 3] += 0.1
    for affine in (turned, shifted):
        with pytest.raises(InputError) as caught:
            source.frames_of(Volume(volume.array, affine))
        assert caught.value.code == "dicom-other-series"


@pytest.mark.parametrize("order", ORDERS)
def test_a_map_on_an_enhanced_series_comes_back_at_its_places(tmp_path, order):
    write_enhanced(tmp_path / "series" / "IM.dcm", VOXELS, OBLIQUE, order=ORDERS[order])
    source, (volume, _) = read_source(tmp_path / "series"), load_dicom(tmp_path / "series")
    jacobian = volume.with_array((volume.array / 1000).astype(np.float32))
    made = make_map(
        source, source.frames_of(jacobian), 12.0, "observed", "float", maker(1, hd.UID(), hd.UID(), 1)
    )
    made.save_as(tmp_path / "map.dcm", enforce_file_format=True)
    found = on_grid_of(read_map(tmp_path / "map.dcm"), jacobian)
    np.testing.assert_array_equal(found.astype(np.float32), jacobian.array)


def test_frames_in_no_order_are_refused(tmp_path):
    write_enhanced(tmp_path / "series" / "IM.dcm", VOXELS, OBLIQUE, order=(2, 0, 3, 1))
    with pytest.raises(InputError) as caught:
        read_source(tmp_path / "series")
    assert caught.value.code == "dicom-frames"
