"""Segments that share a label map on the scan's grid are taken as they lie: the labels are an export's."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.scans.label_export import _exported
from LongitudinalINRModule.scans.shared_labels import shared_labels


@pytest.fixture
def labels(phantom):
    """Numbers as FreeSurfer's: neither in a row nor from 1; none at the border."""
    first = phantom.ball(phantom.ventricle_mm, 6.0)
    return np.where(phantom.ball(phantom.hippocampus_mm, 6.0), 1017, np.where(first, 43, 0)).astype(np.int16)


@pytest.fixture
def segmentation(scene, labels, phantom, add_volume):
    node = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "segmentation")
    label_map = add_volume(labels, phantom.affine, "labels", "vtkMRMLLabelMapVolumeNode")
    slicer.vtkSlicerSegmentationsModuleLogic.ImportLabelmapToSegmentationNode(label_map, node)
    return node


def ids_of(segmentation):
    return list(segmentation.GetSegmentation().GetSegmentIDs())


@pytest.mark.parametrize("order", [1, -1])
def test_the_labels_are_those_of_slicers_own_export(segmentation, a_baseline, order):
    ids = ids_of(segmentation)[::order]
    taken = shared_labels(segmentation, ids, a_baseline)()
    np.testing.assert_array_equal(taken, _exported(segmentation, ids, a_baseline))
    assert set(np.unique(taken)) == {0, 1, 2}


def test_a_segmentation_elsewhere_than_the_scan_is_left_to_the_export(segmentation, a_baseline):
    a_baseline.SetOrigin(1.0, 2.0, 3.0)
    assert shared_labels(segmentation, ids_of(segmentation), a_baseline) is None


def test_a_segmentation_under_a_transform_is_left_to_the_export(scene, segmentation, a_baseline):
    transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "moved")
    segmentation.SetAndObserveTransformNodeID(transform.GetID())
    assert shared_labels(segmentation, ids_of(segmentation), a_baseline) is None
