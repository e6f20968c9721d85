from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.scans.scan_sequence import scans_of

from LongitudinalINRLib.errors import InputError


@pytest.fixture
def add_scan_sequence(scene, add_volume, phantom):
    def add(unit, values, numeric=True):
        sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "visits")
        sequence.SetIndexUnit(unit)
        sequence.SetIndexType(sequence.NumericIndex if numeric else sequence.TextIndex)
        for number, value in enumerate(values):
            volume = add_volume(phantom.scan + np.int16(number), phantom.affine)
            sequence.SetDataNodeAtValue(volume, value)
            scene.RemoveNode(volume)
        return sequence

    return add


@pytest.mark.parametrize(
    ("unit", "values"),
    [("months", ("6", "18", "30")), ("years", ("1", "2", "3")), ("days", ("0", "365.25", "730.5"))],
)
def test_every_volume_becomes_a_scan_with_its_months_since_the_first(
    add_scan_sequence, phantom, voxels, unit, values
):
    scans = scans_of(add_scan_sequence(unit, values))
    assert [months for _, months in scans] == pytest.approx([0.0, 12.0, 24.0])
    for number, (volume, _) in enumerate(scans):
        np.testing.assert_array_equal(voxels(volume), phantom.scan + number)


def test_the_sequence_keeps_its_own_volumes(add_scan_sequence):
    sequence = add_scan_sequence("months", ("0", "12"))
    (volume, _), _ = scans_of(sequence)
    slicer.util.arrayFromVolume(volume)[:] = 7
    assert slicer.util.arrayFromVolume(sequence.GetNthDataNode(0)).max() > 7


@pytest.mark.parametrize(("unit", "numeric"), [("s", True), ("", True), ("months", False)])
def test_an_index_that_is_no_time_in_months_leaves_them_to_be_typed(add_scan_sequence, unit, numeric):
    scans = scans_of(add_scan_sequence(unit, ("0", "12"), numeric))
    assert [months for _, months in scans] == [None, None]


def test_a_sequence_of_something_else_is_refused(scene):
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "transforms")
    count = scene.GetNumberOfNodes()
    with pytest.raises(InputError, match="does not hold scans"):
        scans_of(sequence)
    assert scene.GetNumberOfNodes() == count
