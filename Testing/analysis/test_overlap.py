import numpy as np
import pytest

from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.imaging.volume import Volume


def test_dice_counts_common_voxels_twice(lia):
    a, b = np.zeros((2, 2, 4), np.int16), np.zeros((2, 2, 4), np.int16)
    a[0, 0], b[0, 0, 1:] = 7, 7
    b[1, 1] = 9
    mask = np.ones(a.shape, bool)
    mask[0, 0, 3] = False
    assert dice(lia(a), lia(b), lia(mask)) == {7: pytest.approx(2 * 2 / (3 + 2)), 9: 0}


def test_labels_that_follow_the_growth_come_back_to_their_baseline_place(growth):
    edge = np.arange(-20.0, 21.0)
    x, y, z = np.meshgrid(edge, edge, edge, indexing="ij")
    radius = np.sqrt(x**2 + y**2 + z**2)
    affine = np.eye(4)
    affine[:3, 3] = -20
    baseline = Volume((radius <= 10).astype(np.int16), affine)
    # 60 percent more volume after 24 months, in a scanner frame turned by a quarter and moved by 3 mm
    turn = np.array([[0.0, -1, 0, 3], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    grown = Volume((radius <= 10 * 1.6 ** (1 / 3)).astype(np.int16), turn @ affine)
    mask = Volume(radius <= 14, affine)
    carried = warped_labels(growth(percent_per_year=30.0), 24.0, grown, turn, mask)
    assert dice(baseline, carried, mask)[1] > 0.95
    assert dice(baseline, warped_labels(growth(percent_per_year=30.0), 0.0, grown, turn, mask), mask)[1] < 0.8


def test_labels_beyond_the_follow_ups_field_of_view_are_background(growth, lia):
    mask = lia(np.ones((6, 5, 4), bool))
    labels = Volume(np.full((1, 1, 1), 7, np.int16), mask.affine)
    carried = warped_labels(growth(), 0.0, labels, np.eye(4), mask)
    assert carried.array.sum() == 7
    assert carried.array[0, 0, 0] == 7
