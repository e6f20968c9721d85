from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.display.region_outline import RegionOutline, look_at, middle_of, region_at
from LongitudinalINRModule.display.slice_views import OverlayViews
from LongitudinalINRModule.mrml.node_files import ReadVoxels
from LongitudinalINRModule.result.ground import keep_ground
from LongitudinalINRModule.result.region_files import keep_regions
from LongitudinalINRModule.result.result import LABELS_ROLE, results_in

VENTRICLE, HIPPOCAMPUS = 4, 17
RED, BLUE = (0.9, 0.1, 0.1), (0.1, 0.2, 0.9)


def columns(months, **more):
    labels = np.repeat([0, VENTRICLE, HIPPOCAMPUS], len(months))
    names = {0: "brain", VENTRICLE: "Ventricle", HIPPOCAMPUS: "Hippocampus"}
    return {
        "region": [names[label] for label in labels.tolist()],
        "label": labels.astype(np.int32),
        "months": np.tile(months, 3),
        "volume_change_percent": labels * np.tile(months, 3) / 36.0,
        **more,
    }


@pytest.fixture
def with_regions(a_result, phantom):
    """A result with two regions, their label map and their colours."""
    labels = VENTRICLE * phantom.ball(phantom.ventricle_mm, 6.0)
    labels = labels + HIPPOCAMPUS * phantom.ball(phantom.hippocampus_mm, 6.0)
    months = np.array(phantom.map_months)
    more = dict.fromkeys(
        ("rate_percent_per_year", "sign_consistency", "baseline_volume_ml"), np.ones(3 * len(months))
    )
    tables = columns(months, **more), columns(np.arange(37.0))
    colours = [{"label": VENTRICLE, "colour": list(RED)}, {"label": HIPPOCAMPUS, "colour": list(BLUE)}]
    keep_regions(a_result, tables, colours)
    keep_ground(a_result, {LABELS_ROLE: ReadVoxels.of(labels.astype(np.int16), phantom.affine)})
    return a_result


@pytest.fixture
def view(with_regions, a_baseline, add_view, phantom):
    view = add_view()
    OverlayViews([view.logic]).show(a_baseline)
    view.node.JumpSliceByOffsetting(*phantom.ventricle_mm)
    return view


def coloured(view, name):
    """Where a view shows red or blue, in pixels (x, y)."""
    pixels = view.pixels().astype(int)[::-1]
    channel, other = (0, 2) if name == "red" else (2, 0)
    found = pixels[..., channel] > 100 + np.maximum(pixels[..., 1], pixels[..., other])
    y, x = np.nonzero(found)
    return np.stack([x, y], axis=-1)


def place_of(view, ras):
    import vtk

    to_xy = vtk.vtkMatrix4x4()
    vtk.vtkMatrix4x4.Invert(view.node.GetXYToRAS(), to_xy)
    return np.array(to_xy.MultiplyPoint((*ras, 1.0))[:2])


def test_a_region_is_outlined_in_its_colour_and_nothing_is_drawn_within(with_regions, view, phantom):
    plain = view.pixel_at(phantom.ventricle_mm)
    RegionOutline(with_regions).show([VENTRICLE], [view.logic])
    red = coloured(view, "red")
    assert len(red) > 20
    from_middle = np.linalg.norm(red - place_of(view, phantom.ventricle_mm), axis=1)
    pixels_per_mm = 160 / view.node.GetFieldOfView()[0]
    assert from_middle.min() > 3.0 * pixels_per_mm
    assert from_middle.max() < 9.0 * pixels_per_mm
    assert view.pixel_at(phantom.ventricle_mm) == plain
    assert len(coloured(view, "blue")) == 0


def test_another_selection_takes_the_place_of_the_first(with_regions, view):
    outline = RegionOutline(with_regions)
    outline.show([VENTRICLE], [view.logic])
    outline.show([HIPPOCAMPUS], [view.logic])
    assert len(coloured(view, "red")) == 0
    assert len(coloured(view, "blue")) > 20
    outline.show([HIPPOCAMPUS, VENTRICLE], [view.logic])
    assert len(coloured(view, "red")) > 20
    assert len(coloured(view, "blue")) > 20


@pytest.mark.parametrize("ends", ["cleared", "nothing with voxels chosen"])
def test_what_the_label_layer_showed_before_comes_back(with_regions, view, add_volume, phantom, ends):
    own = add_volume(
        phantom.ball((0, 0, 0), 9.0).astype(np.int16), phantom.affine, "own", "vtkMRMLLabelMapVolumeNode"
    )
    composite = view.logic.GetSliceCompositeNode()
    composite.SetLabelVolumeID(own.GetID())
    composite.SetLabelOpacity(0.3)
    before = view.pixels()
    outline = RegionOutline(with_regions)
    outline.show([VENTRICLE], [view.logic])
    outline.show([VENTRICLE, HIPPOCAMPUS], [view.logic])
    assert (view.pixels() != before).any()
    outline.clear() if ends == "cleared" else outline.show([0], [view.logic])
    assert (composite.GetLabelVolumeID(), composite.GetLabelOpacity()) == (own.GetID(), 0.3)
    assert not view.node.GetUseLabelOutline()
    np.testing.assert_array_equal(view.pixels(), before)


def test_a_label_layer_that_somebody_else_has_changed_stays(with_regions, view, add_volume, phantom):
    other = add_volume(phantom.scan, phantom.affine, "other", "vtkMRMLLabelMapVolumeNode")
    outline = RegionOutline(with_regions)
    outline.show([VENTRICLE], [view.logic])
    view.logic.GetSliceCompositeNode().SetLabelVolumeID(other.GetID())
    outline.clear()
    assert view.logic.GetSliceCompositeNode().GetLabelVolumeID() == other.GetID()


def test_setting_up_the_views_anew_keeps_the_outline(with_regions, view, a_baseline):
    RegionOutline(with_regions).show([VENTRICLE], [view.logic])
    OverlayViews([view.logic]).show(a_baseline, with_regions.proxy("jacobian"))
    assert len(coloured(view, "red")) > 20


@pytest.mark.parametrize("outlined_before", [0, 1])
def test_views_that_are_put_back_do_not_go_on_drawing_labels_as_outlines(
    with_regions, a_baseline, add_view, outlined_before
):
    view = add_view()
    view.node.SetUseLabelOutline(outlined_before)
    views, outline = OverlayViews([view.logic]), RegionOutline(with_regions)
    views.show(a_baseline)
    outline.show([VENTRICLE], [view.logic])
    assert view.node.GetUseLabelOutline()
    views.restore()
    outline.clear()
    assert view.logic.GetSliceCompositeNode().GetLabelVolumeID() is None
    assert view.node.GetUseLabelOutline() == outlined_before


def test_a_point_tells_its_region(with_regions, phantom):
    points = (phantom.ventricle_mm, phantom.hippocampus_mm, phantom.untouched_mm, (500.0, 0.0, 0.0))
    assert [region_at(with_regions, point) for point in points] == [VENTRICLE, HIPPOCAMPUS, 0, 0]


def test_the_middle_of_a_region_is_one_of_its_voxels_and_near_its_centre(with_regions, phantom):
    middle = middle_of(with_regions, [HIPPOCAMPUS])
    assert np.linalg.norm(np.array(middle) - phantom.hippocampus_mm) < 2.5
    both = middle_of(with_regions, [HIPPOCAMPUS, VENTRICLE])
    assert region_at(with_regions, both) in (HIPPOCAMPUS, VENTRICLE)
    assert middle_of(with_regions, [0]) is None


def test_looking_at_a_point_goes_through_it_and_moves_the_view_only_if_it_must(view, phantom):
    before = place_of(view, (0.0, 0.0, 0.0))
    look_at(phantom.hippocampus_mm, [view.logic])
    assert view.node.GetSliceOffset() == pytest.approx(phantom.hippocampus_mm[2], abs=1e-3)
    np.testing.assert_allclose(place_of(view, (0.0, 0.0, 0.0)), before)
    view.node.SetFieldOfView(8.0, 8.0, 1.0)
    look_at(phantom.ventricle_mm, [view.logic])
    np.testing.assert_allclose(place_of(view, phantom.ventricle_mm), (80, 80), atol=1)


def test_a_bundle_carries_the_label_map(scene, with_regions, new_application, tmp_path, phantom):
    path = str(tmp_path / "scene.mrb")
    assert scene.WriteToMRB(path)
    other = new_application()
    assert other.scene.ReadFromMRB(path, True)
    (result,) = results_in(other.scene)
    assert region_at(result, phantom.ventricle_mm) == VENTRICLE
