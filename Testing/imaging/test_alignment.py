"""Alignment against known motion, and what is warned about."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.intensity import match_intensity, normalise
from LongitudinalINRLib.imaging.registration import Search
from LongitudinalINRLib.imaging.volume import Volume

MOTION = np.eye(4)
MOTION[:3, :3] = Rotation.from_rotvec([0.03, -0.02, 0.04]).as_matrix()
MOTION[:3, 3] = (4.0, -3.0, 2.0)


def moved(head, matrix, noise=2.0):
    """Return the head after a motion: matrix takes baseline RAS mm to its own."""
    index = np.indices(head.shape).reshape(3, -1)
    mm = head.affine @ np.vstack([index, np.ones(index.shape[1])])
    source = np.linalg.inv(head.affine) @ np.linalg.inv(matrix) @ mm
    values = ndimage.map_coordinates(head.array, source[:3], order=3).reshape(head.shape)
    values += np.random.default_rng(3).normal(scale=noise, size=head.shape)
    return head.with_array(values.astype(np.float32))


def mean_error_mm(found, true, brain):
    mm = np.argwhere(brain.array) @ brain.affine[:3, :3].T + brain.affine[:3, 3]
    difference = mm @ (found - true)[:3, :3].T + (found - true)[:3, 3]
    return np.linalg.norm(difference, axis=1).mean()


def test_rigid_motion_is_found_to_a_tenth_of_a_voxel(a_head, a_brain):
    alignment = align(moved(a_head, MOTION), a_head, a_brain, "rigid")
    assert mean_error_mm(np.eye(4), MOTION, a_brain) > 3
    assert mean_error_mm(alignment.matrix, MOTION, a_brain) < 0.3
    assert alignment.determinant == pytest.approx(1, abs=1e-6)
    assert alignment.similarity_after > 0.8 > alignment.similarity_before
    assert alignment.warnings == []


def test_the_same_scans_give_the_same_matrix(a_head, a_brain):
    first, second = (align(moved(a_head, MOTION), a_head, a_brain, "rigid").matrix for _ in range(2))
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_an_affine_alignment_that_takes_up_growth_is_warned_about(a_head, a_brain):
    grown = np.diag([1.06, 1.06, 1.06, 1.0])
    alignment = align(moved(a_head, grown), a_head, a_brain, "affine")
    assert 1.03 < alignment.determinant < 1.25
    assert any("hide" in text for text in alignment.warnings)


def test_no_alignment_is_the_identity(a_head, a_brain):
    alignment = align(moved(a_head, MOTION), a_head, a_brain, "none")
    np.testing.assert_array_equal(alignment.matrix, np.eye(4))
    assert alignment.similarity_after == alignment.similarity_before


def test_scans_that_have_nothing_in_common_are_warned_about(a_head, a_brain):
    noise = np.random.default_rng(5).normal(size=a_head.shape).astype(np.float32)
    alignment = align(a_head.with_array(noise), a_head, a_brain, "rigid")
    assert alignment.similarity_after < 0.3
    assert alignment.warnings


def test_alignment_can_be_cancelled(a_head, a_brain):
    with pytest.raises(Cancelled):
        align(moved(a_head, MOTION), a_head, a_brain, "rigid", should_stop=lambda: True)


def test_nothing_of_the_scans_stays_in_memory_after_a_search(a_head, a_brain):
    search = Search(a_head, a_head, a_brain, lambda: False)
    search.best_matrix("rigid")
    gone = weakref.ref(search)
    del search
    gc.collect()
    assert gone() is None


def test_a_smooth_drift_between_scans_is_removed_and_none_is_invented(a_head, a_brain):
    index = np.indices(a_head.shape) / np.array(a_head.shape)[:, None, None, None]
    drift = np.exp(0.16 * (index[0] - index[1] * index[2])).astype(np.float32)
    follow_up = moved(a_head, np.eye(4))

    def left(scan):
        ratio = match_intensity(scan, a_head, a_brain, np.eye(4)).array / follow_up.array
        inner = ndimage.binary_erosion(a_brain.array, iterations=2) & (follow_up.array > 50)
        return np.log(ratio[inner] / np.median(ratio[inner])).std()

    assert np.log(drift[a_brain.array]).std() > 0.02
    assert left(follow_up.with_array(follow_up.array * drift)) < 0.01
    assert left(follow_up) < 0.01


def test_normalising_does_not_depend_on_the_scanners_units(a_head, a_brain):
    other = Volume(a_head.array * 37 + 0, a_head.affine)
    one, two = normalise(a_head, a_brain).array, normalise(other, a_brain).array
    assert one.dtype == np.float32
    np.testing.assert_allclose(one, two, atol=1e-4)
