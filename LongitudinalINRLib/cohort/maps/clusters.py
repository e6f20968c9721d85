"""Clusters of voxels where two groups change differently, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, stats

from LongitudinalINRLib.analysis.atlas import region_of
from LongitudinalINRLib.atlas.template import load_template
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

MOST_CLUSTERS = 50
"""Of a comparison, the largest."""

Values = NDArray[np.float32]
Name = Callable[[int], str]


@dataclass(frozen=True)
class Cluster:
    """Voxels that touch by their faces, beyond the threshold, of one sign.

    Parameters
    ----------
    group, reference : str
        What is compared.
    volume_ml : float
        In the template.
    peak_t, peak_percent_per_year : float
        Where |t| is largest: t, and by how many percentage points a year the groups differ there.
    x_mm, y_mm, z_mm : float
        Where that is, RAS mm in the template.
    region : str
        Of the template there.
    p : float
        Of a cluster that large anywhere in the brain, by permutation; NaN without permutations.
    """

    group: str
    reference: str
    volume_ml: float
    peak_t: float
    peak_percent_per_year: float
    x_mm: float
    y_mm: float
    z_mm: float
    region: str
    p: float


COLUMNS = tuple(field.name for field in fields(Cluster))


def threshold_t(cluster_p: float, free: int) -> float:
    """Return the t from which clusters are formed, two-sided, as nilearn forms them."""
    return float(stats.t.isf(cluster_p / 2.0, free))


def clusters_of(
    pair: tuple[str, str],
    t: Volume,
    difference: Values,
    log_p: Values | None,
    threshold: float,
) -> list[Cluster]:
    """Return the clusters of a comparison, the largest first.

    Parameters
    ----------
    pair : pair of str
        The group and its reference.
    t : Volume
        Of each voxel; 0 outside the analysis.
    difference : ndarray, shape of ``t``
        Of log|J| a year.
    log_p : ndarray, shape of ``t``, optional
        -log10 p of the cluster at each voxel.
    threshold : float
        Of |t|.
    """
    values = np.asarray(t.array, np.float32)
    found = sorted(_parts(values, threshold), key=len, reverse=True)[:MOST_CLUSTERS]
    if not found:
        return []
    name = _names_on(t)
    flat_t, flat_difference = values.ravel(), difference.ravel()
    clusters = []
    for voxels in found:
        peak = int(voxels[np.abs(flat_t[voxels]).argmax()])
        x, y, z = t.affine[:3] @ [*np.unravel_index(peak, t.shape), 1.0]
        clusters.append(
            Cluster(
                *pair,
                round(len(voxels) * t.voxel_volume_ml, 3),
                round(float(flat_t[peak]), 3),
                round(100.0 * float(np.expm1(flat_difference[peak])), 3),
                *(round(float(each), 1) for each in (x, y, z)),
                name(peak),
                float("nan") if log_p is None else round(float(10.0 ** -log_p.ravel()[peak]), 5),
            )
        )
    return clusters


def _parts(t: Values, threshold: float) -> Iterator[NDArray[np.int64]]:
    """Yield the flat indices of each cluster."""
    for beyond in (t > threshold, t < -threshold):
        labels, count = ndimage.label(beyond)
        order = np.argsort(labels, axis=None, kind="stable")
        ends = np.cumsum(np.bincount(labels.ravel(), minlength=count + 1))
        yield from (order[start:end] for start, end in zip(ends[:-1], ends[1:], strict=True))


def _names_on(grid: Volume) -> Name:
    labels = resample(load_template().labels, grid, order="nearest").array.ravel()

    def name(voxel: int) -> str:
        label = int(labels[voxel])
        return region_of(label).name if label else "beside the brain's tissue"

    return name
