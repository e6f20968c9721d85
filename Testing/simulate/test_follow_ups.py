"""A follow-up departs from the baseline as its scanner was told, and the truth does not move."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.geometry import View
from LongitudinalINRLib.simulate.motion import with_motion
from LongitudinalINRLib.simulate.subject import SimulatedSubject, simulate_subject

Head = tuple[Volume, Volume]
UNCHANGED = {"rates_percent_per_year": {}, "smoothness_mm": 12.0}
PERFECT = {"noise": 0.0, "drift": 0.0, "shift_mm": 0.0, "turn_degrees": 0.0}
CENTRE = np.array([10.0, -20.0, 30.0])


def unchanged(head: Head, **settings: object) -> SimulatedSubject:
    return simulate_subject(*head, [0.0, 12.0], **{**UNCHANGED, **PERFECT, **settings})


def size(volume: Volume) -> np.ndarray:
    """Standard deviation of a cloud along the three axes of the grid."""
    weights = np.clip(volume.array.astype(float) - 20.0, 0, None)
    places = np.indices(weights.shape)
    means = (places * weights).sum(axis=(1, 2, 3)) / weights.sum()
    return np.sqrt(((places - means.reshape(3, 1, 1, 1)) ** 2 * weights).sum(axis=(1, 2, 3)) / weights.sum())


@pytest.fixture(scope="module")
def a_cloud() -> Head:
    """A Gaussian cloud of 12 mm in a grey box: nothing is cut off anywhere."""
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    r2 = ((2.0 * (np.indices((48, 48, 48)) - 23.5)) ** 2).sum(axis=0)
    t1 = (20.0 + 100.0 * np.exp(-0.5 * r2 / 12.0**2)).astype(np.float32)
    return Volume(t1, affine), Volume((r2 < 30**2).astype(np.int16) * 2, affine)


@pytest.mark.parametrize(("percent", "expected"), [(4.0, (4, 4, 4)), ((0.0, -3.0, 5.0), (0, -3, 5))])
def test_the_head_looks_larger_by_the_scale_although_nothing_grew(
    a_cloud: Head, percent: object, expected: tuple[float, ...]
) -> None:
    subject = unchanged(a_cloud, scale_percent=percent)
    found = 100 * (size(subject.scans[1]) / size(subject.scans[0]) - 1)
    assert found == pytest.approx(expected, abs=0.08)
    assert (subject.truth_jacobian[1].array == 1.0).all()
    assert not subject.truth_displacement[1].array.any()
    np.testing.assert_array_equal(subject.baseline_to_scan[1], np.eye(4))


def test_blur_lowers_the_spectrum_like_a_gaussian(a_cloud: Head) -> None:
    before, after = (
        np.abs(np.fft.fftn(scan.array.astype(float) - 20.0)) for scan in unchanged(a_cloud, blur_mm=3.0).scans
    )
    k = 2 * np.pi * np.fft.fftfreq(48, 2.0)[:5]
    expected = np.exp(-0.5 * (3.0 * k) ** 2)
    assert expected[4] < 0.75
    for line in ((slice(0, 5), 0, 0), (0, slice(0, 5), 0), (0, 0, slice(0, 5))):
        np.testing.assert_allclose(after[line] / before[line], expected, rtol=0.02)


@pytest.mark.parametrize("contrast", [0.8, 1.3])
def test_contrast_is_a_power_of_the_intensity_that_keeps_the_brightest(
    a_cloud: Head, contrast: float
) -> None:
    before, after = (scan.array.astype(float).ravel() for scan in unchanged(a_cloud, contrast=contrast).scans)
    slope, offset = np.polyfit(np.log(before), np.log(after), 1)
    assert slope == pytest.approx(contrast, rel=1e-3)
    brightest = np.percentile(a_cloud[0].array, 99.0)
    assert np.exp(offset + slope * np.log(brightest)) == pytest.approx(brightest, rel=1e-3)


def distorted(places: np.ndarray, most_mm: float, radius_mm: float) -> np.ndarray:
    """The cubic, written once more: where tissue lies that is shown at places."""
    r = places - CENTRE[:, None]
    return places + most_mm * (np.linalg.norm(r, axis=0) / radius_mm) ** 3 * r / np.linalg.norm(r, axis=0)


def test_the_gradients_distort_alike_wherever_the_head_lies() -> None:
    position = np.eye(4)
    position[:3, :3] = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    position[:3, 3] = [-12.0, 33.0, 4.0]
    view = View(position, CENTRE, 80.0, np.ones(3), 3.0)
    shown = CENTRE[:, None] + np.random.default_rng(0).normal(scale=40.0, size=(3, 200))
    at_baseline = view.baseline_place(shown)
    in_scanner = position[:3, :3] @ distorted(at_baseline, 3.0, 80.0) + position[:3, 3:]
    np.testing.assert_allclose(in_scanner, distorted(shown, 3.0, 80.0), atol=1e-6)
    rigid = View(position, CENTRE, 80.0).baseline_place(shown)
    assert np.linalg.norm(at_baseline - rigid, axis=0).max() > 0.5


def test_gradients_do_not_show_in_a_head_that_lies_as_before(a_head: Head) -> None:
    view = View(np.eye(4), CENTRE, 80.0, np.ones(3), 3.0)
    shown = CENTRE[:, None] + np.random.default_rng(0).normal(scale=40.0, size=(3, 50))
    np.testing.assert_allclose(view.baseline_place(shown), shown, atol=1e-9)
    subject = unchanged(a_head, gradient_nonlinearity_mm=3.0)
    np.testing.assert_allclose(subject.scans[1].array, a_head[0].array, atol=1e-3)


@pytest.fixture(scope="module")
def a_ball() -> np.ndarray:
    return 100.0 * np.exp(-0.5 * (((np.indices((41, 43, 39)).T - 20) / 3.0).T ** 2).sum(axis=0))


def moved(ball: np.ndarray, motion_mm: float, seed: int = 0) -> np.ndarray:
    return with_motion(
        ball,
        np.diag([1.0, 1.0, 1.0, 1.0]),
        centre_mm=np.array([20.0, 20.0, 20.0]),
        radius_mm=20.0,
        motion_mm=motion_mm,
        random=np.random.default_rng(seed),
    )


def test_motion_makes_ghosts_from_back_to_front_and_nowhere_else(a_ball: np.ndarray) -> None:
    off = np.abs(moved(a_ball, 4.0) - a_ball)
    sideways, forwards = (np.delete(off.max(axis=axes), range(5, 36)).max() for axes in ((1, 2), (0, 2)))
    assert sideways < 0.05
    assert forwards > 0.5


def test_a_head_that_lies_still_looks_as_it_is_and_more_motion_harms_more(a_ball: np.ndarray) -> None:
    harm = [np.sqrt(((moved(a_ball, mm) - a_ball) ** 2).mean()) for mm in (0.0, 0.5, 1.0, 2.0)]
    assert harm[0] < 1e-6
    assert (np.diff(harm) > 0).all()
    assert harm[2] == pytest.approx(2 * harm[1], rel=0.25)


def test_the_moving_head_lies_where_it_is_said_to_lie(a_ball: np.ndarray) -> None:
    places = np.indices(a_ball.shape)
    for seed in range(5):
        weights = moved(a_ball, 1.0, seed) ** 2
        centre = (places * weights).sum(axis=(1, 2, 3)) / weights.sum()
        np.testing.assert_allclose(centre, 20.0, atol=0.25)
