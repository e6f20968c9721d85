"""One scan saved twice is recognised whatever the file made of it; two scans never are one."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.copies import is_copy
from LongitudinalINRLib.imaging.series import Scan, Series
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject

BRIGHTEST = 255.0


def noisy(volume: Volume, seed: int, share: float = 0.02) -> Volume:
    noise = share * BRIGHTEST * np.random.default_rng(seed).normal(size=volume.shape)
    return volume.with_array(np.where(volume.array > 0, volume.array + noise, 0).astype(np.float32))


@pytest.fixture(scope="module")
def anatomy():
    return builtin_subject(4.0)[0]


@pytest.fixture(scope="module")
def a_scan(anatomy):
    return noisy(anatomy, 0)


def in_order(volume: Volume, codes: str) -> Volume:
    image = nib.Nifti1Image(volume.array, volume.affine)
    start, end = nib.io_orientation(volume.affine), nib.orientations.axcodes2ornt(tuple(codes))
    turned = image.as_reoriented(nib.orientations.ornt_transform(start, end))
    return Volume(np.asarray(turned.dataobj), turned.affine)


def moved(volume: Volume) -> Volume:
    affine = volume.affine.copy()
    affine[:3, 3] += (5.0, -3.0, 8.0)
    return Volume(volume.array, affine)


def bytes_of(array):
    return np.clip(array / np.percentile(array, 99.5) * 255, 0, 255).astype(np.uint8)


COPIES = {
    "whole numbers": lambda v: v.with_array(v.array.round().astype(np.int16)),
    "eight bits, clipped": lambda v: v.with_array(bytes_of(v.array)),
    "another slope and intercept": lambda v: v.with_array(0.37 * v.array - 12.0),
    "a curve of brightness": lambda v: v.with_array(np.clip(v.array, 0, None) ** 0.8),
    "another position in the header": moved,
    "another order of the axes": lambda v: in_order(v, "PSR"),
    "axes that run backwards": lambda v: in_order(v, "LPI"),
    "the sign of left and right lost": lambda v: Volume(v.array, np.diag([-1.0, 1, 1, 1]) @ v.affine),
    "flipped left to right": lambda v: v.with_array(v.array[::-1]),
    "flipped, in another order": lambda v: in_order(v.with_array(v.array[::-1]), "IAL"),
}


@pytest.mark.parametrize("make", COPIES.values(), ids=COPIES)
def test_a_copy_is_recognised(a_scan, make):
    assert is_copy(a_scan, make(a_scan))
    assert is_copy(make(a_scan), a_scan)


OTHERS = {
    "the same head in the same place again, hardly noisy": lambda anatomy: noisy(anatomy, 1, 0.005),
    "the same head again": lambda anatomy: noisy(anatomy, 1),
    "part of it": lambda anatomy: noisy(anatomy.with_array(anatomy.array[:-1]), 1),
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_another_scan_is_none(anatomy, make):
    assert not is_copy(noisy(anatomy, 0, 0.005), make(anatomy))


def test_constant_images_are_copies_only_where_they_are_equal(anatomy):
    flat = anatomy.with_array(np.ones(anatomy.shape))
    assert is_copy(flat, flat.with_array(flat.array.copy()))
    assert not is_copy(flat, anatomy)


@pytest.mark.parametrize("at", [(0.0, 12.0), (12.0, 36.0), (0.0, 36.0)])
def test_a_series_with_a_copy_at_any_two_times_is_refused(anatomy, at):
    scans = {month: noisy(anatomy, int(month)) for month in (0.0, 12.0, 36.0)}
    scans[at[1]] = scans[at[0]].with_array(scans[at[0]].array.round().astype(np.int16))
    with pytest.raises(InputError) as error:
        Series.validated([Scan(volume, month) for month, volume in scans.items()])
    assert error.value.code == "identical-scans"
    assert f"months {at[0]:g} and {at[1]:g}" in error.value.message
    assert error.value.expected
    assert error.value.found
    assert error.value.advice
