"""The brain's surface: where it lies, what it shows, and that it is never that of a head."""

from __future__ import annotations

import numpy as np
import pytest
import slicer
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.display import brain_mesh as meshes
from LongitudinalINRModule.display.brain_mesh import brain_mesh
from LongitudinalINRModule.display.colours import NO_CHANGE
from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.display.surface import making_surface
from LongitudinalINRModule.display.vertex_maps import DEPTHS_MM, sample_maps, trilinear_weights
from LongitudinalINRModule.jobs.loading import add_map, remove_result
from LongitudinalINRModule.result.map_interpolation import interpolate_map
from LongitudinalINRModule.result.quantities import JACOBIAN
from LongitudinalINRModule.result.result import VALID_ROLE
from offscreen import SurfaceView
from trame_slicer.views import ViewDirection
from vtk.util.numpy_support import vtk_to_numpy

from LongitudinalINRLib.errors import InputError

SHAPE = (48, 56, 40)  # I, J, K
MIRRORED = np.diag([-1.5, 1.5, 2.0, 1.0])
TURNED = np.array([[0, 1.5, 0, 0], [1.5, 0, 0, 0], [0, 0, -2, 0], [0, 0, 0, 1.0]])
CENTRE_IJK = np.array([22.0, 30.0, 20.0])
RADIUS_MM = 24.0


def ball(affine):
    """A ball of 24 mm as the scene keeps arrays, and its centre in RAS mm."""
    k, j, i = np.indices(SHAPE[::-1])
    away = np.stack([i, j, k], axis=-1) - CENTRE_IJK
    brain = np.linalg.norm(away @ affine[:3, :3].T, axis=-1) <= RADIUS_MM
    return brain, affine[:3, :3] @ CENTRE_IJK + affine[:3, 3]


@pytest.mark.parametrize("affine", [MIRRORED, TURNED, -TURNED + 2 * np.diag([0, 0, 0, 1.0])])
def test_the_surface_lies_around_the_brain_and_faces_outwards(affine):
    brain, centre_mm = ball(affine)
    mesh = brain_mesh(brain, affine)
    away = mesh.points - centre_mm
    distance = np.linalg.norm(away, axis=1)
    np.testing.assert_allclose(distance, RADIUS_MM, atol=1.2)
    outwards = (mesh.normals * away).sum(axis=1) / distance
    assert (outwards.min() > 0.5, np.median(outwards) > 0.97) == (True, True)
    corners = vtk_to_numpy(mesh.surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    first, second, third = (mesh.points[corners[:, n]] for n in range(3))
    facing = np.cross(second - first, third - first)
    assert ((facing * (first - centre_mm)).sum(axis=1) > 0).mean() > 0.99, "the winding that culling goes by"


def test_holes_and_crumbs_are_no_part_of_the_surface():
    brain, centre_mm = ball(MIRRORED)
    brain[20, 30, 22] = False
    brain[2:4, 2:4, 2:4] = True
    mesh = brain_mesh(brain, MIRRORED)
    distance = np.linalg.norm(mesh.points - centre_mm, axis=1)
    assert (distance.min() > RADIUS_MM - 1.5, distance.max() < RADIUS_MM + 1.5) == (True, True)


def test_a_brain_that_reaches_the_end_of_the_scan_has_a_closed_surface():
    mesh = brain_mesh(np.ones((10, 12, 14), bool), np.diag([2.0, 2.0, 2.0, 1.0]))
    corners = vtk_to_numpy(mesh.surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    _, times = np.unique(edges, axis=0, return_counts=True)
    assert set(times) == {2}


@pytest.mark.parametrize(("litres", "found"), [(0.0, "nothing measured"), (4.1, "might show the face")])
def test_a_head_has_no_surface_and_neither_has_nothing(litres, found):
    brain = np.zeros((16, 16, 16), bool)
    brain.ravel()[: round(1000 * litres)] = True
    with pytest.raises(InputError) as caught:
        brain_mesh(brain, np.diag([10.0, 10.0, 10.0, 1.0]))
    assert found in caught.value.found


def test_values_are_those_below_the_surface_whatever_lies_outside():
    affine = MIRRORED
    brain, _ = ball(affine)
    mesh = brain_mesh(brain, affine)
    k, j, i = np.indices(brain.shape)
    points = np.stack([i, j, k], axis=-1) @ affine[:3, :3].T + affine[:3, 3]
    slope = (0.01 * points @ [1.0, 2.0, -1.0]).astype(np.float32)
    voxels, weights = trilinear_weights(mesh, affine, brain)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-5)

    garbage = np.where(brain, slope, 1e6).astype(np.float32)
    sampled = sample_maps(mesh, affine, brain, (0.0, 12.0), {"jacobian": [slope, garbage]})
    below = mesh.points - np.mean(DEPTHS_MM) * mesh.normals
    # Trilinear interpolation is exact for a slope; where a voxel outside was left out, within that voxel.
    np.testing.assert_allclose(sampled.at("jacobian", 12.0), 0.01 * below @ [1.0, 2.0, -1.0], atol=0.04)
    whole = brain.ravel()[voxels].all(axis=1)
    assert whole.mean() > 0.1
    expected = 0.01 * below[whole] @ [1.0, 2.0, -1.0]
    np.testing.assert_allclose(sampled.at("jacobian", 12.0)[whole], expected, atol=1e-5)


@pytest.fixture
def a_whole_result(a_result, files, phantom):
    """The result, with every voxel of the head measured: none is exactly 1."""
    add_map(a_result, files, "interval")
    head = phantom.ball((0, 0, 0), 21.0).transpose(2, 1, 0)
    sequence = a_result.sequence("jacobian")
    for index in range(sequence.GetNumberOfDataNodes()):
        slicer.util.arrayFromVolume(sequence.GetNthDataNode(index))[head] += np.float32(1e-5)
    return a_result


@pytest.fixture
def a_surface(a_whole_result):
    return here(making_surface(a_whole_result))


def test_between_stored_months_points_show_what_the_voxels_show(a_surface, a_whole_result):
    whole = np.empty_like(slicer.util.arrayFromVolume(a_whole_result.proxy("jacobian")))
    maps = a_surface._maps
    for name in ("jacobian", "log-jacobian", "rate", "interval"):
        interpolate_map(a_whole_result, name, 15.0, whole)
        values = maps.at(name, 15.0)
        assert whole.min() - 1e-6 <= values.min() <= values.max() <= whole.max() + 1e-6
    at = {months: maps.at("interval", months) for months in (12.0, 15.0, 18.0)}
    np.testing.assert_allclose(at[15.0], 0.5 * (at[12.0] + at[18.0]), atol=1e-6)


def rgb(surface):
    return vtk_to_numpy(surface.node.GetPolyData().GetPointData().GetScalars()).astype(int)


def test_what_shrinks_is_blue_and_what_does_not_change_as_light_as_the_legend(
    a_surface, a_whole_result, phantom
):
    display = MapDisplay(a_whole_result.proxy("jacobian"), JACOBIAN)
    a_surface.paint("jacobian", 24.0, display, False)
    points = vtk_to_numpy(a_surface.node.GetPolyData().GetPoints().GetData())
    near = np.linalg.norm(points - phantom.hippocampus_mm, axis=1) < 5.0
    far = np.linalg.norm(points - phantom.untouched_mm, axis=1) < 8.0
    red, _, blue = rgb(a_surface)[near].T
    assert (blue > red + 100).all()
    np.testing.assert_allclose(rgb(a_surface)[far], 255 * NO_CHANGE[0], atol=1)

    a_surface.paint("jacobian", 0.0, display, False)
    np.testing.assert_allclose(rgb(a_surface), 255 * NO_CHANGE[0], atol=1)


def test_where_a_follow_up_has_no_data_the_surface_tells_of_no_change(scene, a_whole_result):
    stored = a_whole_result.sequence("jacobian").GetNthDataNode(0)
    seen = np.ones(slicer.util.arrayFromVolume(stored).shape, np.int16)
    seen[:, :, seen.shape[2] // 2 :] = 0
    valid = scene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "valid")
    valid.CopyOrientation(stored)
    slicer.util.updateVolumeFromArray(valid, seen)
    a_whole_result.browser.SetNodeReferenceID(VALID_ROLE, valid.GetID())
    values = here(making_surface(a_whole_result))._maps.values["jacobian"][-1]
    assert 0.3 < (values == 1.0).mean() < 0.7


def test_change_within_its_interval_is_not_seen_on_the_surface(a_surface, a_whole_result):
    display = MapDisplay(a_whole_result.proxy("jacobian"), JACOBIAN)
    a_surface.paint("jacobian", 24.0, display, False)
    assert (rgb(a_surface) < 100).any()
    a_surface._maps.values["interval"][...] = 1.0
    a_surface.paint("jacobian", 24.0, display, True)
    np.testing.assert_allclose(rgb(a_surface), 255 * NO_CHANGE[0], atol=1)


def test_the_3d_view_shows_it_and_follows(application, a_surface, a_whole_result):
    view = SurfaceView(application)
    display = MapDisplay(a_whole_result.proxy("jacobian"), JACOBIAN)
    a_surface.paint("jacobian", 0.0, display, False)
    view.look(ViewDirection.RIGHT)
    seen = []
    for months in (0.0, 24.0, 0.0):
        a_surface.paint("jacobian", months, display, False)
        seen.append(view.pixels().astype(int))
    view.close()
    bluer = (seen[1][..., 2] - seen[1][..., 0]) - (seen[0][..., 2] - seen[0][..., 0])
    np.testing.assert_array_equal(seen[0], seen[2])
    assert (np.abs(bluer) > 40).any()


def test_the_surface_is_not_saved_and_goes_with_its_switch(scene, a_surface, tmp_path):
    assert not a_surface.node.GetSaveWithScene()
    a_surface.remove()
    assert scene.GetNumberOfNodesByClass("vtkMRMLModelNode") == 0
    a_surface.remove()


def test_a_result_that_is_removed_meanwhile_gets_no_surface(scene, a_whole_result):
    steps = making_surface(a_whole_result)
    work = next(steps)
    remove_result(a_whole_result)

    def rest(answer):
        while True:
            try:
                answer = steps.send(answer)()
            except StopIteration as end:
                return end.value

    assert rest(work()) is None
    assert scene.GetNumberOfNodesByClass("vtkMRMLModelNode") == 0


def test_nothing_but_what_was_measured_is_drawn(a_baseline, a_result):
    # The maps of the phantom have changed in two balls only; the head around them was not measured.
    surface = here(making_surface(a_result))
    points = vtk_to_numpy(surface.node.GetPolyData().GetPoints().GetData())
    assert np.ptp(points, axis=0).max() < 2 * 6.0 + 2 * meshes.EDGE_MM + 2.5
