"""Regions get FreeSurfer's names only where their numbers are FreeSurfer's."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.analysis.numbering import names_of, numbered_as_freesurfer
from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.imaging.reading import read_labels

POOLED = {0: "brain", -1: "brain tissue"}
# DLMUSE's numbers, all of which stand in FreeSurfer's table too: third and fourth ventricle, then accumbens,
# inferior lateral ventricle, lateral ventricle and pallidum, right before left; each with its place.
DLMUSE = {4: 0, 11: 0, 30: 4, 31: -4, 49: 3, 50: -3, 51: 2, 52: -2, 55: 1, 57: 5, 58: -5}


@pytest.fixture
def placed(lia):
    """Make a label map of one voxel for each label, so many steps to the right of the middle."""

    def place(steps_to_the_right):
        labels = np.zeros((13, len(steps_to_the_right), 1), np.int16)
        for row, (label, steps) in enumerate(steps_to_the_right.items()):
            labels[6 - steps, row] = label  # the first axis runs to the left
        return lia(labels)

    return place


def test_freesurfers_numbers_are_known_by_their_table_and_sides(placed):
    labels = placed({17: -2, 53: 2, 4: -1, 43: 1, 85: 0})
    assert numbered_as_freesurfer(labels)
    assert names_of(labels) == POOLED | {
        4: "Left-Lateral-Ventricle",
        17: "Left-Hippocampus",
        43: "Right-Lateral-Ventricle",
        53: "Right-Hippocampus",
        85: "Optic-Chiasm",
    }


@pytest.mark.parametrize(
    "steps_to_the_right",
    [
        {17: 2, 53: -2},  # sides exchanged
        {17: -2, 53: 2, 4: 1, 43: -1},  # one pair's sides
        {17: -2, 53: 2, 1: 0},  # a number that FreeSurfer does not use
        {2: -1, 3: 0, 4: 1},  # tissue classes: nothing that tells
        DLMUSE,
    ],
    ids=["exchanged", "one exchanged", "a number more", "no pair", "DLMUSE"],
)
def test_every_other_map_keeps_its_numbers(placed, steps_to_the_right):
    numbered = {label: f"label {label}" for label in steps_to_the_right}
    assert names_of(placed(steps_to_the_right)) == POOLED | numbered


def test_a_maps_own_names_stand_alone(placed):
    labels = placed({17: -2, 53: 2})
    assert names_of(labels, {17: "Mine"}) == POOLED | {17: "Mine", 53: "label 53"}
    assert names_of(labels, {}) == POOLED | {17: "label 17", 53: "label 53"}


def test_a_person_can_say_that_numbers_are_freesurfers(placed):
    from LongitudinalINRLib.cli.options import label_names

    labels = placed({2: -1, 4: 1})
    named = {2: "Left-Cerebral-White-Matter", 4: "Left-Lateral-Ventricle"}
    assert names_of(labels, label_names("freesurfer")) == POOLED | named
    assert names_of(labels, label_names("auto")) == POOLED | {2: "label 2", 4: "label 4"}
    assert label_names("other") == {}


def test_rows_warnings_and_sides_of_another_numbering_are_numbered(growth, hippocampi, a_mask):
    """17 and 53 on the wrong sides are no hippocampi, and no pair whose volumes could be compared."""
    mirrored = hippocampi.with_array(hippocampi.array[::-1].copy())
    analysis = analyse_regions(growth(), mirrored, [12], a_mask)

    assert [row.region for row in analysis.rows] == ["brain", "label 17", "label 53"]
    assert {point.region for point in analysis.trajectories} == {row.region for row in analysis.rows}
    assert [row.asymmetry_percent for row in analysis.rows] == [None] * 3
    assert "ippocampus" not in " ".join(analysis.warnings)


@pytest.fixture(scope="module")
def real_data():
    folder = os.environ.get("LONGITUDINAL_INR_DATA")
    if not folder:
        pytest.skip("set LONGITUDINAL_INR_DATA to the folder of t1_labelled and ixi_2mm")
    return Path(folder)


@pytest.mark.parametrize(
    ("name", "freesurfers"),
    [
        ("t1_labelled/aseg.nii.gz", True),
        ("open_ms_patient07/labels_approximate.nii.gz", True),
        ("ixi_2mm/IXI012-HH-1211-T1_ds_DLMUSE.nii.gz", False),
        ("ixi_2mm/IXI034-HH-1260-T1_ds_DLMUSE.nii.gz", False),
    ],
)
def test_real_label_maps_are_told_apart(real_data, name, freesurfers):
    labels = read_labels(real_data / name)[0]
    assert numbered_as_freesurfer(labels) is freesurfers
    named = {name for label, name in names_of(labels).items() if label > 0}
    assert any(name.startswith("label ") for name in named) is not freesurfers
