"""Sharpness and contrast of a follow-up beside the baseline: told apart from change, noise and drift."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from LongitudinalINRLib.analysis.appearance import Appearance, compare_appearance
from LongitudinalINRLib.core.problem import FitProblem, Image, Observation

SHAPE = (44, 46, 40)
NOISE = 0.01


@pytest.fixture(scope="module")
def anatomy() -> np.ndarray:
    """Three tissues in folds a few voxels wide, with soft edges."""
    texture = ndimage.gaussian_filter(np.random.default_rng(3).standard_normal(SHAPE), 1.5)
    texture /= texture.std()
    tissues = np.select([texture < -0.8, texture < 0.3], [0.1, 0.55], 0.85)
    return ndimage.gaussian_filter(tissues, 0.5)


def looked_at(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Appearance:
    """Compare two scans with noise of their own."""
    random = np.random.default_rng(seed)
    here = torch.eye(4, dtype=torch.float64)
    values = [
        torch.from_numpy((scan + random.normal(0, NOISE, SHAPE)).astype(np.float32))
        for scan in (first, second)
    ]
    mask = torch.zeros(SHAPE, dtype=torch.bool)
    mask[3:-3, 3:-3, 3:-3] = True
    problem = FitProblem(
        Image(values[0], here),
        (Observation(24.0, Image(values[1], here)),),
        mask,
    )
    (found,) = compare_appearance(problem)
    return found


def blurred(scan: np.ndarray, sigma_voxels: float) -> np.ndarray:
    """Blur by a Gaussian that is exact in the frequencies, which a short kernel on voxels is not."""
    return np.fft.ifftn(ndimage.fourier_gaussian(np.fft.fftn(scan), sigma_voxels)).real


def warped(scan: np.ndarray, size_voxels: float) -> np.ndarray:
    """Move tissue smoothly to and fro by some voxels, as atrophy does."""
    index = np.indices(SHAPE, dtype=float)
    index[0] += size_voxels * np.sin(index[1] / 9.0)
    index[1] += size_voxels * np.cos(index[2] / 8.0)
    return ndimage.map_coordinates(scan, index, order=5, mode="nearest")


def test_two_scans_of_one_brain_look_alike(anatomy):
    found = looked_at(anatomy, anatomy)
    assert found.months == 24.0
    assert found.detail_ratio == pytest.approx(1.0, abs=0.04)
    assert found.grain_ratio == pytest.approx(1.0, abs=0.05)
    assert found.curved_share < 0.01


@pytest.mark.parametrize("sigma_voxels", [0.3, 0.5])
def test_blur_takes_the_power_from_detail_that_its_transfer_function_says(sigma_voxels):
    # As much detail of every size: with less of the fine, the window of a patch mixes in the coarse.
    grain = np.random.default_rng(4).standard_normal(SHAPE)
    expected = math.exp(-((sigma_voxels * math.pi / 2) ** 2))
    assert looked_at(grain, blurred(grain, sigma_voxels)).detail_ratio == pytest.approx(expected, rel=0.12)
    assert looked_at(blurred(grain, sigma_voxels), grain).detail_ratio == pytest.approx(
        1 / expected, rel=0.12
    )


def test_a_blur_of_half_a_voxel_is_seen_in_folds(anatomy):
    found = looked_at(anatomy, blurred(anatomy, 0.5))
    assert found.detail_ratio < 0.8


def test_tissue_that_moved_is_neither_blurred_nor_in_another_contrast(anatomy):
    found = looked_at(anatomy, warped(anatomy, 0.8))
    assert found.detail_ratio == pytest.approx(1.0, abs=0.06)
    assert found.curved_share < 0.012


def test_gain_and_shading_are_no_other_contrast(anatomy):
    x = np.linspace(-1, 1, SHAPE[0])[:, None, None]
    found = looked_at(anatomy, (1.4 + 0.1 * x + 0.05 * x**2) * anatomy + 0.2)
    assert found.detail_ratio == pytest.approx(1.0, abs=0.05)
    assert found.curved_share < 0.01


def test_grey_matter_nearer_to_white_is_another_contrast(anatomy):
    curve = np.interp(anatomy, [0.0, 0.1, 0.55, 0.85, 1.0], [0.0, 0.1, 0.64, 0.85, 1.0])
    assert looked_at(anatomy, curve).curved_share > 0.05


def test_more_noise_is_told_as_grain(anatomy):
    random = np.random.default_rng(9)
    found = looked_at(anatomy, anatomy + random.normal(0, 3 * NOISE, SHAPE))
    assert found.grain_ratio > 1.2
    assert found.detail_ratio == pytest.approx(1.0, abs=0.1)


def test_a_scan_that_shows_hardly_any_of_the_brain_is_left_out(anatomy):
    scan = torch.from_numpy(anatomy.astype(np.float32))
    far = torch.eye(4, dtype=torch.float64)
    far[0, 3] = 40.0
    mask = torch.ones(SHAPE, dtype=torch.bool)
    near = Image(scan, torch.eye(4, dtype=torch.float64))
    problem = FitProblem(near, (Observation(6.0, Image(scan, far)), Observation(9.0, near)), mask)
    assert [found.months for found in compare_appearance(problem)] == [9.0]
