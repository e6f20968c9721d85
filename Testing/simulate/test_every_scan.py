"""What is new in every scan: waves of intensity, the skull strip, texture of the scanner, thick slices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.strip import jittered_strip
from LongitudinalINRLib.simulate.subject import simulate_subject
from LongitudinalINRLib.simulate.texture import denoised

Head = tuple[Volume, Volume]
UNCHANGED = {"rates_percent_per_year": {}, "smoothness_mm": 12.0}
PERFECT = {"noise": 0.0, "drift": 0.0, "shift_mm": 0.0, "turn_degrees": 0.0}


def test_drift_of_a_wavelength_has_that_wavelength_and_keeps_its_bound() -> None:
    places = 4.0 * np.indices((50, 50, 50)).astype(float)
    support = np.ones((50, 50, 50), dtype=bool)
    scanner = Scanner(drift=0.03, drift_wavelength_mm=25.0)
    log_field = np.log(scanner.drift_field(places, support, 80.0, np.random.default_rng(0)))
    assert np.abs(log_field).max() == pytest.approx(0.03)
    window = np.hanning(50)
    power = np.abs(np.fft.fftn(log_field * np.einsum("i,j,k->ijk", window, window, window))) ** 2
    k = np.sqrt(sum(f**2 for f in np.meshgrid(*[np.fft.fftfreq(50, 4.0)] * 3, indexing="ij")))
    near = np.abs(1.0 / np.maximum(k, 1e-9) - 25.0) < 7.0
    assert power[near].sum() > 0.9 * power.sum()


@pytest.fixture(scope="module")
def a_brain() -> tuple[np.ndarray, np.ndarray]:
    """A ball of 40 mm radius at 2 mm, with a sulcus."""
    places = 2.0 * (np.indices((60, 60, 60)) - 29.5)
    ball = (np.linalg.norm(places, axis=0) < 40) & ~((np.abs(places[0]) < 3) & (places[2] > 10))
    return ball, np.diag([2.0, 2.0, 2.0, 1.0])


def radii_mm(mask: np.ndarray) -> np.ndarray:
    """How far a mask reaches from its middle in many directions."""
    directions = np.random.default_rng(9).normal(size=(3, 400))
    directions /= np.linalg.norm(directions, axis=0)
    along = np.arange(0.0, 58.0, 0.25)
    index = 29.5 + (directions[:, :, None] * along) / 2.0
    inside = ndimage.map_coordinates(mask.astype(float), index, order=1) > 0.5
    return along[inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)]


def test_the_strip_leaves_its_border_by_a_smooth_random_amount(
    a_brain: tuple[np.ndarray, np.ndarray],
) -> None:
    plain, one, other = (
        radii_mm(jittered_strip(*a_brain, jitter_mm, np.random.default_rng(seed)))
        for jitter_mm, seed in ((1e-6, 0), (1.0, 1), (1.0, 2))
    )
    assert plain.mean() == pytest.approx(40.0, abs=0.6)
    assert plain.std() < 0.7
    off = np.stack([one - plain, other - plain])
    assert 0.6 < off.std() < 1.5
    assert abs(np.corrcoef(off)[0, 1]) < 0.35
    assert np.abs(off).max() <= 4.5


def test_every_scan_is_stripped_and_nothing_else_happens_to_it(a_finer_head: Head) -> None:
    settings = {**UNCHANGED, **PERFECT}
    whole = simulate_subject(*a_finer_head, [0, 12], **settings)
    stripped = simulate_subject(*a_finer_head, [0, 12], strip_jitter_mm=1.5, **settings)
    gone = [(a.array != 0) & (b.array == 0) for a, b in zip(whole.scans, stripped.scans, strict=True)]
    assert all(0.005 < lost.sum() / (a_finer_head[1].array > 0).sum() < 0.2 for lost in gone)
    assert (gone[0] != gone[1]).any()
    for lost, a, b in zip(gone, whole.scans, stripped.scans, strict=True):
        np.testing.assert_array_equal(a.array[~lost], b.array[~lost])


@pytest.fixture(scope="module")
def a_noisy_head() -> Head:
    """Two tissues with a flat border and noise of 5."""
    affine = np.diag([1.5, 1.5, 1.5, 1.0])
    labels = np.zeros((40, 40, 40), dtype=np.int16)
    labels[5:20, 5:35, 5:35], labels[20:35, 5:35, 5:35] = 2, 3
    noise = np.random.default_rng(0).normal(scale=5.0, size=labels.shape)
    t1 = np.select([labels == 2, labels == 3], [150.0, 90.0], 0.0) + noise * (labels > 0)
    return Volume(t1.astype(np.float32), affine), Volume(labels, affine)


def test_denoising_takes_the_noise_and_leaves_the_border(a_noisy_head: Head) -> None:
    t1 = a_noisy_head[0]
    smooth, taken = denoised(t1, t1.array != 0)
    assert taken == pytest.approx(5.0, rel=0.15)
    assert smooth.array[8:17, 8:32, 8:32].std() < 2.0
    step = smooth.array[19, 8:32, 8:32].mean() - smooth.array[20, 8:32, 8:32].mean()
    assert step > 0.9 * 60.0
    np.testing.assert_array_equal(smooth.array == 0, t1.array == 0)


def test_texture_stays_in_the_scanner_while_the_head_moves(a_noisy_head: Head) -> None:
    settings = {**UNCHANGED, **PERFECT, "shift_mm": 6.0, "seed": 1}
    as_it_is = simulate_subject(*a_noisy_head, [0, 12], **settings)
    replaced = simulate_subject(*a_noisy_head, [0, 12], denoise=True, **settings)
    shift = np.round(replaced.baseline_to_scan[1][:3, 3] / 1.5).astype(int)
    assert np.abs(shift).max() >= 1
    middle = (slice(9, 15), slice(11, 29), slice(11, 29))
    along = tuple(slice(s.start + d, s.stop + d) for s, d in zip(middle, shift, strict=True))

    def likeness(scans: tuple[Volume, ...], there: tuple[slice, ...]) -> float:
        return float(np.corrcoef(scans[0].array[middle].ravel(), scans[1].array[there].ravel())[0, 1])

    assert likeness(as_it_is.scans, along) > 0.3 > abs(likeness(as_it_is.scans, middle))
    assert likeness(replaced.scans, middle) > 0.8
    assert abs(likeness(replaced.scans, along)) < 0.5 * likeness(replaced.scans, middle)
    assert replaced.scans[0].array[middle].std() == pytest.approx(5.0, rel=0.35)


def test_thick_slices_are_means_of_thin_ones_and_as_noisy(a_head: Head) -> None:
    settings = {**UNCHANGED, **PERFECT, "shift_mm": 5.0}
    thin = simulate_subject(*a_head, [0, 12], **settings)
    thick = simulate_subject(*a_head, [0, 12], slice_mm=12.0, **settings)
    for a, b in zip(thin.scans, thick.scans, strict=True):
        assert b.voxel_sizes_mm.tolist() == [6.0, 6.0, 12.0]
        np.testing.assert_allclose(b.affine[:3, 3] - a.affine[:3, 3], [0.0, 0.0, 3.0])
        means = 0.5 * (a.array[:, :, ::2] + a.array[:, :, 1::2])
        whole = (a.array[:, :, ::2] != 0) & (a.array[:, :, 1::2] != 0)
        np.testing.assert_allclose(b.array[whole], means[whole], rtol=1e-5)
    for volumes in (thick.labels, thick.truth_jacobian, thick.truth_rate, thick.truth_displacement):
        assert all(volume.same_grid(thick.scans[0]) for volume in volumes)
    noisy = simulate_subject(*a_head, [0, 12], slice_mm=12.0, **{**settings, "noise": 0.02})
    bright = thick.scans[1].array > 100
    expected = 0.02 * np.percentile(a_head[0].array[a_head[0].array > 0], 99)
    assert (noisy.scans[1].array - thick.scans[1].array)[bright].std() == pytest.approx(expected, rel=0.1)
