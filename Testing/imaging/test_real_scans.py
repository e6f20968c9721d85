"""The numbers that the documentation states, measured again on real scans."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.drift import Drift
from LongitudinalINRLib.imaging.mask import estimate_mask
from LongitudinalINRLib.imaging.morphology import closed
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import resample


@pytest.fixture(scope="module")
def labelled(real_data):
    scan = read_volume(real_data / "t1_labelled" / "T1w_brain.nii.gz")[0]
    return scan, read_labels(real_data / "t1_labelled" / "aseg.nii.gz")[0]


def points_mm(mask):
    return np.argwhere(mask.array)[::50] @ mask.affine[:3, :3].T + mask.affine[:3, 3]


def moved(scan, matrix, seed):
    """Carry a scan with cubic splines, unlike the linear interpolation that is tested, and add 2 % noise."""
    index = np.linalg.inv(scan.affine) @ np.linalg.inv(matrix) @ scan.affine
    values = ndimage.affine_transform(scan.array, index[:3, :3], index[:3, 3], order=3)
    noise = 0.02 * np.percentile(scan.array, 99) * np.random.default_rng(seed).standard_normal(scan.shape)
    return scan.with_array((values + noise).astype(np.float32))


@pytest.fixture(scope="module")
def pair(labelled):
    scan, labels = labelled
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", [4, -3, 5], degrees=True).as_matrix()
    matrix[:3, 3] = (3.0, -2.0, 4.0)
    return moved(scan, np.eye(4), 1), moved(scan, matrix, 2), labels.with_array(labels.array > 0), matrix


def test_a_known_motion_of_a_real_brain_is_found_to_a_hundredth_of_a_mm(pair):
    baseline, follow_up, mask, matrix = pair
    found = align(follow_up, baseline, mask, "rigid")
    difference = found.matrix - matrix
    errors_mm = np.linalg.norm(points_mm(mask) @ difference[:3, :3].T + difference[:3, 3], axis=1)
    assert errors_mm.mean() < 0.02
    assert found.similarity_after > 0.98
    assert found.warnings == []


def test_no_shading_is_invented_between_real_scans(pair):
    baseline, follow_up, mask, matrix = pair
    factor = Drift.between(follow_up, baseline, mask, matrix).on_grid(follow_up, matrix)
    within = resample(follow_up.with_array(factor), baseline, matrix).array[mask.array]
    assert np.sqrt(np.mean((within - 1) ** 2)) < 0.002


def test_the_estimated_mask_is_the_labelled_brain_with_its_sulci_closed(labelled):
    scan, labels = labelled
    brain = labels.array > 0
    hull = closed(brain, 6.0, 1.0)
    mask = estimate_mask(scan)[0].array
    assert 2 * (mask & brain).sum() / (mask.sum() + brain.sum()) > 0.90
    assert 2 * (mask & hull).sum() / (mask.sum() + hull.sum()) > 0.96


def test_two_raw_visits_of_a_patient_are_aligned_alike_in_both_directions(real_data):
    one, two = (read_volume(real_data / "ms_patient12" / f"study{visit}_T1w.nii.gz")[0] for visit in (1, 2))
    mask, other_mask = estimate_mask(one)[0], estimate_mask(two)[0]
    there, back = align(two, one, mask, "rigid"), align(one, two, other_mask, "rigid")
    difference = back.matrix @ there.matrix - np.eye(4)
    errors_mm = np.linalg.norm(points_mm(mask) @ difference[:3, :3].T + difference[:3, 3], axis=1)
    assert there.similarity_before < 0.5
    assert there.similarity_after > 0.9
    assert errors_mm.mean() < 0.15
