"""The weights of `paper`: the loss of the authors' sums, written out, against ours of means."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
import torch

from LongitudinalINRLib.core import regularisers
from LongitudinalINRLib.core.config import FitConfig, Weights, preset
from LongitudinalINRLib.core.fit import fit
from LongitudinalINRLib.core.network import Jet
from LongitudinalINRLib.core.published import POINTS_A_STEP, loss_weights, published_weights


def random_jet(times, points):
    generator = torch.Generator().manual_seed(times)

    def draw(*shape):
        return 0.1 * torch.randn(*shape, generator=generator, dtype=torch.float64)

    return Jet(
        draw(times, points, 3), draw(times, points, 3, 3), draw(times, points, 3), draw(times, points, 3, 3)
    )


@pytest.mark.parametrize("follow_ups", [1, 2, 3, 6])
def test_spatial_and_temporal_terms_are_those_of_the_sums_at_any_number_of_follow_ups(follow_ups):
    times, points = follow_ups + 1, 50
    jet = random_jet(times, points)
    spatial = temporal = 0.0
    for at in range(times):  # each of the times adds its own spatial term, and the temporal term of all
        spatial += 0.1 * float(jet.dx[at].square().sum((-2, -1)).mean())
        per_step = float(jet.dt.square().sum()) * POINTS_A_STEP / points
        temporal += 0.1 * per_step / 10
    ours = published_weights(Weights(0.0, 0.1, 0.1, 0.1), follow_ups)
    # The sums come with a similarity summed over the follow-ups, the means with its mean.
    assert ours.alpha * float(regularisers.spatial_square(jet)) == pytest.approx(spatial / follow_ups)
    assert ours.beta * float(regularisers.temporal(jet)) == pytest.approx(temporal / follow_ups)


@pytest.mark.parametrize("follow_ups", [1, 2, 3, 4])
def test_the_monotonic_term_of_the_sums_lies_between_once_and_once_for_each_follow_up(follow_ups):
    times = follow_ups + 1
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * times)  # every course of growth and loss
    partial = [
        torch.minimum(signs[:, :seen].relu().sum(1), (-signs[:, :seen]).relu().sum(1)).mean()
        for seen in range(1, times + 1)  # a step sees the times so far, one more each time
    ]
    exact = float(sum(partial) / partial[-1])
    assert 1 <= exact <= follow_ups
    ours = published_weights(Weights(0.0, 0.0, 0.0, 1.0), follow_ups).gamma
    assert ours / (POINTS_A_STEP / (100 * follow_ups)) == pytest.approx(times / 2)
    assert times / 2 == pytest.approx(exact, rel=0.12)


def test_norm_and_square_of_the_identity_pull_alike_at_a_tenth_of_a_millimetre():
    moved = torch.tensor([0.1 / 112.0, 0.0, 0.0], requires_grad=True)
    (100 * moved.norm()).backward()
    wanted = float(moved.grad[0]) / 3
    moved.grad = None
    ours = published_weights(Weights(100.0, 0.0, 0.0, 0.0), 3).lambda_
    (ours * regularisers.identity(moved[None])).backward()
    assert float(moved.grad[0]) == pytest.approx(wanted, rel=0.01)


def test_the_preset_scales_and_weights_of_means_stay_as_they_are():
    paper = preset("paper")
    assert asdict(loss_weights(paper, 3)) == pytest.approx(
        {"lambda_": 18727, "alpha": 0.1333, "beta": 1105.9, "gamma": 13.82}, rel=1e-3
    )
    assert loss_weights(paper, 1).beta == pytest.approx(829.4, rel=1e-3)
    by_hand = replace(paper, weights=replace(paper.weights, alpha=0.2))
    assert loss_weights(by_hand, 3).alpha == pytest.approx(0.2667, rel=1e-3)
    assert loss_weights(by_hand, 3).beta == loss_weights(paper, 3).beta
    for config in (FitConfig(), preset("preview"), replace(paper, weight_units="means")):
        assert loss_weights(config, 7) is config.weights


def test_a_fit_adds_up_its_terms_with_the_weights_for_its_follow_ups(a_growing_problem, a_config):
    weights = Weights(lambda_=0.01, alpha=0.1, beta=1e-4, gamma=1e-3)
    config = a_config(steps=1, weights=weights, weight_units="published", identity="soft", similarity="ncc")
    (row,) = fit(a_growing_problem, config).history
    used = published_weights(weights, follow_ups=2)
    expected = row["similarity"] + used.lambda_ * row["identity"] + used.alpha * row["spatial"]
    expected += used.beta * row["temporal"] + used.gamma * row["monotonic"]
    assert row["total"] == pytest.approx(expected, rel=1e-5)
    assert used.beta * row["temporal"] > 0.001
