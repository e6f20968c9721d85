"""The people of the benchmarks: read where they are, and where they are not it is said why."""

from __future__ import annotations

import os

import nibabel
import numpy as np
import pytest

from benchmarks.accuracy.cohort import REPORTING, TUNING
from benchmarks.dlmuse import FREESURFER, in_freesurfer_numbers
from benchmarks.people import DATA_VARIABLE, PEOPLE, stripped
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES

IXI = [name for name in PEOPLE if name.startswith("ixi")]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder with one tiny person of IXI: a head of 5 voxels around a brain of 3."""
    person = PEOPLE["ixi012"]
    labels = np.zeros((7, 7, 7), np.uint8)
    labels[2:5, 2:5, 2:5] = 47
    labels[3, 3, 3] = 0
    head = np.zeros((7, 7, 7), np.float32)
    head[1:6, 1:6, 1:6] = 90.0
    affine = np.array([[0.0, 0, 2, -7], [-2, 0, 0, 7], [0, 2, 0, -7], [0, 0, 0, 1]])
    for name, array in ((person.t1, head), (person.labels, labels)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        nibabel.save(nibabel.Nifti1Image(array, affine), tmp_path / name)
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    return tmp_path


def test_a_person_is_read_without_the_head_under_freesurfers_numbers(data):
    t1, labels = PEOPLE["ixi012"].read()
    brain = np.zeros((7, 7, 7), bool)
    brain[2:5, 2:5, 2:5] = True
    np.testing.assert_array_equal(t1.array, np.where(brain, 90.0, 0.0))
    assert np.unique(labels.array).tolist() == [0, 53]
    assert labels.array[3, 3, 3] == 0
    assert t1.same_grid(labels)


def test_the_head_stays_where_it_is_asked_for(data):
    t1, _ = PEOPLE["ixi012"].read(with_head=True)
    assert (t1.array > 0).sum() == 125


def test_who_is_missing_is_told_with_the_reason(data, monkeypatch):
    assert PEOPLE["ixi012"].missing is None
    assert PEOPLE["average"].missing is None
    assert "holds no ixi_2mm/IXI013-HH-1212-T1_ds.nii.gz, ixi_2mm/" in str(PEOPLE["ixi013"].missing)
    monkeypatch.delenv(DATA_VARIABLE)
    assert PEOPLE["ixi012"].missing == f"{DATA_VARIABLE} is not set"


def test_every_region_with_a_rate_has_its_numbers_and_sides_are_not_exchanged():
    assert set(DEFAULT_RATES) <= set(FREESURFER.values())
    numbers = np.array([[[0, 51, 52, 59, 60, 31, 32, 81, 82, 100, 101, 72]]], np.uint8)
    found = in_freesurfer_numbers(Volume(numbers, np.eye(4))).array
    assert found.tolist() == [[[0, 43, 4, 49, 10, 54, 18, 41, 2, 42, 3, 2072]]]


def test_what_labels_enclose_belongs_to_the_brain():
    labels = np.ones((3, 3, 3), np.int16)
    labels[1, 1, 1] = 0
    scan = Volume(np.full((3, 3, 3), 5.0, np.float32), np.eye(4))
    assert stripped(scan, Volume(labels, np.eye(4))).array.min() == 5.0


def test_every_specification_names_a_known_person():
    assert {spec.person for spec in (*REPORTING, *TUNING)} <= set(PEOPLE)


@pytest.mark.skipif(not os.environ.get(DATA_VARIABLE), reason=f"Real scans: {DATA_VARIABLE} is not set.")
@pytest.mark.parametrize("name", IXI)
def test_sides_of_the_people_of_ixi_are_where_they_belong(name):
    if PEOPLE[name].missing:
        pytest.skip(str(PEOPLE[name].missing))
    t1, labels = PEOPLE[name].read()
    for left, right in ((4, 43), (17, 53), (18, 54), (10, 49), (3, 42), (2, 41)):
        x_mm = [
            (np.argwhere(labels.array == label) @ labels.affine[:3, :3].T + labels.affine[:3, 3])[:, 0].mean()
            for label in (left, right)
        ]
        assert x_mm[0] < x_mm[1]
    fluid, white = (float(np.median(t1.array[labels.array == label])) for label in (4, 2))
    assert fluid < 0.7 * white
