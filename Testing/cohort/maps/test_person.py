"""A person's step into the template: done once, judged, and exact."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from scipy import ndimage

from LongitudinalINRLib.cohort.maps import person as step
from LongitudinalINRLib.cohort.maps.change import change_in_template
from LongitudinalINRLib.cohort.maps.person import carry_to_template, note_path, placement_path
from LongitudinalINRLib.cohort.maps.placement import Placement
from LongitudinalINRLib.cohort.maps.reach import REACH_MM
from LongitudinalINRLib.imaging.itk import transform_to_itk
from LongitudinalINRLib.jobs.results import open_result

SMALLER = np.diag([0.2, 0.19, 0.2, 1.0])
"""Brings the template's brain to about the size of the tiny subject's ball."""

SMALLER[:3, 3] = (0.0, 3.6, 1.0)


@pytest.fixture
def fitted(cohort, a_result):
    person = cohort.person("01")
    person.path.mkdir(parents=True)
    shutil.copytree(a_result, person.job.path)
    return person


@pytest.fixture
def registered(monkeypatch) -> list[str]:
    """Register by a known transform, and return the engines that were asked."""
    engines: list[str] = []

    def register(engine, *_):
        engines.append(engine)
        return transform_to_itk(SMALLER), 0.8

    monkeypatch.setattr(step, "register", register)
    return engines


def test_a_person_is_registered_once_and_again_when_something_changed(fitted, registered, coarse):
    first = carry_to_template(fitted, space=coarse)
    again = carry_to_template(fitted, space=coarse)
    placement_path(fitted).write_bytes(b"half of it")
    repaired = carry_to_template(fitted, space=coarse)
    other = carry_to_template(fitted, "syn", space=coarse)

    assert registered == ["demons", "demons", "syn"]
    assert first == again
    assert repaired.placement == first.placement
    assert "SyN" in other.engine
    assert {path.name for path in fitted.path.iterdir()} == {"fit", "template.json", "template.npz"}


def test_a_registration_that_fits_nowhere_leaves_a_reason(fitted, coarse, monkeypatch):
    def nothing(*_):
        raise RuntimeError("too few voxels")

    monkeypatch.setattr(step, "register", nothing)
    note = carry_to_template(fitted, space=coarse)

    assert note.reason == "overlap of the brain with the template's 0.00, below 0.85"
    assert note_path(fitted).exists()
    assert not placement_path(fitted).exists()


def test_the_change_is_what_the_model_says_at_each_voxels_place(fitted, registered, coarse):
    note = carry_to_template(fitted, space=coarse)
    found = change_in_template(fitted, (0.0, 12.0, 36.0), coarse)

    result = open_result(fitted.job.path)
    places = coarse.points_mm @ SMALLER[:3, :3].T + SMALLER[:3, 3]
    index = np.rint((places - result.mask.affine[:3, 3]) / result.mask.voxel_sizes_mm).astype(int)
    measured = ndimage.binary_erosion(result.mask.array & result.valid.array)
    within = ((index >= 0) & (index < measured.shape)).all(axis=1)
    inside = np.zeros(len(places), bool)
    inside[within] = measured[tuple(index[within].T)]
    points = torch.from_numpy(places[inside]).float()
    at_12, at_24 = (
        np.log(result.model.jacobian_determinant(points, month).numpy()) for month in (12.0, 24.0)
    )
    assert inside.mean() > 0.4
    assert np.allclose(found.log_jacobian[1][inside], at_12, atol=2e-4)
    assert np.allclose(found.yearly[inside], at_24 / 2.0, atol=2e-4)
    has_data = np.isfinite(found.yearly)
    assert np.array_equal(found.log_jacobian[0][has_data], np.zeros(has_data.sum()))
    assert np.isnan(found.log_jacobian[2]).all()  # a year beyond the last scan
    assert abs(has_data.mean() - note.covered_share) < 0.02


def test_what_lies_beside_the_brain_counts_with_its_rim_and_farther_not_at_all(fitted, registered, coarse):
    carry_to_template(fitted, space=coarse)
    result = open_result(fitted.job.path)
    placement = Placement.from_bytes(placement_path(fitted).read_bytes())
    rim = result.mask.affine[:3] @ [*(np.argwhere(result.mask.array)[0]), 1.0]  # the first along x

    points, has_data = step.reached(rim + np.outer([-1.5, -REACH_MM - 2.0], [1.0, 0.0, 0.0]), result)

    assert has_data.tolist() == [True, False]
    assert np.allclose(points[0], rim)
    assert placement.rest.dtype == np.int16
