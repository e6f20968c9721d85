"""What can be asked of the maps of groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MapOptions:
    """How the maps of groups are made.

    Parameters
    ----------
    months : tuple of float, optional
        Of the mean maps; by default every six months (or what divides fewer or more years as well) up to the
        last scan of half of the people.
    contrasts : tuple of pairs of str, optional
        Which groups are compared, each with its reference; by default all pairs of up to three groups, and
        of more every group with the first by name.
    permutations : int
        Of each test; 0 tests nothing.
    cluster_p : float
        Two-sided p of a voxel from which clusters are formed.
    tfce : bool
        Also threshold-free cluster enhancement, which takes many times as long.
    most_permuted : int
        Above this number of people in a contrast there are no permutations: least squares with HC3 errors
        and the false discovery rate.
    most_with_months : int
        Above this number of people the mean maps come from the yearly change at the last scans, as if change
        were even, and |J| at single months is not asked of the models.
    voxel_mm : float
        Edge of the template's voxels.
    jobs : int
        Models asked, and permutations made, at once.
    seed : int
        Of the permutations.
    """

    months: tuple[float, ...] | None = None
    contrasts: tuple[tuple[str, str], ...] | None = None
    permutations: int = 1000
    cluster_p: float = 0.001
    tfce: bool = False
    most_permuted: int = 500
    most_with_months: int = 1000
    voxel_mm: float = 2.0
    jobs: int = 1
    seed: int = 0
