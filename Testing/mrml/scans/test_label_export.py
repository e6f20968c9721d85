from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.scans.label_export import ExportedRegion, export_labels
from LongitudinalINRModule.scans.label_names import segment_name

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.nifti import load


def add_segment(segmentation, name, colour, ball, phantom, add_volume):
    labels = add_volume(ball.astype(np.uint8), phantom.affine, name, "vtkMRMLLabelMapVolumeNode")
    segment = slicer.vtkSegment()
    segment.SetName(name)
    segment.SetColor(*colour)
    image = slicer.vtkSlicerSegmentationsModuleLogic.CreateOrientedImageDataFromVolumeNode(labels)
    segment.AddRepresentation("Binary labelmap", image)
    segmentation.GetSegmentation().AddSegment(segment)
    labels.GetScene().RemoveNode(labels.GetDisplayNode())
    labels.GetScene().RemoveNode(labels)


@pytest.fixture
def a_segmentation(scene, add_volume, phantom):
    """Ventricle and hippocampus, drawn on the baseline's grid."""
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "segmentation")
    node.CreateDefaultDisplayNodes()
    ventricle, hippocampus = (phantom.ball(at, 6.0) for at in (phantom.ventricle_mm, phantom.hippocampus_mm))
    add_segment(node, "Ventricle", (0.9, 0.1, 0.2), ventricle, phantom, add_volume)
    add_segment(node, "Left-Hippocampus", (0.2, 0.8, 0.3), hippocampus, phantom, add_volume)
    return node


def labels_of(phantom):
    labels = np.where(phantom.ball(phantom.ventricle_mm, 6.0), 1, 0)
    return np.where(phantom.ball(phantom.hippocampus_mm, 6.0), 2, labels)


def node_ids(scene):
    return [scene.GetNthNode(index).GetID() for index in range(scene.GetNumberOfNodes())]


REGIONS = [
    ExportedRegion(1, "Ventricle", pytest.approx((0.9, 0.1, 0.2))),
    ExportedRegion(2, "Left-Hippocampus", pytest.approx((0.2, 0.8, 0.3))),
]


def test_segments_become_labels_with_their_names_and_colours(
    scene, a_segmentation, a_baseline, phantom, tmp_path
):
    before = node_ids(scene)
    regions, warnings = here(export_labels(a_segmentation, a_baseline, tmp_path / "labels.nii.gz"))
    assert regions == REGIONS
    assert warnings == []
    volume, _ = load(tmp_path / "labels.nii.gz")
    np.testing.assert_array_equal(volume.array, labels_of(phantom))
    np.testing.assert_allclose(volume.affine, phantom.affine, atol=1e-5)
    assert node_ids(scene) == before


def test_a_segmentation_of_another_geometry_is_resampled(a_segmentation, add_volume, phantom, tmp_path):
    """The baseline has half the voxels along each axis, between those of the segmentation."""
    affine = phantom.affine @ np.diag([2.0, 2.0, 2.0, 1.0])
    coarse = add_volume(phantom.scan[::2, ::2, ::2], affine, "coarse")
    here(export_labels(a_segmentation, coarse, tmp_path / "labels.nii.gz"))
    volume, _ = load(tmp_path / "labels.nii.gz")
    np.testing.assert_array_equal(volume.array, labels_of(phantom)[::2, ::2, ::2])


def test_transforms_of_the_segmentation_and_of_the_baseline_are_applied(
    scene, a_segmentation, a_baseline, phantom, tmp_path
):
    """Moved along with the baseline, the labels lie in the same voxels; moved alone, they do not."""
    shift = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "shift")
    matrix = np.eye(4)
    matrix[:3, 3] = phantom.affine[:3, 0] * 3
    slicer.util.updateTransformMatrixFromArray(shift, matrix)
    a_segmentation.SetAndObserveTransformNodeID(shift.GetID())
    here(export_labels(a_segmentation, a_baseline, tmp_path / "alone.nii.gz"))
    np.testing.assert_array_equal(
        load(tmp_path / "alone.nii.gz")[0].array, np.roll(labels_of(phantom), 3, axis=0)
    )
    a_baseline.SetAndObserveTransformNodeID(shift.GetID())
    here(export_labels(a_segmentation, a_baseline, tmp_path / "together.nii.gz"))
    volume, _ = load(tmp_path / "together.nii.gz")
    np.testing.assert_array_equal(volume.array, labels_of(phantom))
    np.testing.assert_allclose(volume.affine, matrix @ phantom.affine, atol=1e-5)


def test_overlapping_segments_are_told(a_segmentation, a_baseline, add_volume, phantom, tmp_path):
    core = phantom.ball(phantom.ventricle_mm, 3.0)
    add_segment(a_segmentation, "Core", (1.0, 1.0, 0.0), core, phantom, add_volume)
    regions, warnings = here(export_labels(a_segmentation, a_baseline, tmp_path / "labels.nii.gz"))
    assert [region.name for region in regions] == ["Ventricle", "Left-Hippocampus", "Core"]
    assert warnings == [f"Segments overlap in {core.sum()} voxels; each counts for the segment listed last."]
    assert (load(tmp_path / "labels.nii.gz")[0].array[core] == 3).all()


def test_a_segmentation_without_segments_is_refused(scene, a_baseline, tmp_path):
    empty = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "empty")
    count = scene.GetNumberOfNodes()
    with pytest.raises(InputError, match="no segments"):
        here(export_labels(empty, a_baseline, tmp_path / "labels.nii.gz"))
    assert scene.GetNumberOfNodes() == count


def test_a_segmentation_elsewhere_is_refused(scene, a_segmentation, a_baseline, tmp_path):
    far = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "far")
    matrix = np.eye(4)
    matrix[0, 3] = 500.0
    slicer.util.updateTransformMatrixFromArray(far, matrix)
    a_segmentation.SetAndObserveTransformNodeID(far.GetID())
    with pytest.raises(InputError, match="No part"):
        here(export_labels(a_segmentation, a_baseline, tmp_path / "labels.nii.gz"))
    assert not (tmp_path / "labels.nii.gz").exists()


@pytest.fixture
def a_label_map(scene, add_volume, phantom):
    """FreeSurfer numbers, one of them named by the colour table."""
    labels = np.array([0, 4, 17], np.int16)[labels_of(phantom)]
    node = add_volume(labels, phantom.affine, "aseg", "vtkMRMLLabelMapVolumeNode")
    colours = scene.AddNewNodeByClass("vtkMRMLColorTableNode", "aseg colours")
    colours.SetTypeToUser()
    colours.SetNumberOfColors(18)
    colours.SetColor(17, "Left-Hippocampus", 0.9, 0.8, 0.1, 1.0)
    node.GetDisplayNode().SetAndObserveColorNodeID(colours.GetID())
    return node


def test_a_label_map_keeps_its_numbers(a_label_map, a_baseline, phantom, tmp_path):
    regions, warnings = here(export_labels(a_label_map, a_baseline, tmp_path / "labels.nii.gz"))
    assert [(region.label, region.name) for region in regions] == [(4, ""), (17, "Left-Hippocampus")]
    assert regions[1].colour == pytest.approx((0.9, 0.8, 0.1), abs=0.01)
    assert warnings == []
    expected = np.array([0, 4, 17])[labels_of(phantom)]
    np.testing.assert_array_equal(load(tmp_path / "labels.nii.gz")[0].array, expected)


def test_a_label_map_of_another_geometry_is_resampled_without_new_numbers(
    a_label_map, add_volume, phantom, tmp_path
):
    affine = phantom.affine @ np.diag([2.0, 2.0, 2.0, 1.0])
    coarse = add_volume(phantom.scan[::2, ::2, ::2], affine, "coarse")
    here(export_labels(a_label_map, coarse, tmp_path / "labels.nii.gz"))
    volume, _ = load(tmp_path / "labels.nii.gz")
    np.testing.assert_array_equal(volume.array, np.array([0, 4, 17])[labels_of(phantom)][::2, ::2, ::2])


@pytest.mark.parametrize("table", ["Labels", "numbers", "of a file"])
def test_tables_that_slicer_shows_any_label_map_in_give_no_names(
    scene, a_label_map, a_baseline, tmp_path, table
):
    colours = scene.AddNewNodeByClass("vtkMRMLColorTableNode", table)
    if table == "Labels":
        colours.SetTypeToLabels()
    else:
        colours.SetTypeToUser() if table == "numbers" else colours.SetTypeToFile()
        colours.SetNumberOfColors(18)
        for label in range(18):
            colours.SetColor(label, str(label), 0.5, 0.4, 0.3, 1.0)
    a_label_map.GetDisplayNode().SetAndObserveColorNodeID(colours.GetID())
    regions, _ = here(export_labels(a_label_map, a_baseline, tmp_path / "labels.nii.gz"))

    assert [(region.label, region.name) for region in regions] == [(4, ""), (17, "")]


@pytest.mark.parametrize(
    ("name", "kind", "called"),
    [
        ("Segment_1", "T-D0050^Tissue~~", "Segment_1"),
        ("Segment_1", "64033007^Kidney~24028007^Left~", "Kidney, left"),
        ("", "10200004^Liver~~", "Liver"),
        ("My liver", "10200004^Liver~~", "My liver"),
        ("Segment_1", "", "Segment_1"),
    ],
)
def test_a_segment_without_a_name_of_its_own_is_called_by_its_terminology(name, kind, called):
    segment = slicer.vtkSegment()
    segment.SetName(name)
    if kind:
        kind = "~".join(f"SCT^{each}" if each else "^^" for each in kind.split("~"))
        segment.SetTag("TerminologyEntry", f"Any~SCT^85756007^Tissue~{kind}~Anatomic codes~^^~^^")
    assert segment_name(segment) == called
