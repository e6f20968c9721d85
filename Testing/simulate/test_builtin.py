"""The built-in subject: a brain with roughly the right regions in the right places."""

from __future__ import annotations

import builtins

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import builtin_subject

PAIRS = [(2, 41), (3, 42), (4, 43), (10, 49), (11, 50), (12, 51), (13, 52), (17, 53), (18, 54), (8, 47)]


@pytest.fixture(scope="module")
def a_subject() -> tuple[Volume, Volume]:
    pytest.importorskip("nilearn", reason="the built-in subject needs the demo extra")
    return builtin_subject(4.0)


def millilitres(labels: Volume, number: int) -> float:
    return float((labels.array == number).sum() * labels.voxel_volume_ml)


def centre_mm(labels: Volume, number: int) -> np.ndarray:
    index = np.argwhere(labels.array == number).mean(axis=0)
    return labels.affine[:3, :3] @ index + labels.affine[:3, 3]


def test_scan_and_labels_share_a_grid_of_the_asked_voxels(a_subject: tuple[Volume, Volume]) -> None:
    t1, labels = a_subject
    assert t1.same_grid(labels)
    assert t1.voxel_sizes_mm == pytest.approx([4.0] * 3)
    assert (t1.array.dtype, labels.array.dtype) == (np.float32, np.int16)
    assert not labels.array[t1.array == 0].any()
    faces = np.ones(t1.shape, dtype=bool)
    faces[2:-2, 2:-2, 2:-2] = False
    assert not t1.array[faces].any()


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_left_and_right_are_mirror_images_on_their_sides(
    a_subject: tuple[Volume, Volume], left: int, right: int
) -> None:
    labels = a_subject[1]
    assert centre_mm(labels, left)[0] < -2.0
    assert centre_mm(labels, right) * [-1, 1, 1] == pytest.approx(centre_mm(labels, left), abs=3.0)
    assert millilitres(labels, left) == pytest.approx(millilitres(labels, right), rel=0.15)


@pytest.mark.parametrize(
    ("number", "least_ml", "most_ml"),
    [
        (2, 200, 350),
        (3, 250, 500),
        (4, 4, 15),
        (10, 4, 9),
        (17, 2.5, 5),
        (18, 1, 2.5),
        (8, 45, 90),
        (16, 18, 35),
    ],
)
def test_regions_have_the_size_of_an_adult_s(
    a_subject: tuple[Volume, Volume], number: int, least_ml: float, most_ml: float
) -> None:
    assert least_ml < millilitres(a_subject[1], number) < most_ml


def test_ventricles_are_darker_than_cortex_and_cortex_darker_than_white_matter(
    a_subject: tuple[Volume, Volume],
) -> None:
    t1, labels = a_subject
    ventricle, cortex, white = (
        t1.array[np.isin(labels.array, pair)].mean() for pair in ((4, 43), (3, 42), (2, 41))
    )
    assert ventricle < 0.8 * cortex < 0.72 * white


def test_voxels_finer_than_the_template_are_refused() -> None:
    with pytest.raises(InputError) as refusal:
        builtin_subject(0.5)
    assert refusal.value.code == "voxel-size"


def test_without_nilearn_the_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_nilearn(name: str, *rest: object) -> object:
        if name.startswith("nilearn"):
            raise ImportError("No module named 'nilearn'")
        return real_import(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_nilearn)
    with pytest.raises(InputError) as refusal:
        builtin_subject(8.0)
    assert refusal.value.code == "nilearn-missing"
    assert "pip install" in refusal.value.advice
