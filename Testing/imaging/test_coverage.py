"""Where scans hold data."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.imaging.coverage import held_data
from LongitudinalINRLib.imaging.volume import Volume

VOXELS_MM = np.diag([1.0, 2.0, 1.0, 1.0])


def a_scan() -> Volume:
    return Volume(np.ones((11, 11, 11), dtype=np.float32), VOXELS_MM)


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
