"""What scanners and programs change must not be taken for change: contrast, sharpness, strips, no noise."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.core.config import Stage, Weights
from LongitudinalINRLib.core.domain import Domain
from LongitudinalINRLib.core.fit import fit
from LongitudinalINRLib.core.intensity_model import contrast_columns, drift_basis, unexplained
from LongitudinalINRLib.core.interpolation import trilinear
from LongitudinalINRLib.core.objective import DOUBT, TRUSTED_RESIDUAL, Objective
from LongitudinalINRLib.core.problem import FitProblem, Image, Observation
from LongitudinalINRLib.core.sampling import BrainSampler
from LongitudinalINRLib.core.sharpness import laplacian
from LongitudinalINRLib.core.similarity import log_ncc
from LongitudinalINRLib.core.smoothing import smooth
from LongitudinalINRLib.core.time_axis import TimeAxis
from Testing.core.conftest import grid_mm, grown_scan


def unchanged(follow_up: Image, **marks: bool) -> FitProblem:
    """Return the scans of a subject in whom nothing changed."""
    mask = grid_mm().norm(dim=-1) < 9.0
    return FitProblem(grown_scan(1.0), (Observation(12.0, follow_up, **marks),), mask)


def largest_false_change(problem: FitProblem, config) -> float:
    """Return the largest |log|J|| of a fit in the middle of the brain."""
    points_mm = grid_mm()[grid_mm().norm(dim=-1) < 6.0].float()
    return float(fit(problem, config).model.jacobian_determinant(points_mm, 12.0).log().abs().max())


def test_a_curve_of_intensities_is_explained_by_its_powers_and_by_no_line():
    torch.manual_seed(0)
    points, fixed = torch.randn(300, 3, dtype=torch.float64), torch.randn(300, dtype=torch.float64)
    moving = (0.2 + fixed - 0.3 * fixed**2 + 0.1 * fixed**3)[None]
    seen = torch.ones_like(moving)
    line = drift_basis(points, fixed, 0)
    curve = torch.cat((line, contrast_columns(fixed, 3)), -1)
    assert unexplained(curve, moving, seen).abs().max() < 1e-5
    assert unexplained(line, moving, seen).abs().max() > 0.1


def test_a_column_explains_only_the_follow_ups_that_may_use_it():
    torch.manual_seed(0)
    points, fixed = torch.randn(300, 3, dtype=torch.float64), torch.randn(300, dtype=torch.float64)
    extra = torch.randn(300, 1, dtype=torch.float64)
    basis = torch.cat((drift_basis(points, fixed, 0), extra), -1)
    moving = (fixed + 0.5 * extra[:, 0]).expand(2, -1)
    used = torch.ones(2, basis.shape[-1], dtype=torch.bool)
    used[1, -1] = False
    residual = unexplained(basis, moving, torch.ones_like(moving), used)
    without = unexplained(basis[:, :-1], moving[:1], torch.ones_like(moving[:1]))
    assert residual[0].abs().max() < 1e-5
    torch.testing.assert_close(residual[1], without[0], atol=1e-5, rtol=0)


def test_a_point_that_stands_for_three_counts_like_three_equal_points():
    torch.manual_seed(0)
    fixed = torch.randn(50, dtype=torch.float64)
    moving = fixed + 0.3 * torch.randn(50, dtype=torch.float64)
    weight = torch.ones(1, 50, dtype=torch.float64)
    weight[0, :10] = 3
    repeated = torch.cat((torch.arange(50), torch.arange(10), torch.arange(10)))

    def measure(moving, weight, basis):
        return float(log_ncc(unexplained(basis, moving, weight), moving, weight))

    basis = torch.stack((torch.ones(50, dtype=torch.float64), fixed), -1)
    alone = torch.ones(1, 70, dtype=torch.float64)
    expected = measure(moving[repeated][None], alone, basis[repeated])
    assert measure(moving[None], weight, basis) == pytest.approx(expected, rel=1e-9)


def test_sums_over_points_near_edges_estimate_those_over_the_brain():
    scan = grown_scan(1.0)
    problem = unchanged(scan)
    sampler = BrainSampler(problem, torch.Generator().manual_seed(0))
    points_mm, weight = sampler.points_near_edges(200_000, scan)
    steep = Image(sum(slope.square() for slope in torch.gradient(scan.values)).sqrt(), scan.world_to_voxel)
    even_mm = sampler.points(200_000)
    for image in (scan, steep):
        values, even = trilinear(image, points_mm)[0], trilinear(image, even_mm)[0]
        assert float((weight * values).mean()) == pytest.approx(
            float(even.mean()), abs=0.02 * float(even.std())
        )
    assert float(weight.mean()) == pytest.approx(1.0, abs=0.01)
    assert trilinear(steep, points_mm)[0].mean() > 1.05 * trilinear(steep, even_mm)[0].mean()


def test_the_laplacian_is_that_of_a_paraboloid_whatever_the_voxels():
    spacing = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    index = torch.stack(torch.meshgrid(*(torch.arange(8.0, dtype=torch.float64),) * 3, indexing="ij"), -1)
    x, y, z = (index * spacing).unbind(-1)
    image = Image((x**2 + 3 * y**2 - 0.5 * z**2).float(), torch.diag(torch.cat((1 / spacing, torch.ones(1)))))
    inner = laplacian(image).values[1:-1, 1:-1, 1:-1]
    torch.testing.assert_close(inner, torch.full_like(inner, 2 + 6 - 1), atol=1e-3, rtol=0)


def test_a_small_blur_is_the_laplacian_to_first_order():
    scan = smooth(grown_scan(1.0), 2.0)
    blurred = smooth(scan, 0.5).values - scan.values
    expected = 0.5**2 / 2 * laplacian(scan).values
    middle = (slice(6, -6),) * 3
    assert (blurred - expected)[middle].norm() < 0.25 * blurred[middle].norm()


def test_blur_that_is_known_is_not_read_as_change(a_config):
    config = a_config(steps=120, similarity_points=2048, contrast_degree=1)
    blurred = smooth(grown_scan(1.0), 0.9)
    taken_for_change = largest_false_change(unchanged(blurred), config)
    allowed_for = largest_false_change(unchanged(blurred, other_sharpness=True), config)
    assert allowed_for < 0.5 * taken_for_change


def test_another_contrast_is_not_read_as_change(a_config):
    scan = grown_scan(1.0)
    level = scan.values - scan.values.min() + 1
    curved = replace(scan, values=level**1.5)
    config = a_config(steps=120, similarity_points=2048)
    taken_for_change = largest_false_change(unchanged(curved), replace(config, contrast_degree=1))
    assert largest_false_change(unchanged(curved), config) < 0.5 * taken_for_change


def test_the_spatial_term_weighs_more_where_the_residual_is_no_noise(a_config):
    config, problem = a_config(), unchanged(grown_scan(1.0))
    domain = Domain.around(problem.mask.shape, problem.voxel_to_world)
    sampler = BrainSampler(problem, torch.Generator().manual_seed(0))
    objective = Objective(problem, config, domain, TimeAxis((12.0,), 12.0), sampler)
    terms = {
        name: torch.tensor(value)
        for name, value in (("spatial", 0.01), ("temporal", 0.0), ("monotonic", 0.0))
    }
    trusted, doubted = math.log(0.5 * TRUSTED_RESIDUAL), math.log(2 * TRUSTED_RESIDUAL)
    weighed = [
        float(objective.total({"similarity": torch.tensor(similarity), **terms})) - similarity
        for similarity in (trusted, doubted)
    ]
    assert weighed == pytest.approx(
        [config.weights.alpha * 0.01, 2**DOUBT * config.weights.alpha * 0.01], rel=1e-4
    )


def stripped(scan: Image, radius_mm: float) -> Image:
    """Return a scan that is 0, and known to hold no data, beyond a ball."""
    held = grid_mm().norm(dim=-1) < radius_mm
    return replace(scan, values=scan.values * held, support=held)


def test_a_point_has_data_where_its_nearest_voxel_has() -> None:
    image = Image(torch.ones(4, 4, 4), torch.eye(4, dtype=torch.float64), torch.arange(4)[:, None, None] > 1)
    image = replace(image, support=image.support.expand(4, 4, 4))
    points_mm = torch.tensor([[1.4, 1.0, 1.0], [1.6, 1.0, 1.0], [3.0, 3.0, 3.0], [3.6, 1.0, 1.0]])
    assert trilinear(image, points_mm)[1].tolist() == [False, True, True, False]


def test_smoothing_does_not_mix_tissue_with_what_was_stripped_off() -> None:
    held = grid_mm().norm(dim=-1) < 6.0
    even = Image(7.0 * held, grown_scan(1.0).world_to_voxel, held)
    inside = smooth(even, 1.5).values[held]
    torch.testing.assert_close(inside, torch.full_like(inside, 7.0))
    assert smooth(replace(even, support=None), 1.5).values[held].min() < 5.0


def test_strips_that_differ_are_not_read_as_change(a_config) -> None:
    stages = (Stage(1.0, 0.7),)  # where a coarse one sees the whole of so small a brain by its border
    config = a_config(steps=120, similarity_points=2048, weights=Weights(alpha=1.0), stages=stages)
    problem = unchanged(stripped(grown_scan(1.0), 7.0))
    known = replace(problem, baseline=stripped(problem.baseline, 8.5))
    unknown = replace(
        known,
        baseline=replace(known.baseline, support=None),
        follow_ups=tuple(replace(s, image=replace(s.image, support=None)) for s in known.follow_ups),
    )
    assert largest_false_change(known, config) < 0.5 * largest_false_change(unknown, config)
