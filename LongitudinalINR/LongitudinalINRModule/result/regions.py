"""The regions of a result: told apart by their label, as two of them may have one name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.atlas import display_name
from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.tables import has_column, numbers_of, texts_of
from LongitudinalINRModule.result.result import REGIONS_ROLE, SceneResult

if TYPE_CHECKING:
    import slicer


@dataclass(frozen=True)
class Region:
    """One region.

    Parameters
    ----------
    label : int
        Its number in the segmentation.
    name : str
        As the segmentation calls it; others may have the same.
    title : str
        What people read; no other region of the result has it.
    """

    label: int
    name: str
    title: str


def regions_of(result: SceneResult) -> list[Region]:
    """Return the regions in the order of the table; empty where the result has none.

    Raises
    ------
    InputError
        The table is not one of regions.
    """
    node = result.browser.GetNodeReference(REGIONS_ROLE)
    if node is None:
        return []
    names: dict[int, str] = {}
    for label, name in zip(labels_of(node).tolist(), texts_of(node, "region"), strict=True):
        names.setdefault(label, name)
    titles = distinct_titles({label: display_name(label, name.strip()) for label, name in names.items()})
    return [Region(label, name, titles[label]) for label, name in names.items()]


def labels_of(node: slicer.vtkMRMLNode) -> NDArray[np.int64]:
    """Return the label of each row of a table; tables without labels are numbered by their names.

    Raises
    ------
    InputError
        There are no regions in the table, or a label is no whole number.
    """
    if not has_column(node, "region"):
        raise _no_regions(node, "no column region")
    if not has_column(node, "label"):
        names = texts_of(node, "region")
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        return np.array([numbers[name] for name in names], dtype=np.int64)
    try:
        labels = numbers_of(node, "label")
    except ValueError as error:
        raise _no_regions(node, str(error)) from error
    if not (np.abs(labels) < 2**53).all() or (labels != np.round(labels)).any():
        raise _no_regions(node, "labels that are no whole numbers")
    return labels.astype(np.int64)


def distinct_titles(names: dict[int, str]) -> dict[int, str]:
    """Return what to call regions so that no two are called the same, by label.

    A name that several regions have is followed by the label, which is what the exported tables and the label
    map tell them apart by.

    Examples
    --------
    >>> distinct_titles({1: "Lesion", 2: "Ventricle", 7: "Lesion"})
    {1: 'Lesion (label 1)', 2: 'Ventricle', 7: 'Lesion (label 7)'}
    """
    titles = {label: name.strip() or f"Label {label}" for label, name in names.items()}
    while len(set(titles.values())) < len(titles):
        counts = Counter(titles.values())
        titles = {
            label: f"{title} (label {label})" if counts[title] > 1 else title
            for label, title in titles.items()
        }
    return titles


def _no_regions(node: slicer.vtkMRMLNode, found: str) -> InputError:
    return InputError(
        "regions-columns",
        f"The table {node.GetName()} is not one of regions.",
        expected="columns region, label, months, volume_change_percent and more, as the job wrote them",
        found=found,
        advice="Open the job's own folder again.",
    )
