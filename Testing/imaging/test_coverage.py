"""Where scans hold data, and where points are drawn beyond the brain."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.imaging.coverage import held_data, sampling_region
from LongitudinalINRLib.imaging.volume import Volume

VOXELS_MM = np.diag([1.0, 2.0, 1.0, 1.0])


def a_mask() -> Volume:
    mask = np.zeros((11, 11, 11), dtype=bool)
    mask[5, 5, 5] = True
    return Volume(mask, VOXELS_MM)


def a_scan() -> Volume:
    return Volume(np.ones((11, 11, 11), dtype=np.float32), VOXELS_MM)


def steps_from_the_brain(region: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(place) for place in (np.argwhere(region) - 5).tolist()}


def test_the_region_reaches_the_margin_in_mm_whatever_the_voxels() -> None:
    region = sampling_region(a_mask(), [(a_scan(), np.eye(4))], 2.0)
    ball = {
        (i, j, k)
        for i in range(-2, 3)
        for j in range(-1, 2)
        for k in range(-2, 3)
        if i**2 + (2 * j) ** 2 + k**2 <= 4
    }
    assert steps_from_the_brain(region) == ball


def test_what_was_stripped_off_or_lies_outside_a_field_of_view_is_left_out() -> None:
    stripped, shifted = a_scan(), np.eye(4)
    stripped.array[6:] = 0.0
    shifted[2, 3] = 5.0  # the follow-up ends at the brain's last voxel
    scans = [(stripped, np.eye(4)), (a_scan(), shifted)]
    assert steps_from_the_brain(sampling_region(a_mask(), scans, 1.0)) == {(0, 0, 0), (-1, 0, 0), (0, 0, -1)}


def test_the_brain_stays_whole_even_where_a_scan_has_no_data() -> None:
    empty = Volume(np.zeros((11, 11, 11), dtype=np.float32), VOXELS_MM)
    assert steps_from_the_brain(sampling_region(a_mask(), [(empty, np.eye(4))], 3.0)) == {(0, 0, 0)}


def test_a_stripped_scan_holds_data_in_the_brain_and_in_what_it_encloses() -> None:
    stripped = a_scan()
    stripped.array[:3] = 0.0
    stripped.array[7, 5, 5] = 0.0
    expected = np.ones(stripped.shape, dtype=bool)
    expected[:3] = False
    np.testing.assert_array_equal(held_data(stripped), expected)


def test_a_scan_with_its_head_and_air_holds_data_everywhere() -> None:
    scan = a_scan()
    scan.array[0, :5] = 0.0
    assert held_data(scan) is None
