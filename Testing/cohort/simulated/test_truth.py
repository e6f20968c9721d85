"""The truth of a simulated person is what the scans show, found by another way."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.cohort.simulated.brains import read_brain
from LongitudinalINRLib.cohort.simulated.groups import PUBLISHED, Group, person_rates
from LongitudinalINRLib.cohort.simulated.likeness import likeness
from LongitudinalINRLib.cohort.simulated.people import draw_people
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
from LongitudinalINRLib.cohort.simulated.sites import SITES
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.deformation import Deformation
from LongitudinalINRLib.simulate.prescription import region_deformation
from LongitudinalINRLib.simulate.scans_alone import region_volume_ratios, shown_at

RATES = {3: -1.0, 42: -1.0, 4: 6.0, 43: 6.0, 17: -2.5, 53: -2.5}


@pytest.fixture(scope="module")
def labels(brain_files):
    return likeness(read_brain(*brain_files[0], 6.0), SITES[0], seed=1).labels


@pytest.fixture(scope="module")
def deformation(labels) -> Deformation:
    found = region_deformation(labels, Change(RATES, smoothness_mm=6.0), seed=1, rounds=1)
    assert isinstance(found, Deformation)
    return found


def test_volume_ratios_are_those_of_the_exact_flow(labels, deformation):
    numbers, ratios = region_volume_ratios(deformation.velocity, labels, [0.0, 1.0, 3.0])
    assert (ratios[0] == 1.0).all()
    for moment, found in zip(deformation.at([12.0, 36.0]), ratios[1:], strict=True):
        exact = moment.lattice.to_voxels(moment.jacobian)
        means = np.array([exact[labels.array == number].mean() for number in numbers])
        np.testing.assert_allclose(np.log(found), np.log(means), atol=2e-4)


def test_regions_change_as_asked_within_a_few_percent(labels, deformation):
    numbers, ratios = region_volume_ratios(deformation.velocity, labels, [1.0])
    found = dict(zip(numbers.tolist(), 100.0 * (ratios[0] - 1.0), strict=True))
    for label, percent in RATES.items():
        assert found[label] == pytest.approx(percent, rel=0.1)


def test_scans_show_the_exact_inverse(labels, deformation):
    exact = next(deformation.at([36.0])).inverse()
    shown = next(shown_at(deformation.velocity, labels, [3.0], spacing_mm=6.0))
    assert shown.months == 36.0
    inside = np.argwhere(labels.array != 0).T
    places = labels.affine[:3, :3] @ inside + labels.affine[:3, 3:]
    error = np.linalg.norm(shown.inverse()(places) - exact(places), axis=0)
    moved = np.linalg.norm(exact(places) - places, axis=0)
    assert moved.max() > 0.5
    assert error.max() < 0.02


def test_rates_of_people_scatter_around_those_of_their_group():
    alike = [person_rates(PUBLISHED[2], 72.0, sex, seed) for seed in range(500) for sex in ("F", "M")]
    hippocampus = np.array([rates[17] for rates in alike])
    assert hippocampus.mean() == pytest.approx(-2.2, abs=0.06)
    assert 0.4 < hippocampus.std() < 0.65
    older = person_rates(PUBLISHED[2], 82.0, "F", 1)[17] / person_rates(PUBLISHED[2], 72.0, "F", 1)[17]
    assert older > 1.0
    assert person_rates(Group(name="none", loss_percent_per_year=0.0), 72.0, "M", 1).keys() == alike[0].keys()


def test_people_are_drawn_as_they_were_asked_for():
    people = draw_people(CohortSettings(people=300, missing=0.2, scanner_changes=0.3, sites=3))
    assert [p.participant for p in people[:2]] == ["001", "002"]
    assert [p.group.name for p in people[:4]] == ["control", "MCI", "AD", "control"]
    assert np.mean([len(p.missed) / 2 for p in people]) == pytest.approx(0.2, abs=0.05)
    assert all(p.visits[0].months == 0.0 for p in people)
    assert {p.visits[0].site for p in people} == set(SITES)
    moved = np.mean([len({visit.site for visit in p.visits}) > 1 for p in people])
    assert 0.15 < moved < 0.35  # some who moved missed the visits after it
    months = [visit.months for p in people for visit in p.visits if visit.session == "M012"]
    assert max(abs(month - 12.0) for month in months) < 0.4
    assert people == draw_people(CohortSettings(people=300, missing=0.2, scanner_changes=0.3, sites=3))


def test_a_scan_with_a_head_is_stripped_and_brought_to_the_voxels_asked_for(labels, tmp_path):
    outside = np.where(labels.array == 0, 90.0, 50.0 + labels.array)
    head = labels.with_array(outside.astype(np.float32))
    write_volume(head, tmp_path / "t1.nii.gz")
    write_volume(labels, tmp_path / "labels.nii.gz")
    scan, regions = read_brain(tmp_path / "t1.nii.gz", tmp_path / "labels.nii.gz", 8.0)
    np.testing.assert_allclose(scan.voxel_sizes_mm, 8.0)
    assert scan.same_grid(regions)
    volume = [np.count_nonzero(v.array) * v.voxel_volume_ml for v in (regions, labels)]
    assert volume[0] == pytest.approx(volume[1], rel=0.05)
    assert (np.asarray(scan.array)[[0, -1]] == 0.0).all()
    assert np.asarray(scan.array)[np.asarray(regions.array) != 0].mean() > 45.0
