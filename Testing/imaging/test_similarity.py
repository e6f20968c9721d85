"""The correlation within the mask, against NumPy's own."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.imaging.similarity import normalised_correlation
from LongitudinalINRLib.imaging.volume import Volume


@pytest.fixture
def two_scans(a_head):
    noise = np.random.default_rng(1).normal(scale=80, size=a_head.shape).astype(np.float32)
    return a_head, a_head.with_array(3 * a_head.array + noise)


def test_it_is_pearsons_correlation_within_the_mask(two_scans, a_brain):
    baseline, follow_up = two_scans
    expected = np.corrcoef(baseline.array[a_brain.array], follow_up.array[a_brain.array])[0, 1]
    assert normalised_correlation(follow_up, baseline, a_brain) == pytest.approx(expected, abs=1e-5)


def test_only_what_the_follow_up_shows_counts(two_scans, a_brain):
    baseline, follow_up = two_scans
    upper = Volume(follow_up.array[:, :, 22:], follow_up.affine @ _shift(22))
    seen = a_brain.array.copy()
    seen[:, :, :22] = False
    expected = np.corrcoef(baseline.array[seen], follow_up.array[seen])[0, 1]
    assert normalised_correlation(upper, baseline, a_brain) == pytest.approx(expected, abs=1e-5)


def test_scans_that_share_nothing_or_are_flat_have_none(two_scans, a_brain):
    baseline, follow_up = two_scans
    away = np.eye(4)
    away[0, 3] = 5000
    assert normalised_correlation(follow_up, baseline, a_brain, away) == 0
    assert normalised_correlation(follow_up.with_array(0 * follow_up.array), baseline, a_brain) == 0


def _shift(voxels):
    matrix = np.eye(4)
    matrix[2, 3] = voxels
    return matrix
