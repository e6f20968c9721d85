import numpy as np
import pytest

from LongitudinalINRLib.analysis.points import PointEvaluator
from LongitudinalINRLib.errors import Cancelled


def test_chunks_join_to_the_same_values(tilt):
    points_mm = np.random.default_rng(5).normal(size=(50, 3)) * 30
    whole, chunked = PointEvaluator(tilt()), PointEvaluator(tilt(), chunk=7)
    np.testing.assert_array_equal(whole.jacobian(points_mm, 12.0), chunked.jacobian(points_mm, 12.0))
    np.testing.assert_array_equal(whole.warp(points_mm, 12.0), chunked.warp(points_mm, 12.0))
    np.testing.assert_allclose(whole.jacobian(points_mm, 12.0), 1 + 12e-4 * points_mm[:, 0], rtol=1e-6)


def test_no_points_give_no_values(tilt):
    evaluator = PointEvaluator(tilt())
    assert evaluator.jacobian(np.zeros((0, 3)), 12.0).shape == (0,)
    assert evaluator.warp(np.zeros((0, 3)), 12.0).shape == (0, 3)


def test_every_chunk_looks_whether_to_stop(tilt):
    answers = iter([False, True])
    evaluator = PointEvaluator(tilt(), should_stop=lambda: next(answers), chunk=2)
    with pytest.raises(Cancelled):
        evaluator.jacobian(np.zeros((6, 3)), 12.0)
