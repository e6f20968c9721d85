"""A simulated subject: what its scans show is what its truth says."""

from __future__ import annotations

from collections.abc import Callable

import nibabel as nib
import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.subject import SimulatedSubject, simulate_subject

SMOOTHNESS_MM = 12.0
PERFECT = {"noise": 0.0, "drift": 0.0, "shift_mm": 0.0, "turn_degrees": 0.0}
RATES = {4: 12.0, 43: 8.0, 2: -4.0, 41: -2.0}
Head = tuple[Volume, Volume]


def simulated(head: Head, months: tuple[float, ...] = (0.0, 24.0), **settings: object) -> SimulatedSubject:
    settings = {"rates_percent_per_year": RATES, "smoothness_mm": SMOOTHNESS_MM, **settings}
    return simulate_subject(*head, months, **settings)


def at(volume: Volume, places: np.ndarray, order: int = 3) -> np.ndarray:
    """Look a volume up at places in RAS mm."""
    inverse = np.linalg.inv(volume.affine)
    return ndimage.map_coordinates(volume.array, inverse[:3, :3] @ places + inverse[:3, 3:], order=order)


def test_a_perfect_scanner_and_no_change_give_the_same_scan_again(a_head: Head) -> None:
    subject = simulated(a_head, rates_percent_per_year={}, **PERFECT)
    for scan, labels in zip(subject.scans, subject.labels, strict=True):
        np.testing.assert_allclose(scan.array, a_head[0].array, atol=1e-4)
        np.testing.assert_array_equal(labels.array, a_head[1].array)
    np.testing.assert_array_equal(subject.truth_jacobian[1].array, 1.0)
    assert not subject.truth_displacement[1].array.any()
    assert not subject.truth_rate[1].array.any()


def test_at_baseline_the_truth_is_the_identity_that_is_about_to_change(a_head: Head) -> None:
    subject = simulated(a_head)
    np.testing.assert_array_equal(subject.truth_jacobian[0].array, 1.0)
    assert not subject.truth_displacement[0].array.any()
    assert subject.truth_rate[0].array[a_head[1].array == 4].mean() == pytest.approx(
        np.log(1.12) / 12, rel=0.1
    )


def test_the_tissue_of_a_baseline_point_lies_where_truth_and_head_position_put_it(a_head: Head) -> None:
    t1, labels = a_head
    subject = simulated(a_head, noise=0.0, drift=0.0, shift_mm=6.0, turn_degrees=8.0)
    inside = ndimage.binary_erosion(labels.array > 0, iterations=3)
    places = t1.affine[:3, :3] @ np.argwhere(inside).T + t1.affine[:3, 3:]
    moved = places + subject.truth_displacement[1].array[inside].T.astype(float)
    matrix = subject.baseline_to_scan[1]
    in_scan = matrix[:3, :3] @ moved + matrix[:3, 3:]
    assert np.linalg.norm(in_scan - places, axis=0).max() > 3.0
    difference = at(subject.scans[1], in_scan) - t1.array[inside]
    unmoved = at(subject.scans[1], places) - t1.array[inside]
    assert np.sqrt((difference**2).mean()) < 0.1 * np.sqrt((unmoved**2).mean())
    same = at(subject.labels[1], in_scan, order=0) == labels.array[inside]
    assert same.mean() > 0.95 > (at(subject.labels[1], places, order=0) == labels.array[inside]).mean()


def test_the_strip_cuts_the_brain_of_a_head_that_moved_and_does_not_darken_its_rim(a_head: Head) -> None:
    t1, labels = a_head
    even = t1.with_array(np.where(t1.array > 0, 100.0, 0.0).astype(np.float32))
    scan = simulated((even, labels), noise=0.0, drift=0.0, shift_mm=6.0, turn_degrees=8.0).scans[1].array
    assert (scan > 0).sum() == pytest.approx((t1.array > 0).sum(), rel=0.05)
    np.testing.assert_allclose(scan[scan != 0], 100.0, atol=0.1)


def test_regions_of_the_follow_up_have_the_volume_the_truth_gives_them(a_finer_head: Head) -> None:
    subject = simulated(a_finer_head, (0.0, 60.0), shift_mm=5.0, turn_degrees=15.0)
    # Both sides together and the head turned: planes along the grid jump by whole layers of voxels.
    for pair, tolerance in (((2, 41), 0.02), ((4, 43), 0.06)):
        before, after = (np.isin(volume.array, pair).sum() for volume in subject.labels)
        true = subject.truth_jacobian[1].array[np.isin(a_finer_head[1].array, pair)].mean()
        assert abs(true - 1) > 0.09
        assert after / before == pytest.approx(true, abs=tolerance)


def test_noise_is_independent_in_every_scan_the_baseline_included(a_head: Head) -> None:
    noisy = simulated(a_head, noise=0.02, drift=0.0)
    clean = simulated(a_head, noise=0.0, drift=0.0)
    bright = (a_head[1].array == 2) & (clean.scans[1].array > 100)
    noise = [(a.array - b.array)[bright] for a, b in zip(noisy.scans, clean.scans, strict=True)]
    expected = 0.02 * np.percentile(a_head[0].array[a_head[0].array > 0], 99)
    assert [n.std() for n in noise] == pytest.approx([expected] * 2, rel=0.08)
    assert abs(np.corrcoef(noise[0], noise[1])[0, 1]) < 0.1


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(a_head: Head) -> None:
    first, again, other = simulated(a_head, seed=7), simulated(a_head, seed=7), simulated(a_head, seed=8)
    for name in ("scans", "labels", "truth_jacobian", "truth_displacement", "truth_rate"):
        np.testing.assert_array_equal(getattr(first, name)[1].array, getattr(again, name)[1].array)
    assert (first.scans[0].array != other.scans[0].array).any()
    assert (first.truth_jacobian[1].array != other.truth_jacobian[1].array).any()
    assert (first.baseline_to_scan[1] != other.baseline_to_scan[1]).any()


def test_a_visit_is_the_same_whichever_other_visits_there_are(a_head: Head) -> None:
    alone, among = simulated(a_head, (0.0, 24.0)), simulated(a_head, (0.0, 11.0, 24.0))
    np.testing.assert_allclose(among.scans[2].array, alone.scans[1].array, atol=0.05)
    np.testing.assert_allclose(among.baseline_to_scan[2], alone.baseline_to_scan[1])


def lia(volume: Volume) -> Volume:
    codes = nib.orientations.axcodes2ornt(("L", "I", "A"))
    image = nib.Nifti1Image(volume.array, volume.affine).as_reoriented(
        nib.orientations.ornt_transform(nib.orientations.io_orientation(volume.affine), codes)
    )
    return Volume(np.asarray(image.dataobj), image.affine)


def ras(volume: Volume) -> Volume:
    image = nib.as_closest_canonical(nib.Nifti1Image(volume.array, volume.affine))
    return Volume(np.asarray(image.dataobj), image.affine)


def test_the_storage_order_does_not_matter(a_head: Head) -> None:
    straight = simulated(a_head, noise=0.0)
    turned = simulated((lia(a_head[0]), lia(a_head[1])), noise=0.0)
    back = ras(turned.truth_jacobian[1])
    np.testing.assert_allclose(back.affine, a_head[0].affine)
    np.testing.assert_allclose(back.array, straight.truth_jacobian[1].array, atol=1e-6)
    np.testing.assert_allclose(
        ras(turned.truth_displacement[1]).array, straight.truth_displacement[1].array, atol=1e-5
    )
    np.testing.assert_allclose(turned.baseline_to_scan[1], straight.baseline_to_scan[1], atol=1e-9)
    inside = ndimage.binary_erosion(a_head[1].array > 0, iterations=2)
    np.testing.assert_allclose(ras(turned.scans[1]).array[inside], straight.scans[1].array[inside], atol=1e-2)


def test_an_oblique_scan_changes_in_its_own_frame(a_head: Head, oblique: Callable[[Head], Head]) -> None:
    settings = {**PERFECT, "variation": 0.0}
    straight, turned = simulated(a_head, **settings), simulated(oblique(a_head), **settings)
    rotation = turned.scans[0].affine[:3, :3] @ np.linalg.inv(a_head[0].affine[:3, :3])
    np.testing.assert_allclose(turned.truth_jacobian[1].array, straight.truth_jacobian[1].array, atol=1e-5)
    np.testing.assert_allclose(
        turned.truth_displacement[1].array, straight.truth_displacement[1].array @ rotation.T, atol=1e-5
    )
    np.testing.assert_allclose(turned.scans[1].array, straight.scans[1].array, atol=1e-2)


def test_thick_slices_meet_the_same_rates(a_head: Head) -> None:
    thick = [Volume(v.array[:, :, ::2], v.affine @ np.diag([1.0, 1.0, 2.0, 1.0])) for v in a_head]
    subject = simulated((thick[0], thick[1]), (0.0, 12.0))
    found = {n: 100 * (subject.truth_jacobian[1].array[thick[1].array == n].mean() - 1) for n in RATES}
    assert found == pytest.approx(RATES, abs=0.03)


def test_progress_is_told_from_start_to_end(a_head: Head) -> None:
    told: list[float] = []
    simulated(a_head, on_progress=lambda fraction, text: told.append(fraction))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
