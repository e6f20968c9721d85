"""The volumes of a sequence as scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.hardening import copy_hardened
from LongitudinalINRModule.mrml.sequences import months_of
from LongitudinalINRModule.mrml.subject_hierarchy import place_beside

if TYPE_CHECKING:
    import slicer


def scans_of(sequence: slicer.vtkMRMLSequenceNode) -> list[tuple[object, float | None]]:
    """Copy the volumes of a sequence into its scene, with their months since the first.

    Parameters
    ----------
    sequence : vtkMRMLSequenceNode
        Of scalar volumes; not changed.

    Returns
    -------
    list of (vtkMRMLScalarVolumeNode, float or None)
        The months are None where the sequence's index cannot be told in months: they have to be typed.

    Raises
    ------
    InputError
        If the sequence does not hold scalar volumes; nothing is then added.
    """
    if sequence.GetDataNodeClassName() != "vtkMRMLScalarVolumeNode":
        raise InputError(
            "sequence-not-of-scans",
            f"The sequence {sequence.GetName()} does not hold scans.",
            expected="a sequence of scalar volumes",
            found=sequence.GetDataNodeClassName() or "an empty sequence",
            advice="Choose another sequence, or add the volumes one by one.",
        )
    count = sequence.GetNumberOfDataNodes()
    try:
        months: list[float | None] = [month - months_of(sequence)[0] for month in months_of(sequence)]
    except InputError:
        months = [None] * count
    scene = sequence.GetScene()
    scans = []
    for index, month in enumerate(months):
        name = f"{sequence.GetName()} {sequence.GetNthIndexValue(index)} {sequence.GetIndexUnit()}"
        volume = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name.strip())
        copy_hardened(sequence.GetNthDataNode(index), volume)
        volume.CreateDefaultDisplayNodes()
        place_beside(scene, volume, sequence)
        scans.append((volume, month))
    return scans
