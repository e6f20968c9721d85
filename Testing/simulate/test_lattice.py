"""The lattice keeps what is put on it, whatever the grid."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.lattice import Lattice

SHEARED = np.array(
    [[0.0, -2.0, 0.3, 7.0], [1.5, 0.2, 0.0, -3.0], [0.1, 0.0, 4.0, 11.0], [0.0, 0.0, 0.0, 1.0]]
)


@pytest.fixture
def a_lattice() -> Lattice:
    return Lattice.over(Volume(np.zeros((9, 12, 7)), SHEARED), spacing_mm=2.5)


def test_averaging_keeps_the_integral(a_lattice: Lattice) -> None:
    values = np.random.default_rng(0).normal(size=a_lattice.grid_shape)
    cell_in_voxels = np.prod(a_lattice.steps)
    assert a_lattice.average(values).sum() * cell_in_voxels == pytest.approx(values.sum(), abs=1e-9)


def test_the_average_of_a_part_is_that_of_the_whole(a_lattice: Lattice) -> None:
    part = (slice(2, 7), slice(0, 5), slice(3, 4))
    values = np.zeros(a_lattice.grid_shape)
    values[part] = np.random.default_rng(1).normal(size=(5, 5, 1))
    reach, averages = a_lattice.average_of_part(values[part], part)
    whole = np.zeros(a_lattice.shape)
    whole[reach] = averages
    np.testing.assert_allclose(whole, a_lattice.average(values), atol=1e-14)


def test_a_cubic_polynomial_reaches_the_voxels_unchanged(a_lattice: Lattice) -> None:
    def polynomial(places: np.ndarray) -> np.ndarray:
        x, y, z = places / 10.0
        return 1.0 + x - 2.0 * y * z + 0.5 * x**3 + z**2

    voxels = np.einsum("rc,cijk->rijk", SHEARED[:3, :3], np.indices(a_lattice.grid_shape).astype(float))
    expected = polynomial(voxels + SHEARED[:3, 3].reshape(3, 1, 1, 1))
    np.testing.assert_allclose(a_lattice.to_voxels(polynomial(a_lattice.nodes_mm())), expected, atol=1e-10)


def test_the_index_of_a_node_is_its_own(a_lattice: Lattice) -> None:
    np.testing.assert_allclose(
        a_lattice.to_index(a_lattice.nodes_mm()), np.indices(a_lattice.shape), atol=1e-10
    )


def test_the_lattice_reaches_beyond_the_field_of_view_on_every_side(a_lattice: Lattice) -> None:
    corners = np.array([[0, 0, 0], [8, 11, 6]]).T
    index = a_lattice.to_index(SHEARED[:3, :3] @ corners + SHEARED[:3, 3:])
    assert (index[:, 0] >= 4).all()
    np.testing.assert_allclose(index[:, 0], np.array(a_lattice.shape) - 1 - index[:, 1])
