"""Alignment finds a known motion of a brain whose brightness is a formula: interpolation hides no error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.volume import Volume

NOISE = 2.0  # of a brightness of 100
GRIDS = {
    "RAS": {},
    "LIA": {"order": (0, 2, 1), "signs": (-1, -1, 1)},
    "oblique": {"order": (1, 2, 0), "signs": (1, -1, -1), "tilt": (0.2, -0.1, 0.3)},
}


def brain_of(scan):
    return scan.with_array(ndimage.binary_opening(scan.array > 50))


def errors_mm(found, true, mask):
    points = np.argwhere(mask.array) @ mask.affine[:3, :3].T + mask.affine[:3, 3]
    return np.linalg.norm(points @ (found - true)[:3, :3].T + (found - true)[:3, 3], axis=1)


@pytest.mark.parametrize("orientation", GRIDS)
def test_a_motion_is_found_whatever_the_order_of_the_axes(known_brain, orientation):
    motion = known_brain.motion((0.15, -0.1, 0.2), (6.0, -9.0, 5.0))
    baseline = known_brain.scanned(known_brain.grid(**GRIDS[orientation]), noise=NOISE, seed=1)
    follow_up = known_brain.scanned(known_brain.grid(tilt=(-0.1, 0.1, 0)), motion, NOISE, seed=2)
    alignment = align(follow_up, baseline, brain_of(baseline), "rigid")
    assert errors_mm(alignment.matrix, motion, brain_of(baseline)).mean() < 0.05
    assert alignment.similarity_after > 0.95 > alignment.similarity_before
    assert alignment.warnings == []


def test_thick_slices_do_not_spoil_it(known_brain):
    motion = known_brain.motion((0.05, 0.08, -0.06), (2.0, 3.0, -4.0))
    baseline = known_brain.scanned(known_brain.grid(voxel_mm=(2.0, 2.0, 6.0)), noise=NOISE, seed=1)
    follow_up = known_brain.scanned(
        known_brain.grid(tilt=(0.1, 0, 0), voxel_mm=(2.0, 2.0, 6.0)), motion, NOISE, 2
    )
    alignment = align(follow_up, baseline, brain_of(baseline), "rigid")
    assert errors_mm(alignment.matrix, motion, brain_of(baseline)).mean() < 0.1


def test_a_lost_origin_is_made_up_for(known_brain):
    motion = known_brain.motion((0.1, 0.0, 0.05), (0.0, 0.0, 0.0))
    baseline = known_brain.scanned(known_brain.grid())
    follow_up = known_brain.scanned(known_brain.grid(), motion, NOISE)
    elsewhere = np.eye(4)
    elsewhere[:3, 3] = (110.0, -90.0, 60.0)
    displaced = Volume(follow_up.array, elsewhere @ follow_up.affine)
    alignment = align(displaced, baseline, brain_of(baseline), "rigid")
    assert errors_mm(alignment.matrix, elsewhere @ motion, brain_of(baseline)).mean() < 0.1


def test_an_affine_alignment_finds_a_stretch(known_brain):
    stretch = known_brain.motion((0.1, 0.05, 0.0), (2.0, 0.0, 1.0)) @ np.diag([1.04, 0.99, 1.02, 1.0])
    baseline = known_brain.scanned(known_brain.grid(), noise=NOISE, seed=1)
    follow_up = known_brain.scanned(known_brain.grid(), stretch, NOISE, seed=2)
    alignment = align(follow_up, baseline, brain_of(baseline), "affine")
    assert errors_mm(alignment.matrix, stretch, brain_of(baseline)).mean() < 0.1
    assert alignment.determinant == pytest.approx(1.04 * 0.99 * 1.02, abs=0.004)


def test_what_moves_outside_the_mask_does_not_pull(known_brain):
    """A jaw: a bright block under the brain that moves by 12 mm while the brain stays."""
    grid = known_brain.grid()
    baseline = known_brain.scanned(grid, noise=NOISE, seed=1)
    follow_up = known_brain.scanned(grid, noise=NOISE, seed=2)
    mask = brain_of(baseline)
    baseline.array[18:30, 30:42, 1:7] = 300
    follow_up.array[18:30, 34:46, 1:7] = 300
    alignment = align(follow_up, baseline, mask, "rigid")
    assert errors_mm(alignment.matrix, np.eye(4), mask).mean() < 0.05


def test_the_same_scans_give_the_same_bits(known_brain):
    motion = known_brain.motion((0.1, 0.0, 0.05), (3.0, 0.0, 0.0))
    baseline = known_brain.scanned(known_brain.grid(), noise=NOISE, seed=1)
    follow_up = known_brain.scanned(known_brain.grid(), motion, NOISE, seed=2)
    one, two = (align(follow_up, baseline, brain_of(baseline)).matrix for _ in range(2))
    assert one.tobytes() == two.tobytes()


def test_a_mask_that_the_follow_up_does_not_show_is_explained(known_brain):
    baseline = known_brain.scanned(known_brain.grid())
    follow_up = known_brain.scanned(known_brain.grid())
    corner = Volume(follow_up.array[:12, :12, :12] + 1, follow_up.affine)
    mask = baseline.array > 50
    mask[:30] = False
    with pytest.raises(InputError) as error:
        align(corner, baseline, baseline.with_array(mask), "rigid")
    assert error.value.code == "alignment-failed"


def test_an_alignment_that_makes_things_worse_is_told(known_brain, monkeypatch):
    baseline = known_brain.scanned(known_brain.grid())
    follow_up = known_brain.scanned(known_brain.grid(), noise=NOISE)
    astray = known_brain.motion((0.0, 0.0, 0.0), (8.0, 0.0, 0.0))
    monkeypatch.setattr("LongitudinalINRLib.imaging.registration.Search.best_matrix", lambda *_: astray)
    alignment = align(follow_up, baseline, brain_of(baseline), "rigid")
    np.testing.assert_array_equal(alignment.matrix, astray)
    assert "less alike" in alignment.warnings[0]
