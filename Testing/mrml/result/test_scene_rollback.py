"""What could not be brought into a scene leaves it as it was, and leaves alone what others brought."""

from __future__ import annotations

import pytest
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.result.scene_rollback import as_before_on_failure

from LongitudinalINRLib.errors import InputError

KIND = "vtkMRMLTextNode"


def names(scene):
    return [scene.GetNthNode(index).GetName() for index in range(scene.GetNumberOfNodes())]


def two_nodes(scene):
    for name in ("ours 1", "ours 2"):
        scene.AddNewNodeByClass(KIND, name)
        yield None
    return "done"


def test_what_came_stays_when_all_goes_well(scene):
    assert here(as_before_on_failure(scene, two_nodes(scene))) == "done"
    assert names(scene)[-2:] == ["ours 1", "ours 2"]


def test_a_failure_removes_what_came_and_leaves_what_others_brought_meanwhile(scene):
    def failing():
        yield from two_nodes(scene)
        scene.AddNewNodeByClass(KIND, "ours 3")
        raise ValueError("no")

    before = names(scene)
    steps = as_before_on_failure(scene, failing())
    next(steps)
    scene.AddNewNodeByClass(KIND, "theirs")
    with pytest.raises(ValueError, match="no"):
        here(steps)
    assert names(scene) == [*before, "theirs"]


def test_who_does_not_go_on_leaves_nothing_behind(scene):
    before = names(scene)
    steps = as_before_on_failure(scene, two_nodes(scene))
    next(steps)
    assert names(scene) == [*before, "ours 1"]
    steps.close()
    assert names(scene) == before


def test_a_scene_that_was_closed_meanwhile_gets_no_more(scene):
    steps = as_before_on_failure(scene, two_nodes(scene))
    next(steps)
    scene.Clear(0)
    with pytest.raises(InputError) as refused:
        here(steps)
    assert refused.value.code == "scene-closed"
    assert "ours 2" not in names(scene)
