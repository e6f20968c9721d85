"""A scene that is as before when something could not be brought into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.background.steps import Steps, T

if TYPE_CHECKING:
    import slicer


def as_before_on_failure(scene: slicer.vtkMRMLScene, steps: Steps[T]) -> Steps[T]:
    """Bring something into a scene in steps; what came is removed when one fails, or when nobody goes on.

    What others bring into the scene between the steps stays.

    Parameters
    ----------
    scene : vtkMRMLScene
        Gets the nodes.
    steps : generator
        Yields None after each part.

    Raises
    ------
    InputError
        What came was removed by somebody else meanwhile, as when the scene was closed.
    """
    came: list[slicer.vtkMRMLNode] = []
    try:
        while True:
            before = {node.GetID() for node in _nodes(scene)}
            try:
                next(steps)
            finally:
                came += [node for node in _nodes(scene) if node.GetID() not in before]
            yield None
            _refuse_gone(scene, came)
    except StopIteration as end:
        result: T = end.value
        return result
    except BaseException:
        # Browsers go first: while one is there, the sequences logic makes a new proxy for each one removed.
        for node in sorted(came, key=lambda each: not each.IsA("vtkMRMLSequenceBrowserNode")):
            if node.GetScene() is scene:
                scene.RemoveNode(node)
        raise


def closed_meanwhile() -> InputError:
    """Return the error that tells of a scene that was closed before everything was in it."""
    return InputError(
        "scene-closed",
        "The result was removed from the scene while it was loading.",
        expected="the scene as it was when the loading began",
        found="a scene without what was loaded so far",
        advice="Open the result folder of the job to load it again.",
    )


def _refuse_gone(scene: slicer.vtkMRMLScene, came: list[slicer.vtkMRMLNode]) -> None:
    # A display node may be replaced by another; what it belongs to may not.
    if any(node.GetScene() is not scene for node in came if not node.IsA("vtkMRMLDisplayNode")):
        raise closed_meanwhile()


def _nodes(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLNode]:
    return [scene.GetNthNode(index) for index in range(scene.GetNumberOfNodes())]
