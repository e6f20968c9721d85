"""Copies that lie in the world as the original is shown: parent transforms, linear or not, are applied."""

from __future__ import annotations

from LongitudinalINRLib.errors import InputError


def copy_hardened(source, node) -> None:
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
