"""Noise and bad scans are what they say they are."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.accuracy.experiments.degraded import (
    moved_during,
    of_another_person,
    other_contrast,
    wrong_month,
)
from benchmarks.accuracy.experiments.noise import noisy
from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (24, 30, 26)
FLUID, GREY, WHITE = 20.0, 60.0, 100.0


@pytest.fixture
def labels():
    """Slabs of ventricle, cortex and white matter in an empty box."""
    array = np.zeros(SHAPE, np.int16)
    for number, label in enumerate((4, 3, 2)):
        array[4 + 5 * number : 9 + 5 * number, 4:-4, 4:-4] = label
    return Volume(array, np.eye(4))


@pytest.fixture
def scan(labels):
    levels = np.zeros(5, np.float32)
    levels[[4, 3, 2]] = FLUID, GREY, WHITE
    return labels.with_array(levels[labels.array])


@pytest.fixture
def subject(scan, labels):
    months = (0.0, 12.0, 24.0, 36.0)
    scans = {month: scan.with_array(scan.array + np.float32(month)) for month in months}
    matrices = {month: np.diag([1.0, 1.0, 1.0, 1.0]) * month for month in months[1:]}
    truth = {month: scan.with_array(np.full(SHAPE, 1.02 ** (month / 12))) for month in months}
    return Prepared("someone", scans, dict.fromkeys(months, labels), matrices, truth)


def test_noise_goes_to_the_follow_ups_alone_scaled_and_clipped(subject):
    changed = noisy(subject, 0.2, seed=1)
    assert changed.scans[0.0] is subject.scans[0.0]
    inside = subject.labels[0.0].array == 3  # the middle of the range: hardly ever clipped
    for month in subject.follow_up_months:
        array = changed.scans[month].array
        assert (array.min(), array.max()) == (-1.0, 1.0)
        clean = 2.0 * GREY / WHITE - 1.0
        assert array[inside].mean() == pytest.approx(clean, abs=0.03)
        assert array[inside].std() == pytest.approx(0.2, rel=0.05)


def test_the_same_seed_gives_the_same_noise_and_every_scan_its_own(subject):
    first, again, other = (noisy(subject, 0.2, seed).scans for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[12.0].array, again[12.0].array)
    assert np.corrcoef(first[12.0].array[4:9].ravel(), other[12.0].array[4:9].ravel())[0, 1] < 0.95
    assert not np.array_equal(first[12.0].array, first[24.0].array)


def test_another_scanner_brings_grey_a_fifth_nearer_to_white_beside_its_curve(scan, labels):
    changed = other_contrast(scan, labels).array
    found = {label: float(np.median(changed[labels.array == label])) for label in (4, 3, 2)}
    curved = {level: WHITE * (level / WHITE) ** 0.85 for level in (FLUID, GREY, WHITE)}
    assert found[4] == pytest.approx(curved[FLUID], rel=1e-5)
    assert found[2] == pytest.approx(curved[WHITE], rel=1e-5)
    assert found[3] == pytest.approx(curved[GREY] + 0.2 * (curved[WHITE] - curved[GREY]), rel=1e-5)


def test_motion_blurs_and_leaves_a_ghost_a_third_of_the_way_along(scan):
    point = scan.with_array(np.zeros(SHAPE, np.float32))
    point.array[12, 15, 13] = 1000.0
    changed = moved_during(point).array
    assert changed.sum() == pytest.approx(1000.0, rel=1e-3)
    ghost = changed[12, (15 + 10) % 30, 13] / changed[12, 15, 13]
    assert ghost == pytest.approx(0.05 / 0.9, rel=1e-3)
    line = changed[12, 15]
    variance_mm2 = np.average((np.arange(26) - 13.0) ** 2, weights=line)
    assert variance_mm2 == pytest.approx(1.2**2, rel=0.02)


def test_another_person_is_elsewhere_by_several_mm(scan, labels):
    changed = of_another_person(scan, labels).array
    assert np.corrcoef(changed.ravel(), scan.array.ravel())[0, 1] < 0.9


def test_a_wrong_month_moves_scan_labels_and_alignment_together(subject):
    changed = wrong_month(subject).subject
    assert changed.follow_up_months == (6.0, 12.0, 36.0)
    assert changed.scans[6.0] is subject.scans[24.0]
    assert changed.matrices[6.0] is subject.matrices[24.0]
    np.testing.assert_allclose(changed.jacobians[6.0].array, 1.02**0.5)
