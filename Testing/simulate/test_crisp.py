"""The sharp subject: hard tissue, regions that lie in their tissue, and room for a head that moves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.crisp import crisp_subject

BOX_MM = ((-78.0, 30.0), (-30.0, 4.0), (-30.0, 24.0))
FLUID, GREY, WHITE = 250.0, 620.0, 1000.0


@pytest.fixture(scope="module")
def a_subject() -> tuple[Volume, Volume]:
    pytest.importorskip("nilearn", reason="the sharp subject needs the demo extra")
    return crisp_subject(BOX_MM)


def test_scan_and_labels_fill_the_asked_box_with_voxels_of_a_millimetre(
    a_subject: tuple[Volume, Volume],
) -> None:
    t1, labels = a_subject
    assert t1.same_grid(labels)
    assert (t1.array.dtype, labels.array.dtype) == (np.float32, np.int16)
    assert t1.shape == (109, 35, 55)
    corners = t1.affine @ [[0, 108], [0, 34], [0, 54], [1, 1]]
    assert corners[:3].tolist() == [list(pair) for pair in BOX_MM]


def test_nothing_is_labelled_where_a_head_that_moves_leaves_the_box(a_subject: tuple[Volume, Volume]) -> None:
    labels = a_subject[1].array.copy()
    assert {4, 10, 17, 18, 53} < set(np.unique(labels))
    labels[5:-5, 5:-5, 5:-5] = 0
    assert not labels.any()


@pytest.mark.parametrize(
    ("numbers", "intensity"), [((4, 43), FLUID), ((3, 42), GREY), ((2, 41), WHITE), ((10, 49), 800.0)]
)
def test_a_region_has_the_intensity_of_its_tissue(
    a_subject: tuple[Volume, Volume], numbers: tuple[int, int], intensity: float
) -> None:
    t1, labels = a_subject
    assert np.median(t1.array[np.isin(labels.array, numbers)]) == pytest.approx(intensity, rel=0.15)


def test_only_voxels_on_a_border_are_a_mixture(a_subject: tuple[Volume, Volume]) -> None:
    t1, labels = a_subject
    inside = np.isin(labels.array, (2, 3))
    pure = np.min([np.abs(t1.array / tissue - 1.0) for tissue in (GREY, WHITE)], axis=0) < 0.08
    deep = ndimage.distance_transform_edt(inside & (labels.array == ndimage.median_filter(labels.array, 3)))
    assert pure[inside].mean() > 0.7
    assert pure[inside & (deep > 3)].mean() > 0.85


def test_fluid_lies_between_the_brain_and_what_was_stripped_off(a_subject: tuple[Volume, Volume]) -> None:
    t1 = a_subject[0].array
    rim = (t1 > 0) & ndimage.binary_dilation(t1 == 0)
    assert rim.sum() > 1000
    assert t1[rim].max() < 0.5 * (FLUID + GREY)
    assert not a_subject[1].array[rim].any()


def test_it_is_the_same_subject_every_time(a_subject: tuple[Volume, Volume]) -> None:
    for first, again in zip(a_subject, crisp_subject(BOX_MM), strict=True):
        np.testing.assert_array_equal(first.array, again.array)
