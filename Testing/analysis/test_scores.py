import dataclasses
import math

import numpy as np
import pytest

from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.scores import score
from LongitudinalINRLib.analysis.time_scores import TimeScore, score_month


@pytest.fixture
def halves(lia):
    """A 1 mL mask of two regions of 0.498 and 0.501 mL, and one voxel outside."""
    labels = np.zeros((1, 1, 334), np.int16)
    labels[..., :166], labels[..., 166:333] = 10, 49
    return lia(labels)


def test_scores_against_truth_follow_their_definitions(halves):
    mask = halves.with_array(halves.array > 0)
    true = np.linspace(0.9, 1.1, 334).reshape(1, 1, -1)
    found = true * np.exp(0.02 * (-1.0) ** np.arange(334))
    found[..., -1] = 50
    score = score_month(
        24.0,
        "observed",
        halves.with_array(found),
        mask,
        truth=halves.with_array(true),
        labels=halves,
        dice=0.9,
    )
    assert (score.months, score.kind, score.folded_voxels, score.dice) == (24.0, "observed", 0, 0.9)
    assert score.rmse_log_jacobian == pytest.approx(0.02, rel=1e-6)
    log_found, log_true = (np.log(values.ravel()[:333]) for values in (found, true))
    assert score.correlation == pytest.approx(np.corrcoef(log_found, log_true)[0, 1], rel=1e-9)
    larger = slice(166, 333)
    error = 100 * abs(found.ravel()[larger].mean() - true.ravel()[larger].mean())
    assert score.region_error_points == pytest.approx(error, rel=1e-9)


def test_without_truth_only_folding_and_dice_are_scored(halves):
    mask = halves.with_array(np.ones(halves.shape, bool))
    jacobian = np.ones(halves.shape)
    jacobian[..., :3] = [0, -1, 0.1]
    expected = TimeScore(18.0, "interpolated", None, None, None, 2, None)
    assert score_month(18.0, "interpolated", halves.with_array(jacobian), mask) == expected


def test_a_map_without_change_has_no_correlation_and_folded_voxels_keep_the_rmse_finite(halves):
    mask = halves.with_array(np.ones(halves.shape, bool))
    still = halves.with_array(np.ones(halves.shape))
    folded = halves.with_array(np.full(halves.shape, -1.0))
    assert score_month(0.0, "observed", still, mask, truth=still).correlation is None
    assert score_month(0.0, "observed", folded, mask, truth=still).rmse_log_jacobian == pytest.approx(
        math.log(1000)
    )


def test_a_sample_is_scored_as_the_whole_mask_that_it_stands_for(lia):
    labels = np.repeat(np.array([0, 17, 53], np.int16), [200, 600, 1200])
    everywhere = lia(labels.reshape(1, 1, -1))
    regions = RegionSet.from_labels(everywhere, everywhere.with_array(np.ones(everywhere.shape, bool)))
    true = np.choose(regions.codes, [1.0, 0.97, 1.05])
    found = np.choose(regions.codes, [1.0, 0.98, 1.02])
    sample = regions.even_sample(50)
    assert len(sample) == 150

    whole, sampled = (
        score(12.0, found, true, regions),
        score(12.0, found[sample], true[sample], regions, sample),
    )

    assert sampled.region_error_points == pytest.approx(2.0)
    assert whole.found_percent == pytest.approx({17: -2.0, 53: 2.0})
    assert dataclasses.asdict(sampled) == {
        name: pytest.approx(value) for name, value in dataclasses.asdict(whole).items()
    }
