"""Copies that lie in the world as the original is shown: parent transforms, linear or not, are applied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.node_files import temporary_node

if TYPE_CHECKING:
    import slicer


@contextmanager
def hardened(source: slicer.vtkMRMLVolumeNode, name: str) -> Iterator[slicer.vtkMRMLVolumeNode]:
    """Give a volume as it lies in the world, to be read and not changed.

    Parameters
    ----------
    source : vtkMRMLVolumeNode
        Given itself where it stands under no transform: a copy of a whole scan keeps the window waiting.
    name : str
        Of the temporary copy that is given where it does.

    Raises
    ------
    InputError
        If the volume stands under a transform that cannot be applied to it.
    """
    if source.GetParentTransformNode() is None:
        yield source
        return
    with temporary_node(source.GetScene(), source.GetClassName(), name) as copy:
        copy_hardened(source, copy)
        yield copy


def copy_hardened(source: slicer.vtkMRMLScalarVolumeNode, node: slicer.vtkMRMLNode) -> None:
    """Make a node of the same scene and class a copy of a volume, with its parent transforms applied.

    A linear transform changes the geometry alone; another one resamples the voxels.

    Raises
    ------
    InputError
        If the volume stands under a transform that cannot be applied to it.
    """
    node.CopyContent(source)
    if source.GetParentTransformNode() is None:
        return
    node.SetAndObserveTransformNodeID(source.GetTransformNodeID())
    if not node.HardenTransform():
        raise InputError(
            "transform-not-applicable",
            f"The transform of {source.GetName()} cannot be applied to it.",
            expected="a transform that hardens",
            found=source.GetParentTransformNode().GetName(),
            advice="Harden the transform in the Data module, or take the volume out of it.",
        )
