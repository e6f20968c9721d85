"""What the small file of a registration gives back is the registration."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.cohort.maps.engines import register
from LongitudinalINRLib.cohort.maps.placement import Placement
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.itk import transform_to_itk
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

AWAY = np.array([[0.9, 0.1, 0.0, 12.0], [-0.1, 1.05, 0.05, -30.0], [0.0, 0.0, 0.95, 8.0], [0, 0, 0, 1]])
LARGEST_ERROR_MM = 0.2
MEAN_ERROR_OF_REGISTRATION_MM = 1.5


@pytest.fixture
def a_deformation(coarse) -> sitk.Transform:
    """Return waves of 4 mm on nodes of 2 mm, as the demons leave them, before a linear transform."""
    size = (np.ceil(np.array(coarse.brain.shape) / 2) + 1).astype(int)
    k, j, i = np.indices(size[::-1])
    waves = np.stack([4.0 * np.sin(each / 9.0) for each in (i, j, k)], -1)
    field = sitk.GetImageFromArray(waves, isVector=True)
    field.SetSpacing((2.0, 2.0, 2.0))
    field.SetDirection((-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0))
    origin = coarse.brain.affine[:3, 3]
    field.SetOrigin((-origin[0], -origin[1], origin[2]))
    return sitk.CompositeTransform([transform_to_itk(AWAY), sitk.DisplacementFieldTransform(field)])


def test_a_placement_is_the_transform_within_a_fifth_of_a_millimetre_in_a_hundred_kilobytes(
    coarse, a_deformation
):
    content = Placement.of(a_deformation, coarse.brain).to_bytes()
    found = Placement.from_bytes(content)(coarse.points_mm)

    flip = np.array([-1.0, -1.0, 1.0])
    true = (
        np.array([a_deformation.TransformPoint(point.tolist()) for point in coarse.points_mm * flip]) * flip
    )
    assert np.linalg.norm(found - true, axis=1).max() < LARGEST_ERROR_MM
    assert len(content) < 120_000


def test_a_template_that_was_turned_and_stretched_is_found_where_it_is(coarse):
    grid = Volume(np.zeros((80, 90, 76), np.uint8), np.diag([2.5, 2.5, 2.5, 1.0]))
    grid.affine[:3, 3] = (-88.0, -150.0, -80.0)
    back = np.linalg.inv(AWAY)
    scan, brain = (resample(each, grid, back) for each in (coarse.t1, coarse.brain))
    brain = brain.with_array(brain.array > 0.5)

    transform, likeness = register("demons", scan, brain, coarse.t1, coarse.brain)

    found = Placement.of(transform, coarse.brain)(coarse.points_mm)
    true = coarse.points_mm @ AWAY[:3, :3].T + AWAY[:3, 3]
    assert np.linalg.norm(found - true, axis=1).mean() < MEAN_ERROR_OF_REGISTRATION_MM
    assert likeness > 0.9


def test_without_antspyx_syn_says_what_is_missing(coarse, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ants", None)
    with pytest.raises(InputError, match="not installed") as told:
        register("syn", coarse.t1, coarse.brain, coarse.t1, coarse.brain)
    assert told.value.code == "ants-missing"
