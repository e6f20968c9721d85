"""The fit: seeds, resume, trouble, and what it finds on a known growth."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.core import descent
from LongitudinalINRLib.core.config import Stage, Weights
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.core.fit import fit
from LongitudinalINRLib.core.objective import Objective
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.smoothing import smooth_problem
from LongitudinalINRLib.errors import Cancelled, NumericalError, OutOfMemory

GROWTH_PER_MONTH = 0.004  # as in the fixture
INNER = 6 * torch.nn.functional.normalize(torch.randn(200, 3, generator=torch.Generator().manual_seed(0)))
CENTRE = torch.tensor([[0.0, 0, 0], [2.0, 1.0, -2.0], [-3.0, 2.0, 1.0]])


def weights_of(result):
    return result.model.tensors()


def assert_same_model(one, other):
    first, second = weights_of(one), weights_of(other)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_uniform_growth_is_found_between_at_and_beyond_the_scans(a_growing_problem, a_config):
    config = a_config(steps=400, omega=10.0, learning_rate=5e-3, weights=Weights(alpha=0.1, beta=0.01))
    model = fit(a_growing_problem, config).model
    for months, tolerance in ((12.0, 0.01), (18.0, 0.01), (24.0, 0.01), (36.0, 0.02)):
        truth = (1 + GROWTH_PER_MONTH * months) ** 3
        found = model.jacobian_determinant(INNER, months)
        assert float(found.mean()) == pytest.approx(truth, abs=tolerance)


def test_baseline_is_the_identity(a_growing_problem, a_config):
    model = fit(a_growing_problem, a_config()).model
    assert torch.equal(model.displacement(CENTRE, 0.0), torch.zeros(3, 3))
    assert torch.equal(model.jacobian_determinant(CENTRE, 0.0), torch.ones(3))


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(a_growing_problem, a_config):
    first, again = (fit(a_growing_problem, a_config()) for _ in range(2))
    other = fit(a_growing_problem, a_config(seed=1))
    assert_same_model(first, again)
    assert not torch.equal(weights_of(first)["first.weight"], weights_of(other)["first.weight"])


def test_the_global_random_state_is_left_alone(a_growing_problem, a_config):
    before = torch.get_rng_state()
    fit(a_growing_problem, a_config(steps=3))
    assert torch.equal(before, torch.get_rng_state())


def cancelled_at(problem, config, step):
    """Return the checkpoint of a fit that was cancelled after some steps."""
    saved, asked = [], []
    with pytest.raises(Cancelled):
        fit(
            problem,
            config,
            on_checkpoint=saved.append,
            should_stop=lambda: asked.append(0) or len(asked) > step,
        )
    return saved[-1]


@pytest.mark.parametrize("step", [1, 13, 17, 29])
def test_a_resumed_fit_equals_an_uninterrupted_one(a_growing_problem, a_config, step):
    whole = fit(a_growing_problem, a_config())
    state = cancelled_at(a_growing_problem, a_config(), step)
    assert state.scalars["steps_done"] == step
    resumed = fit(a_growing_problem, a_config(), resume_from=state)
    assert_same_model(whole, resumed)
    assert resumed.history == whole.history


def test_progress_counts_up_to_the_last_step(a_growing_problem, a_config):
    seen = []
    fit(a_growing_problem, a_config(), on_progress=seen.append)
    assert [p.step for p in seen] == [10, 20, 30]
    assert all({"similarity", "spatial", "temporal", "monotonic", "total"} <= p.losses.keys() for p in seen)
    assert seen[-1].seconds_left == 0


def test_a_stage_draws_its_share_of_the_points(a_growing_problem, a_config, monkeypatch):
    drawn, honest = [], BrainSampler.points_near_edges

    def points_near_edges(self, count, image):
        drawn.append(count)
        return honest(self, count, image)

    monkeypatch.setattr(BrainSampler, "points_near_edges", points_near_edges)
    stages = (Stage(0.5, 2.0, 0.25), Stage(0.2, 0.0, 0.25), Stage(0.3, 0.0))
    fit(a_growing_problem, a_config(steps=10, similarity_points=200, stages=stages))
    assert drawn == [50] * 7 + [200] * 3


def test_scans_are_smoothed_again_only_where_a_stage_smooths_them_otherwise(
    a_growing_problem, a_config, monkeypatch
):
    smoothed = []
    monkeypatch.setattr(
        descent, "smooth_problem", lambda problem, mm: smoothed.append(mm) or smooth_problem(problem, mm)
    )
    stages = (Stage(0.5, 2.0, 0.25), Stage(0.2, 0.7, 0.25), Stage(0.3, 0.7))
    fit(a_growing_problem, a_config(steps=10, stages=stages))
    assert smoothed == [2.0, 0.7]


def test_the_time_left_knows_that_steps_of_few_points_take_less(a_growing_problem, a_config):
    stages = (Stage(0.5, 0.0, 0.1), Stage(0.5, 0.0))
    half_way = Descent(a_growing_problem, a_config(steps=10, stages=stages))
    half_way.steps_done = 5
    assert half_way.share_done == pytest.approx(0.35 / (0.35 + 1.25))
    half_way.steps_done = 10
    assert half_way.share_done == 1


def spoil(monkeypatch, when, how):
    """Make the objective misbehave on the calls named."""
    calls, honest = [], Objective.terms

    def terms(self, network):
        calls.append(0)
        found = honest(self, network)
        return how(found) if len(calls) in when else found

    monkeypatch.setattr(Objective, "terms", terms)


def not_a_number(terms):
    return {**terms, "similarity": terms["similarity"] * float("nan")}


def out_of_memory(terms):
    raise torch.cuda.OutOfMemoryError("tried to allocate 20 GiB")


def test_a_loss_that_becomes_nan_goes_back_once_with_half_the_rate(a_growing_problem, a_config, monkeypatch):
    spoil(monkeypatch, {20}, not_a_number)
    result = fit(a_growing_problem, a_config())
    assert all(value.isfinite().all() for value in weights_of(result).values())
    assert result.rate_scale == 0.5


def test_a_loss_that_becomes_nan_again_is_an_error_with_advice(a_growing_problem, a_config, monkeypatch):
    spoil(monkeypatch, {20, 24}, not_a_number)
    with pytest.raises(NumericalError, match="twice") as error:
        fit(a_growing_problem, a_config())
    assert error.value.advice


def test_running_out_of_memory_halves_the_batch_twice_then_gives_up(a_growing_problem, a_config, monkeypatch):
    spoil(monkeypatch, {5, 9}, out_of_memory)
    assert fit(a_growing_problem, a_config()).batch_halvings == 2
    monkeypatch.undo()
    spoil(monkeypatch, {5, 9, 12}, out_of_memory)
    with pytest.raises(OutOfMemory) as error:
        fit(a_growing_problem, a_config())
    assert "20 GiB" in error.value.found


def test_a_gradient_that_is_not_finite_never_reaches_the_weights(a_growing_problem, a_config, monkeypatch):
    class Poison(torch.autograd.Function):
        @staticmethod
        def forward(ctx, value):
            return value.clone()

        @staticmethod
        def backward(ctx, gradient):
            return gradient * float("nan")

    spoil(monkeypatch, {25}, lambda terms: {**terms, "spatial": Poison.apply(terms["spatial"])})
    result = fit(a_growing_problem, a_config())
    assert result.rate_scale == 0.5
    assert all(value.isfinite().all() for value in weights_of(result).values())


@pytest.mark.parametrize("similarity", ["log-ncc", "ncc", "local-ncc", "mse"])
@pytest.mark.parametrize("sampling", ["points", "patches"])
def test_every_similarity_runs_on_points_and_patches(a_growing_problem, a_config, similarity, sampling):
    config = a_config(similarity=similarity, sampling=sampling, steps=3)
    result = fit(a_growing_problem, config)
    assert all(value.isfinite().all() for value in weights_of(result).values())


def test_a_soft_identity_is_pulled_towards_zero_at_baseline(a_growing_problem, a_config):
    def at_baseline(weight):
        config = a_config(identity="soft", steps=200, weights=Weights(lambda_=weight))
        return fit(a_growing_problem, config).model.displacement(CENTRE, 0.0).abs().max()

    assert at_baseline(1e4) < 0.2 * at_baseline(0.0)


def test_a_follow_up_seen_in_part_is_fitted_on_the_part_seen(a_growing_problem, a_config):
    whole = a_growing_problem.follow_ups[1]
    shifted = whole.image.world_to_voxel.clone()
    shifted[0, 3] -= 4
    cut = replace(whole, image=replace(whole.image, values=whole.image.values[4:], world_to_voxel=shifted))
    problem = replace(a_growing_problem, follow_ups=(a_growing_problem.follow_ups[0], cut))
    config = a_config(steps=400, omega=10.0, learning_rate=5e-3, weights=Weights(alpha=0.1, beta=0.01))
    found = fit(problem, config).model.jacobian_determinant(INNER, 24.0)
    assert float(found.mean()) == pytest.approx((1 + GROWTH_PER_MONTH * 24) ** 3, abs=0.02)


def stored_otherwise(problem, arrange, voxel_change):
    """Return the problem with every array rearranged; voxel_change takes old voxel indices to new ones."""

    def image(scan):
        return replace(scan, values=arrange(scan.values), world_to_voxel=voxel_change @ scan.world_to_voxel)

    return replace(
        problem,
        baseline=image(problem.baseline),
        follow_ups=tuple(replace(scan, image=image(scan.image)) for scan in problem.follow_ups),
        mask=arrange(problem.mask),
    )


LAST = 23.0
STORED = {
    "other axis order and direction": (
        lambda values: values.permute(2, 0, 1).flip(0).contiguous(),
        [[0, 0, -1, LAST], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]],
    ),
    "slices of double thickness": (
        lambda values: values[:, :, ::2].contiguous(),
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 1]],
    ),
}


@pytest.mark.parametrize("name", STORED)
def test_growth_is_found_in_world_space_however_the_voxels_are_stored(a_growing_problem, a_config, name):
    arrange, change = STORED[name]
    problem = stored_otherwise(a_growing_problem, arrange, torch.tensor(change, dtype=torch.float64))
    config = a_config(steps=400, omega=10.0, learning_rate=5e-3, weights=Weights(alpha=0.1, beta=0.01))
    found = fit(problem, config).model.jacobian_determinant(INNER, 24.0)
    assert float(found.mean()) == pytest.approx((1 + GROWTH_PER_MONTH * 24) ** 3, abs=0.02)
