"""What scans need of a steady deformation, and the volumes of regions: without maps, so much faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.deformation import Shown
from LongitudinalINRLib.simulate.flow import flow, midpoint, with_log_jacobian
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats, transformed
from LongitudinalINRLib.simulate.velocity import VelocityField

_REACH_MM = 12.0


def shown_at(
    velocity: VelocityField, labels: Volume, years: Sequence[float], spacing_mm: float
) -> Iterator[Shown]:
    """Follow the inverse of a flow back to baseline, at nodes in or near some region.

    Parameters
    ----------
    velocity : VelocityField
        mm per year.
    labels : Volume
        Segmentation of the baseline.
    years : sequence of float
        After baseline, ascending.
    spacing_mm : float
        From node to node. The inverse is smoother than the velocity: the smoothness of that will do.

    Yields
    ------
    Shown
        At each time, in order; farther from the regions nothing has moved.
    """
    lattice = Lattice.over(labels, spacing_mm)
    covered = lattice.average((labels.array != 0).astype(np.float64)) > 0
    near = np.asarray(ndimage.binary_dilation(covered, iterations=int(np.ceil(_REACH_MM / spacing_mm))))
    nodes = lattice.nodes_mm()[:, near]
    origins = flow(velocity, nodes, [-year for year in years], midpoint)
    for year, there in zip(years, origins, strict=True):
        moved = np.zeros((3, *lattice.shape))
        moved[:, near] = there - nodes
        yield Shown(lattice, 12.0 * year, moved)


def region_volume_ratios(
    velocity: VelocityField, labels: Volume, years: Sequence[float]
) -> tuple[NDArray[np.integer], Floats]:
    """Return by how much each region has grown: the mean of |J| over its voxels.

    Parameters
    ----------
    velocity : VelocityField
        mm per year.
    labels : Volume
        Segmentation of the baseline.
    years : sequence of float
        After baseline, ascending.

    Returns
    -------
    numbers : ndarray of int, shape (R,)
        Labels of the regions.
    ratios : ndarray, shape (T, R)
        Volume at each time over that at baseline.
    """
    inside = np.nonzero(labels.array)
    places_mm = transformed(labels.affine, np.array(inside, dtype=np.float64))
    numbers, member, voxels = np.unique(labels.array[inside], return_inverse=True, return_counts=True)
    ratios = [
        np.bincount(member, np.exp(state[3])) / voxels
        for state in flow(velocity, with_log_jacobian(places_mm), years, midpoint)
    ]
    return numbers, np.array(ratios).reshape(len(years), len(numbers))
