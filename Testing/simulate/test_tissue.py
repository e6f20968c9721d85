"""What else tissue does: it turns without growing, keeps its own time, and gets lesions that move nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from scipy.integrate import solve_ivp

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.change import Change, drawn_courses
from LongitudinalINRLib.simulate.flow import flow
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.prescription import region_deformation
from LongitudinalINRLib.simulate.rotation import rotational_flow
from LongitudinalINRLib.simulate.subject import simulate_subject
from LongitudinalINRLib.simulate.timecourse import Power
from LongitudinalINRLib.simulate.unsteady import UnsteadyDeformation
from LongitudinalINRLib.simulate.velocity import VelocityField

Head = tuple[Volume, Volume]
SMOOTHNESS_MM = 6.0
RATES = {4: 12.0, 43: 8.0, 2: -4.0, 41: -2.0, 3: -1.0, 42: -1.0}
PERFECT = {"noise": 0.0, "drift": 0.0, "shift_mm": 0.0, "turn_degrees": 0.0}


@pytest.fixture(scope="module")
def turning(a_head: Head) -> VelocityField:
    lattice = Lattice.over(a_head[1], 4.0)
    return rotational_flow(a_head[1], lattice, 0.3, np.random.default_rng(0))


def places_in(labels: Volume, step: int = 7) -> np.ndarray:
    """Return the places of some voxels of the head, RAS mm, shape (3, N)."""
    voxels = np.argwhere(labels.array > 0)[::step].T
    return labels.affine[:3, :3] @ voxels + labels.affine[:3, 3:]


def gradient(velocity: VelocityField, places: np.ndarray) -> np.ndarray:
    """By differences, shape (N, component, axis)."""
    step = 1e-2
    columns = [
        (velocity(places + step * axis[:, None]) - velocity(places - step * axis[:, None])) / (2 * step)
        for axis in np.eye(3)
    ]
    return np.stack(columns, axis=-1).transpose(1, 0, 2)


def test_a_rotation_turns_and_diverges_nowhere(turning: VelocityField, a_head: Head) -> None:
    found = gradient(turning, places_in(a_head[1]))
    divergence = np.trace(found, axis1=1, axis2=2)
    curl = np.linalg.norm(found - found.transpose(0, 2, 1), axis=(1, 2))
    assert np.sqrt((divergence**2).mean()) < 2e-3 * np.sqrt((curl**2).mean())
    assert np.sqrt((curl**2).mean()) > 0.01


def test_a_rotation_moves_the_brain_by_what_is_asked_and_nothing_far_away(
    turning: VelocityField, a_head: Head
) -> None:
    speed = np.linalg.norm(turning(places_in(a_head[1])), axis=0)
    assert np.sqrt((speed**2).mean()) == pytest.approx(0.3, rel=0.08)
    far = np.array([[5.0 + 90.0], [-12.0], [20.0]])
    assert np.linalg.norm(turning(far)) < 1e-3


def test_the_truth_of_a_turning_brain_is_the_determinant_of_its_map(a_head: Head) -> None:
    deformation = region_deformation(a_head[1], Change(RATES, SMOOTHNESS_MM, rotation_mm=1.0))
    without = region_deformation(a_head[1], Change(RATES, SMOOTHNESS_MM))
    moment, plain = next(deformation.at([24.0])), next(without.at([24.0]))
    head = moment.lattice.average((a_head[1].array > 0) * 1.0) > 0.5
    difference = (moment.displacement - plain.displacement)[:, head]
    assert np.sqrt((difference**2).sum(axis=0).mean()) == pytest.approx(2.0, rel=0.1)
    places, step = places_in(a_head[1], 23), 1e-2
    sides = [places + sign * step * axis[:, None] for axis in np.eye(3) for sign in (1, -1)]
    moved = [next(flow(deformation.velocity, side, [2.0])) for side in sides]
    columns = [(ahead - behind) / (2 * step) for ahead, behind in zip(moved[::2], moved[1::2], strict=True)]
    by_differences = np.linalg.det(np.stack(columns, axis=-1).transpose(1, 0, 2))
    jacobian = moment.lattice.to_voxels(moment.jacobian)
    index = np.round(np.linalg.inv(a_head[1].affine)[:3] @ np.vstack([places, np.ones(places.shape[1])]))
    found = jacobian[tuple(index.astype(int))]
    np.testing.assert_allclose(found, by_differences, atol=5e-3)


@pytest.fixture(scope="module")
def in_their_own_time(a_head: Head) -> UnsteadyDeformation:
    slow = {label: 0.5 * percent for label, percent in RATES.items()}
    return region_deformation(a_head[1], Change(slow, SMOOTHNESS_MM, own_courses=(0.7, 1.5)), seed=2)


def test_each_region_follows_its_own_power_of_time(
    in_their_own_time: UnsteadyDeformation, a_head: Head
) -> None:
    numbers, exponents = np.array(sorted(RATES)), np.array([0.7, 1.5])
    drawn = dict(zip(numbers, exponents[drawn_courses(numbers, (0.7, 1.5), 2)], strict=True))
    assert set(drawn.values()) == {0.7, 1.5}
    months = np.array([3.0, 9.0, 18.0, 36.0])
    for month, moment in zip(months, in_their_own_time.at(months), strict=True):
        jacobian = moment.lattice.to_voxels(moment.jacobian)
        for label, exponent in drawn.items():
            share = ((month + 1) ** exponent - 1) / (37**exponent - 1)
            expected = 3.0 * np.log1p(0.5 * RATES[label] / 100.0) * share
            found = np.log(jacobian[a_head[1].array == label].mean())
            assert found == pytest.approx(expected, abs=0.003 + 0.05 * abs(expected)), (label, month)


def test_the_unsteady_flow_is_that_of_an_independent_integrator(
    in_their_own_time: UnsteadyDeformation, a_head: Head
) -> None:
    start = places_in(a_head[1], 301)
    currents = in_their_own_time.currents

    def slope(month: float, flat: np.ndarray) -> np.ndarray:
        places = flat.reshape(3, -1)
        return sum(c.course.years_per_month(month) * c.velocity(places) for c in currents).ravel()

    exact = solve_ivp(slope, (0.0, 36.0), start.ravel(), rtol=1e-9, atol=1e-9).y[:, -1].reshape(3, -1)
    found = in_their_own_time.carried(start, 0.0, 36.0)
    assert np.abs(exact - start).max() > 0.25
    np.testing.assert_allclose(found, exact, atol=1e-3)
    np.testing.assert_allclose(in_their_own_time.carried(found, 36.0, 0.0), start, atol=1e-3)


def test_the_rate_of_the_unsteady_truth_is_the_derivative_of_its_determinant(
    in_their_own_time: UnsteadyDeformation,
) -> None:
    before, now, after = in_their_own_time.at([8.99, 9.0, 9.01])
    by_differences = (after.jacobian - before.jacobian) / 0.02
    assert np.abs(by_differences).max() > 2e-3
    np.testing.assert_allclose(now.rate, by_differences, atol=1e-5)


def test_the_inverse_of_the_unsteady_truth_undoes_it(
    in_their_own_time: UnsteadyDeformation, a_head: Head
) -> None:
    places = places_in(a_head[1], 31)
    moment = next(in_their_own_time.at([30.0]))
    there = in_their_own_time.carried(places, 0.0, 30.0)
    np.testing.assert_allclose(moment.inverse()(there), places, atol=0.02)


@pytest.mark.parametrize(("exponent", "began"), [(0.7, 1.0), (1.5, 0.0), (1.5, 1.0)])
def test_a_power_has_the_pace_of_its_course_and_meets_the_linear_one(exponent: float, began: float) -> None:
    course = Power(exponent, began_months=began)
    assert course.years(0.0) == 0.0
    assert course.years(36.0) == pytest.approx(3.0)
    slope = (course.years(12.001) - course.years(11.999)) / 0.002
    assert course.years_per_month(12.0) == pytest.approx(slope, rel=1e-6)
    assert np.isfinite(course.years_per_month(0.0))


def test_a_lesion_darkens_a_ball_of_white_matter_and_moves_nothing(a_finer_head: Head) -> None:
    settings = {"rates_percent_per_year": RATES, "smoothness_mm": 12.0, **PERFECT}
    plain = simulate_subject(*a_finer_head, [0, 12, 24], **settings)
    with_one = simulate_subject(*a_finer_head, [0, 12, 24], lesion_mm=15.0, lesion_brightness=0.5, **settings)
    np.testing.assert_array_equal(with_one.scans[0].array, plain.scans[0].array)
    for month in (1, 2):
        for name in ("labels", "truth_jacobian", "truth_displacement"):
            one, other = getattr(with_one, name)[month].array, getattr(plain, name)[month].array
            np.testing.assert_array_equal(one, other)
        darker = plain.scans[month].array - with_one.scans[month].array
        white = np.median(a_finer_head[0].array[np.isin(a_finer_head[1].array, (2, 41))])
        assert darker.sum() * 27.0 / (0.5 * white) == pytest.approx(4 / 3 * np.pi * 7.5**3, rel=0.1)
        core = darker > 0.4 * white
        assert core.sum() > 15
        assert np.isin(with_one.labels[month].array[core], (2, 41)).all()
        assert ndimage.label(darker > 0.25 * white)[1] == 1


def test_a_lesion_needs_white_matter(a_head: Head) -> None:
    t1, labels = a_head
    without = labels.with_array(np.where(np.isin(labels.array, (2, 41)), 77, labels.array))
    with pytest.raises(InputError) as refusal:
        simulate_subject(t1, without, [0, 12], lesion_mm=10.0, smoothness_mm=12.0)
    assert refusal.value.code == "lesion-place"
