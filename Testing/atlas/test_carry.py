"""The template's own regions, carried to a deformed copy of it, must come back; real scans where they are."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from LongitudinalINRLib.analysis.numbering import numbered_as_freesurfer
from LongitudinalINRLib.analysis.overlap import dice
from LongitudinalINRLib.atlas import carry
from LongitudinalINRLib.atlas.carry import CarriedRegions, carried_regions
from LongitudinalINRLib.atlas.template import Template, load_template
from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume

VOXEL_MM = 2.5
PLACED = np.array(
    [[0.0, -VOXEL_MM, 0.0, 95.0], [0.0, 0.0, VOXEL_MM, -110.0], [VOXEL_MM, 0.0, 0.0, -60.0], [0, 0, 0, 1]]
)
"""Another axis order than the template's, another place, and left to right in the other direction."""
LARGEST_MOVE_MM = 6.0


@pytest.fixture(scope="module")
def the_template() -> Template:
    return load_template()


@pytest.fixture(autouse=True)
def _loaded_once(the_template, monkeypatch):
    monkeypatch.setattr(carry, "load_template", lambda: the_template)


@pytest.fixture(scope="module")
def a_person(the_template) -> tuple[Volume, Volume]:
    """Return a scan and its true labels: the template 6 % larger, wavy, dimmer to the left, with noise."""
    shape = (76, 92, 72)
    at_mm = np.tensordot(PLACED[:3, :3], np.indices(shape), 1) + PLACED[:3, 3:, None, None]
    waves = [LARGEST_MOVE_MM * np.sin(at_mm[(axis + 1) % 3] / 25.0) / np.sqrt(3) for axis in range(3)]
    inverse = np.linalg.inv(the_template.t1.affine)
    there_mm = at_mm / 1.06 + waves + np.array([4.0, -3.0, 8.0])[:, None, None, None]
    index = np.tensordot(inverse[:3, :3], there_mm, 1) + inverse[:3, 3:, None, None]
    labels = ndimage.map_coordinates(the_template.labels.array, index, order=0)
    scan = ndimage.map_coordinates(the_template.t1.array.astype(np.float32), index, order=1)
    scan *= 3.0 + 0.01 * at_mm[0]
    noise = np.random.default_rng(3).normal(0.0, 6.0, shape)
    inside = ndimage.map_coordinates(the_template.mask.array.astype(np.uint8), index, order=0) > 0
    return Volume(np.where(inside, scan + noise, 0.0).astype(np.float32), PLACED), Volume(labels, PLACED)


@pytest.fixture(scope="module")
def its_regions(a_person) -> CarriedRegions:
    scan, _ = a_person
    return carried_regions(scan, scan.with_array(scan.array != 0))


def test_known_regions_come_back_through_a_deformation(a_person, its_regions):
    scan, labels = a_person
    found = dice(labels, its_regions.labels, scan.with_array(scan.array != 0))
    assert its_regions.fits
    assert numbered_as_freesurfer(its_regions.labels)
    assert set(np.unique(its_regions.labels.array)) == set(np.unique(labels.array))
    for structures, least in (((2, 41, 3, 42, 10, 49, 12, 51), 0.8), ((4, 43, 17, 53, 18, 54), 0.7)):
        assert min(found[label] for label in structures) > least, found


def test_nothing_is_labelled_outside_the_mask(a_person, its_regions):
    scan, _ = a_person
    assert not its_regions.labels.array[scan.array == 0].any()
    assert its_regions.labels.same_grid(scan)


def test_a_brain_upside_down_does_not_fit(a_person):
    scan, _ = a_person
    fallen = Volume(scan.array, np.diag([1.0, 1.0, -1.0, 1.0]) @ scan.affine)
    assert not carried_regions(fallen, fallen.with_array(scan.array != 0)).fits


def test_a_mask_far_smaller_than_a_brain_does_not_fit(a_person):
    scan, _ = a_person
    few = np.zeros(scan.shape, bool)
    few[30:34, 30:34, 30:34] = True
    found = carried_regions(scan, scan.with_array(few))
    assert not found.fits
    assert not found.labels.array.any()


def test_the_registration_stops_when_it_is_asked_to(a_person):
    scan, _ = a_person
    told: list[float] = []
    with pytest.raises(Cancelled):
        carried_regions(scan, scan.with_array(scan.array != 0), lambda: len(told) > 1, told.append)
    assert told[-1] < 0.5


def test_regions_of_a_real_brain_overlap_with_freesurfers():
    folder = os.environ.get("LONGITUDINAL_INR_DATA")
    if not folder or not (Path(folder) / "t1_labelled").is_dir():
        pytest.skip("LONGITUDINAL_INR_DATA holds no t1_labelled")
    scan, _ = read_volume(Path(folder) / "t1_labelled" / "T1w_brain.nii.gz")
    labels, _ = read_labels(Path(folder) / "t1_labelled" / "aseg.nii.gz")
    mask = labels.with_array(ndimage.binary_fill_holes(labels.array > 0))
    found = dice(labels, carried_regions(scan, mask).labels, mask)
    assert min(found[label] for label in (17, 53)) >= 0.70
    assert min(found[label] for label in (4, 43)) >= 0.80
