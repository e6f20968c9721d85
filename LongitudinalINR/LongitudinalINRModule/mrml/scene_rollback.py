"""A scene that is as before when something could not be brought into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_before_on_failure(scene) -> Iterator[None]:
    """Remove every node that came into a scene while something failed inside."""
    before = {node.GetID() for node in _nodes(scene)}
    try:
        yield
    except BaseException:
        # Browsers go first: while one is there, the sequences logic makes a new proxy for each one removed.
        for kind in ("vtkMRMLSequenceBrowserNode", "vtkMRMLNode"):
            for node in _nodes(scene):
                if node.GetID() not in before and node.IsA(kind):
                    scene.RemoveNode(node)
        raise


def _nodes(scene) -> list:
    return [scene.GetNthNode(index) for index in range(scene.GetNumberOfNodes())]
