"""Which voxels count for which region, and means over them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.analysis.points import Points, Values, voxel_centres_mm
from LongitudinalINRLib.analysis.space_filling import z_order
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True, eq=False)
class RegionSet:
    """The counted voxels of a mask, divided among the labels of a segmentation.

    Position 0 of everything "per region" is the whole mask; the labels follow, ascending. After
    `with_tissue`, position 1 is all tissue, and the labels follow that. A voxel counts when it lies inside
    the mask and inside every follow-up's field of view.

    Parameters
    ----------
    grid : Volume
        The mask; gives shape, affine and voxel volume.
    labels : tuple of int
        Labels that have at least one counted voxel.
    voxels : ndarray, shape (N,)
        Flat indices of the counted voxels, in C order.
    codes : ndarray, shape (N,)
        Position of each voxel's region, 0 where it has no label.
    excluded : ndarray, shape (1 + R,)
        Voxels per region that do not count.
    missing : tuple of int
        Labels of the segmentation without any counted voxel.
    tissue : tuple of int
        Positions of the labels that make up position 1; empty where that is a label like the others.
    """

    grid: Volume
    labels: tuple[int, ...]
    voxels: NDArray[np.int64]
    codes: NDArray[np.int64]
    excluded: NDArray[np.int64]
    missing: tuple[int, ...]
    tissue: tuple[int, ...] = ()

    @classmethod
    def from_labels(cls, labels: Volume | None, mask: Volume, valid: Volume | None = None) -> RegionSet:
        """Divide a mask among labels.

        Parameters
        ----------
        labels : Volume or None
            Integer labels on the grid of the mask, 0 for background; None gives the whole mask alone.
        mask : Volume
            Boolean; where there is brain.
        valid : Volume, optional
            Boolean; where every follow-up has data.

        Raises
        ------
        InputError
            When the labels or ``valid`` lie on another grid than the mask, or no voxel counts.
        """
        for name, volume in (("labels", labels), ("valid", valid)):
            if volume is not None and not volume.same_grid(mask):
                raise _grid_error(name, volume, mask)
        inside = mask.array.astype(bool)
        counted = inside if valid is None else inside & valid.array.astype(bool)
        voxels = np.flatnonzero(counted)
        if not len(voxels):
            raise InputError(
                "regions-empty",
                "No voxel lies inside the mask and every scan's field of view.",
                expected="a mask that overlaps all scans",
                found="no such voxel",
                advice="Check that the mask and the scans show the same part of the head.",
            )
        if labels is None:
            outside = np.array([np.count_nonzero(inside) - len(voxels)])
            return cls(mask, (BRAIN_LABEL,), voxels, np.zeros(len(voxels), np.int64), outside, ())
        return cls._divided(labels.array, mask, inside, voxels)

    @classmethod
    def _divided(
        cls, labels: NDArray[np.generic], mask: Volume, inside: NDArray[np.bool_], voxels: NDArray[np.int64]
    ) -> RegionSet:
        here = labels.ravel()[voxels].astype(np.int64)
        numbers, counts = np.unique(here, return_counts=True)
        counts, numbers = counts[numbers != 0], numbers[numbers != 0]
        codes = np.where(here == 0, 0, np.searchsorted(numbers, here) + 1)
        everywhere, totals = np.unique(labels, return_counts=True)
        total_of = dict(zip(everywhere.tolist(), totals.tolist(), strict=True))
        excluded = [np.count_nonzero(inside) - len(voxels)]
        excluded += [total_of[number] - count for number, count in zip(numbers, counts, strict=True)]
        present = (BRAIN_LABEL, *map(int, numbers))
        missing = tuple(sorted(set(total_of) - set(present)))
        return cls(mask, present, voxels, codes, np.array(excluded), missing)

    def with_tissue(self, labels: frozenset[int]) -> RegionSet:
        """Return the same division with one more region at position 1: all tissue, of the given labels."""
        at = tuple(position for position, label in enumerate(self.labels) if label in labels)
        return replace(
            self,
            labels=(self.labels[0], TISSUE_LABEL, *self.labels[1:]),
            codes=np.where(self.codes == 0, 0, self.codes + 1),
            excluded=np.insert(self.excluded, 1, self.excluded[list(at)].sum()),
            tissue=tuple(position + 1 for position in at),
        )

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Counted voxels per region, shape (1 + R,)."""
        return self.count(np.ones(len(self.voxels), bool))

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of the chosen voxels lie in each region, shape (1 + R,)."""
        return self._pooled(np.bincount(self.codes[chosen], minlength=len(self.labels)))

    def _pooled(self, own: NDArray[Any]) -> NDArray[Any]:
        """Fill in the sums over the whole mask and over all tissue, given those over each label."""
        own[0] = own.sum()
        if self.tissue:
            own[1] = own[list(self.tissue)].sum()
        return own

    def points_mm(self, chosen: NDArray[np.int64] | None = None) -> Points:
        """Return the centres in RAS mm of the counted voxels, or of those at the chosen positions."""
        voxels = self.voxels if chosen is None else self.voxels[chosen]
        return voxel_centres_mm(voxels, self.grid.shape, self.grid.affine)

    def even_sample(self, voxels_per_region: int) -> NDArray[np.int64]:
        """Choose at most so many voxels of every region, spread evenly through it: always the same ones.

        Returns
        -------
        ndarray, shape (S,)
            Positions within ``voxels``. Voxels without a label are sampled as if they were one region.
        """
        starts = np.cumsum([0, *self._own_counts])
        chosen = [
            self._along_regions[start + _evenly(stop - start, voxels_per_region)]
            for start, stop in pairwise(starts.tolist())
        ]
        return np.concatenate(chosen)

    @cached_property
    def _along_regions(self) -> NDArray[np.int64]:
        """Positions within ``voxels``, region after region, each along a Z-order curve."""
        return np.lexsort((z_order(self.voxels, self.grid.shape), self.codes))

    @cached_property
    def _own_counts(self) -> NDArray[np.int64]:
        """Voxels of each code, shape (1 + R,)."""
        return np.bincount(self.codes, minlength=len(self.labels))

    def means(self, values: Values, chosen: NDArray[np.int64] | None = None) -> Values:
        """Return the mean of a voxel value per region, shape (1 + R,).

        From a sample, the means over the whole mask and all tissue weigh every region by its size (stratified
        sampling), so that small regions, which are sampled more densely, do not pull them.

        Parameters
        ----------
        values : ndarray, shape (N,) or (S,)
            One value per counted voxel, or per chosen one. NaN says undefined: left out of the means.
        chosen : ndarray, shape (S,), optional
            Positions of the sample within ``voxels``.
        """
        codes = self.codes if chosen is None else self.codes[chosen]
        sampled = np.bincount(codes, minlength=len(self.labels))
        weight = self._own_counts[codes] / sampled[codes]
        defined = np.isfinite(values)
        totals = np.bincount(codes[defined], (weight * values)[defined], minlength=len(self.labels))
        weights = np.bincount(codes[defined], weight[defined], minlength=len(self.labels))
        totals, weights = self._pooled(totals), self._pooled(weights)
        means = np.full(len(totals), np.nan)
        np.divide(totals, weights, out=means, where=weights > 0)
        return means


def _evenly(count: int, at_most: int) -> NDArray[np.int64]:
    if count <= at_most:
        return np.arange(count)
    return ((np.arange(at_most) + 0.5) * count / at_most).astype(np.int64)


def _grid_error(name: str, volume: Volume, mask: Volume) -> InputError:
    return InputError(
        f"{name}-grid",
        f"The {name} volume does not lie on the grid of the baseline.",
        expected=f"{_grid(mask)}, at the same place",
        found=f"{_grid(volume)}, or at another place",
        advice="Resample it to the baseline with nearest-neighbour interpolation.",
    )


def _grid(volume: Volume) -> str:
    return f"shape {volume.shape}, voxels of {np.round(volume.voxel_sizes_mm, 3).tolist()} mm"
