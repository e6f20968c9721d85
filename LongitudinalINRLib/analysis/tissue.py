"""Which labels of a segmentation are brain tissue: all but those whose names say fluid."""

from __future__ import annotations

import re
from collections.abc import Mapping

from LongitudinalINRLib.analysis.atlas import TISSUE_NAME, unknown_name
from LongitudinalINRLib.analysis.region_set import RegionSet

SMALLEST_SHARE_OF_MASK = 0.5
"""Labelled tissue that fills less of the mask is a few structures, not the brain's tissue."""

_FLUID = re.compile(r"ventricle|(?<![a-z])vent(?![a-z])|csf|cerebro-?spinal|choroid", re.IGNORECASE)
_NO_ROW = f'There is no row "{TISSUE_NAME}":'


def is_fluid(name: str) -> bool:
    """Tell whether a region's name says ventricle, cerebrospinal fluid or choroid plexus.

    Examples
    --------
    >>> is_fluid("Left-Inf-Lat-Vent"), is_fluid("Left-VentralDC"), is_fluid("Periventricular white matter")
    (True, False, False)
    """
    return _FLUID.search(name) is not None


def with_tissue(regions: RegionSet, names: Mapping[int, str]) -> tuple[RegionSet, str]:
    """Add the row of all tissue to a division, where names tell which labels are tissue.

    Parameters
    ----------
    regions : RegionSet
        The mask divided among the labels.
    names : mapping of int to str
        What each label is called (see `numbering.names_of`).

    Returns
    -------
    regions : RegionSet
        With all tissue at position 1, or as it was.
    why_not : str
        Empty where the row is there, or nothing is labelled.
    """
    labels = regions.labels[1:]
    if not labels:
        return regions, ""
    unknown = [label for label in labels if names[label] == unknown_name(label)]
    if unknown:
        return regions, (
            f"{_NO_ROW} whether label {unknown[0]} is tissue or fluid is not known. "
            "If the numbers are FreeSurfer's, add --label-numbers freesurfer; in Slicer, use named segments."
        )
    tissue = frozenset(label for label in labels if not is_fluid(names[label]))
    if len(tissue) == len(labels):
        return regions, f"{_NO_ROW} no label is called ventricle, CSF or choroid plexus."
    found = regions.with_tissue(tissue)
    share = found.counts[1] / found.counts[0]
    if share < SMALLEST_SHARE_OF_MASK:
        return regions, (
            f"{_NO_ROW} labelled tissue fills {share:.0%} of the mask, "
            f"not at least {SMALLEST_SHARE_OF_MASK:.0%}."
        )
    return found, ""
