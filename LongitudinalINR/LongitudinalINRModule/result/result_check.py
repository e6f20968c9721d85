"""Whether a result that came with a scene is whole: a bundle can be damaged, or made up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import LONGEST_MONTHS, MAP_NAMES, SAME_MONTH
from LongitudinalINRModule.mrml.sequences import months_of
from LongitudinalINRModule.result.provenance import provenance_in
from LongitudinalINRModule.result.quantities import QUANTITIES
from LongitudinalINRModule.result.region_colours import colours_from_attribute
from LongitudinalINRModule.result.region_files import COLOURS_ATTRIBUTE, check_tables
from LongitudinalINRModule.result.regions import regions_of
from LongitudinalINRModule.result.result import SceneResult, damaged
from LongitudinalINRModule.result.tissue_range import kept_half_range


def check_result(result: SceneResult) -> None:
    """Refuse a result that cannot be shown, before anything is done with it.

    Raises
    ------
    InputError
        A map, a month, a table or an attribute is not as this program makes it.
    """
    _ = result.observed_months  # which refuses months that cannot be
    names = result.maps
    if len(set(names)) < len(names) or not set(names) <= set(MAP_NAMES):
        raise damaged("maps that this program does not make")
    if "jacobian" not in names:
        raise damaged("no maps of |J|")
    for name in names:
        _check_sequence(result, name)
    for node in filter(None, (result.labels, result.valid)):
        if not node.IsA("vtkMRMLLabelMapVolumeNode") or _grid(node) != _grid_of_maps(result):
            raise damaged("labels that do not lie on the grid of the maps")
    for quantity in QUANTITIES.values():
        kept_half_range(result, quantity)
    provenance_in(result)
    check_tables(result)
    regions = regions_of(result)
    for table in result.tables:
        colours_from_attribute(table.GetAttribute(COLOURS_ATTRIBUTE), regions)


def _check_sequence(result: SceneResult, name: str) -> None:
    sequence = result.sequence(name)
    if not sequence.IsA("vtkMRMLSequenceNode"):
        raise damaged(f"{name} maps that are no sequence")
    try:
        months = months_of(sequence)
    except (InputError, ValueError) as error:
        raise damaged(f"{name} maps without their months") from error
    if not all(0 <= month <= LONGEST_MONTHS for month in months):
        raise damaged(f"{name} maps of months that cannot be")
    if any(later - earlier < SAME_MONTH / 2 for earlier, later in pairwise(months)):
        raise damaged(f"{name} maps whose months do not ascend")
    if name not in QUANTITIES:
        return
    if name == "jacobian" and len(months) < 2:
        raise damaged("maps of fewer than two months")
    if months != months_of(result.sequence("jacobian")):
        raise damaged(f"{name} maps of other months than those of |J|")
    grid = _grid_of_maps(result)
    for index in range(len(months)):
        if grid is None or _grid(sequence.GetNthDataNode(index)) != grid:
            raise damaged(f"{name} maps that do not lie on one grid")


def _grid_of_maps(result: SceneResult) -> tuple[int, ...] | None:
    return _grid(result.sequence("jacobian").GetNthDataNode(0))


def _grid(node: Any) -> tuple[int, ...] | None:
    """Return how many voxels a map has, None where it is none."""
    if node is None or not node.IsA("vtkMRMLScalarVolumeNode") or node.GetImageData() is None:
        return None
    image = node.GetImageData()
    if image.GetNumberOfPoints() == 0 or image.GetNumberOfScalarComponents() != 1:
        return None
    return tuple(image.GetDimensions())
