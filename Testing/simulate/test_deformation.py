"""The truth is what it says: rates are met, the inverse inverts, the determinant is that of the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.deformation import Deformation, Moment
from LongitudinalINRLib.simulate.flow import flow, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.prescription import region_deformation
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.velocity import potential_flow

SMOOTHNESS_MM = 7.5
STRONG = {4: 25.0, 43: 20.0, 2: -4.0, 41: -3.0}


@dataclass(frozen=True)
class SwellsThenShrinks:
    """Reaches a year's change after a year and is back after two."""

    name: str = "swells-then-shrinks"

    def years(self, months: float) -> float:
        return np.sin(np.pi * months / 24.0)

    def years_per_month(self, months: float) -> float:
        return np.pi / 24.0 * np.cos(np.pi * months / 24.0)


@pytest.fixture(scope="module")
def a_deformation(a_head: tuple[Volume, Volume]) -> Deformation:
    return region_deformation(a_head[1], Change(smoothness_mm=SMOOTHNESS_MM))


@pytest.fixture(scope="module")
def after_three_years(a_deformation: Deformation) -> Moment:
    return next(a_deformation.at([36.0]))


@pytest.fixture(scope="module")
def one_that_goes_back(a_head: tuple[Volume, Volume]) -> Deformation:
    return region_deformation(a_head[1], Change(STRONG, SMOOTHNESS_MM, course=SwellsThenShrinks()))


@pytest.mark.parametrize("rates", [DEFAULT_RATES, STRONG])
def test_each_region_changes_at_its_prescribed_rate(
    a_head: tuple[Volume, Volume], rates: dict[int, float]
) -> None:
    labels = a_head[1]
    year = next(region_deformation(labels, Change(rates, SMOOTHNESS_MM)).at([12.0]))
    jacobian = year.lattice.to_voxels(year.jacobian)
    found = {number: 100 * (jacobian[labels.array == number].mean() - 1) for number in (4, 43, 2, 41)}
    assert found == pytest.approx({number: rates[number] for number in found}, abs=0.02)


def test_a_region_without_a_rate_stays_near_zero(a_head: tuple[Volume, Volume]) -> None:
    labels = a_head[1]
    year = next(region_deformation(labels, Change({4: 8.0, 43: 8.0}, SMOOTHNESS_MM)).at([12.0]))
    jacobian = year.lattice.to_voxels(year.jacobian)
    assert all(abs(jacobian[labels.array == number].mean() - 1) < 0.006 for number in (2, 41, 3, 42))


def test_nothing_has_changed_at_baseline(a_deformation: Deformation) -> None:
    start = next(a_deformation.at([0.0]))
    assert (start.jacobian == 1.0).all()
    assert not start.displacement.any()
    assert not start.inverse_displacement.any()


def test_the_map_and_its_inverse_cancel(a_deformation: Deformation, a_head: tuple[Volume, Volume]) -> None:
    places = head_places(a_head[1])
    there = next(flow(a_deformation.velocity, places, [3.0]))
    assert np.abs(there - places).max() > 0.5
    back = next(flow(a_deformation.velocity, there, [-3.0]))
    np.testing.assert_allclose(back, places, atol=1e-4)


def test_the_inverse_used_for_the_scans_undoes_the_displacement(
    after_three_years: Moment, a_head: tuple[Volume, Volume]
) -> None:
    places = head_places(a_head[1])
    there = places + sampled(after_three_years, after_three_years.displacement, places)
    np.testing.assert_allclose(after_three_years.inverse()(there), places, atol=5e-3)


@pytest.mark.parametrize(("nodes_per_smoothness", "tolerance"), [(1.5, 1e-3), (3.0, 1e-4)])
def test_the_determinant_is_that_of_the_map(
    a_head: tuple[Volume, Volume], nodes_per_smoothness: float, tolerance: float
) -> None:
    labels, step = a_head[1], 1e-2
    lattice = Lattice.over(labels, SMOOTHNESS_MM / nodes_per_smoothness)
    growth = lattice.average(np.isin(labels.array, (4, 43)) * 0.15 - (labels.array == 2) * 0.02)
    velocity, places = potential_flow(growth, lattice, SMOOTHNESS_MM), head_places(labels)
    log_jacobian = next(flow(velocity, with_log_jacobian(places), [3.0]))[3]
    sides = [places + sign * step * axis[:, None] for axis in np.eye(3) for sign in (1, -1)]
    moved = [next(flow(velocity, side, [3.0])) for side in sides]
    columns = [(ahead - behind) / (2 * step) for ahead, behind in zip(moved[::2], moved[1::2], strict=True)]
    by_differences = np.linalg.det(np.stack(columns, axis=-1).transpose(1, 0, 2))
    assert np.abs(by_differences - 1).max() > 0.1
    np.testing.assert_allclose(np.exp(log_jacobian), by_differences, atol=tolerance)


def test_nothing_ever_folds(a_head: tuple[Volume, Volume]) -> None:
    violent = {4: 60.0, 43: -40.0, 2: -15.0, 41: 15.0}
    moment = next(region_deformation(a_head[1], Change(violent, SMOOTHNESS_MM)).at([12.0]))
    assert moment.jacobian.min() > 0.0
    spread = np.stack([np.stack(np.gradient(u, moment.lattice.affine[0, 0])) for u in moment.displacement])
    assert np.linalg.det(np.eye(3) + np.moveaxis(spread, (0, 1), (-2, -1))).min() > 0.0


def test_the_rate_is_the_derivative_of_the_determinant(one_that_goes_back: Deformation) -> None:
    before, now, after = one_that_goes_back.at([16.99, 17.0, 17.01])
    by_differences = (after.jacobian - before.jacobian) / 0.02
    assert np.abs(by_differences).max() > 5e-3
    np.testing.assert_allclose(now.rate, by_differences, atol=2e-6)


def test_change_that_goes_back_ends_at_the_identity(one_that_goes_back: Deformation) -> None:
    year, two_years = one_that_goes_back.at([12.0, 24.0])
    assert year.jacobian.max() > 1.1
    np.testing.assert_allclose(two_years.jacobian, 1.0, atol=1e-6)


def test_the_truth_does_not_depend_on_the_other_visits(
    a_deformation: Deformation, after_three_years: Moment
) -> None:
    *_, last = a_deformation.at([0.0, 13.0, 14.0, 36.0])
    np.testing.assert_allclose(last.jacobian, after_three_years.jacobian, atol=1e-6)
    np.testing.assert_allclose(last.displacement, after_three_years.displacement, atol=1e-5)


def test_another_seed_varies_the_rate_inside_regions(
    a_head: tuple[Volume, Volume], after_three_years: Moment
) -> None:
    other = region_deformation(a_head[1], Change(smoothness_mm=SMOOTHNESS_MM), seed=1)
    jacobian = next(other.at([36.0])).jacobian
    assert np.abs(jacobian - after_three_years.jacobian).max() > 0.01


def test_the_displacement_decays_outside_the_head(
    after_three_years: Moment, a_head: tuple[Volume, Volume]
) -> None:
    size = np.linalg.norm(after_three_years.displacement, axis=0)
    head = after_three_years.lattice.average((a_head[1].array > 0) * 1.0) > 0.5
    far = ndimage.distance_transform_edt(~head, after_three_years.lattice.affine[0, 0]) > 30.0
    assert size[far].max() < 0.4 * size[head].max()


def head_places(labels: Volume) -> np.ndarray:
    """Return the places of every seventh voxel of the head, RAS mm, shape (3, N)."""
    voxels = np.argwhere(labels.array > 0)[::7].T
    return labels.affine[:3, :3] @ voxels + labels.affine[:3, 3:]


def sampled(moment: Moment, field: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Interpolate a vector field of the lattice at places."""
    index = moment.lattice.to_index(places)
    return np.stack(
        [ndimage.map_coordinates(component, index, order=3, mode="nearest") for component in field]
    )
