from __future__ import annotations

import json
import shutil

import nibabel as nib
import numpy as np
import pytest
from nibabel.affines import from_matvec

from LongitudinalINRLib.cohort.bids.space import bring_labels, read_transform
from LongitudinalINRLib.cohort.plan import PlannedLabels
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.request import Request

CONFORMED = np.array([[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""The axes of FreeSurfer's space (LIA): to the left, down, and to the front."""

EDGE = 64


@pytest.fixture
def baseline(data_set, tiny_subject):
    """Put the tiny subject's scans of two sessions into the data set, and return the first."""
    data_set.person("01")
    for label, months in (("M00", 0), ("M12", 12)):
        path = data_set.path / f"sub-01/ses-{label}/anat/sub-01_ses-{label}_T1w.nii.gz"
        shutil.copy(tiny_subject.folder / f"t{months:02d}.nii.gz", path)
    return data_set.path / "sub-01/ses-M00/anat/sub-01_ses-M00_T1w.nii.gz"


@pytest.fixture
def conformed(tiny_subject):
    """Return a function that writes labels and scan of the baseline as FreeSurfer does."""

    def write(subject, names, moved_mm=(0.0, 0.0, 0.0), turned=None):
        scan = read_volume(tiny_subject.baseline)[0]
        centre = (scan.affine @ [*(np.array(scan.shape) - 1) / 2, 1])[:3] + moved_mm
        matrix = from_matvec(CONFORMED, centre - CONFORMED @ np.full(3, (EDGE - 1) / 2))
        grid = Volume(np.zeros((EDGE,) * 3, np.uint8), matrix)
        (subject / "mri").mkdir(parents=True)
        images = {
            "orig.mgz": (scan, "linear"),
            **dict.fromkeys(names, (read_labels(tiny_subject.labels)[0], "nearest")),
        }
        for name, (volume, order) in images.items():
            values = resample(volume, grid, turned, order=order).array
            kept = values.astype(np.float32 if order == "linear" else np.int32)
            nib.save(nib.MGHImage(kept, matrix), subject / "mri" / name)

    return write


@pytest.fixture
def planned(plan):
    """Return a function that gives the one person's plan, and what goes with it."""

    def make(**options):
        (person,), made = plan(**options)
        return person, made

    return make


@pytest.mark.parametrize(
    ("place", "names", "taken", "program"),
    [
        ("freesurfer/sub-01_ses-M00", ["aseg.mgz", "aparc+aseg.mgz"], "aparc+aseg.mgz", "FreeSurfer"),
        ("freesurfer-7.4/sub-01/ses-M00", ["aseg.mgz"], "aseg.mgz", "FreeSurfer"),
        ("fmriprep/sourcedata/freesurfer/sub-01", ["aparc+aseg.mgz"], "aparc+aseg.mgz", "FreeSurfer"),
        (
            "fastsurfer/sub-01_ses-M00",
            ["aparc.DKTatlas+aseg.deep.mgz", "aseg.mgz"],
            "aparc.DKTatlas+aseg.deep.mgz",
            "FastSurfer",
        ),
    ],
)
def test_segmentations_are_found_where_programs_leave_them(
    data_set, baseline, conformed, tmp_path, place, names, taken, program, planned
):
    subject = data_set.path / "derivatives" / place
    conformed(subject, names)

    person, plan = planned()

    assert (person.labels_from, person.labels.path) == (program, str(subject / "mri" / taken))
    request = Request.from_json(json.dumps(person.request))
    assert (request.labels, request.regions) == (str(tmp_path / "out/people/sub-01/labels.nii.gz"), "none")
    assert request.region_names[17] == "Left-Hippocampus"
    assert plan.notes == ()


def test_labels_are_brought_onto_the_grid_of_the_baseline(
    data_set, baseline, conformed, tiny_subject, tmp_path, planned
):
    conformed(data_set.path / "derivatives/freesurfer/sub-01_ses-M00", ["aseg.mgz"])
    person, _ = planned()
    brought = tmp_path / "labels.nii.gz"

    bring_labels(person.labels, baseline, brought)
    first = brought.read_bytes()
    bring_labels(person.labels, baseline, brought)

    given, found = read_labels(tiny_subject.labels)[0], read_labels(brought)[0]
    assert found.same_grid(read_volume(baseline)[0])
    # 1 mm voxels hold voxels of 2 mm whole, but for the half of a voxel that the centres may differ by
    assert (found.array == given.array).mean() > 0.98
    assert brought.read_bytes() == first  # the job goes on where it was


def test_synthseg_is_found_by_the_name_of_the_scan(data_set, baseline, tiny_subject, planned):
    path = data_set.path / "derivatives/synthseg/sub-01/ses-M00/anat/sub-01_ses-M00_dseg.nii.gz"
    path.parent.mkdir(parents=True)
    shutil.copy(tiny_subject.labels, path)

    assert planned()[0].labels_from == "SynthSeg"
    assert planned(use_derivatives=False)[0].labels_from == "atlas"
    moved = data_set.path.parent / "mine"
    shutil.move(path.parents[3], moved)
    assert planned()[0].labels_from == "atlas"
    # elsewhere, _dseg may be of tissue classes
    assert planned(derivatives=[moved], regions="none")[0].labels_from == "none"
    shutil.copy(tiny_subject.labels, moved / "sub-01_ses-M00_T1w_synthseg.nii.gz")
    assert planned(derivatives=[moved])[0].labels_from == "SynthSeg"


def test_a_segmentation_in_another_space_is_not_used_and_that_is_told(data_set, baseline, conformed, planned):
    conformed(data_set.path / "derivatives/freesurfer/sub-01_ses-M00", ["aseg.mgz"], moved_mm=(0, 3, 4))

    person, plan = planned()

    assert (person.labels_from, person.labels) == ("atlas", None)
    assert [note.message for note in plan.notes] == [
        "FreeSurfer's aseg.mgz is not used: its centre is 5.0 mm from that of the scan"
    ]


def test_a_template_of_several_sessions_is_not_taken_for_a_session(data_set, baseline, conformed, planned):
    conformed(data_set.path / "derivatives/freesurfer/sub-01", ["aseg.mgz"])
    data_set.write("derivatives/freesurfer/sub-01/base-tps", "sub-01_ses-M00\n")

    assert planned()[0].labels_from == "atlas"


def turn_about_z(degrees):
    angle = np.deg2rad(degrees)
    turned = np.eye(4)
    turned[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    turned[:3, 3] = (1.0, -2.0, 0.5)
    return turned


def write_lta(path, matrix, kind=1):
    rows = "\n".join(" ".join(f"{value:.15e}" for value in row) for row in matrix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"# transform file {path.name}\ntype      = {kind} # LINEAR_RAS_TO_RAS\nnxforms   = 1\n"
        f"mean      = 0.0 0.0 0.0\nsigma     = 1.0\n1 4 4\n{rows}\nsrc volume info\nvalid = 1\n"
    )
    return path


def test_the_longitudinal_stream_is_followed_from_the_scan_to_the_template(
    data_set, baseline, conformed, tiny_subject, tmp_path, planned
):
    to_template = turn_about_z(8)
    freesurfer = data_set.path / "derivatives/freesurfer"
    conformed(freesurfer / "sub-01_ses-M00.long.sub-01", ["aseg.mgz"], turned=np.linalg.inv(to_template))
    write_lta(freesurfer / "sub-01/mri/transforms/sub-01_ses-M00_to_sub-01.lta", to_template)
    brought = tmp_path / "labels.nii.gz"

    person, _ = planned()
    bring_labels(person.labels, baseline, brought)

    given, found = read_labels(tiny_subject.labels)[0].array, read_labels(brought)[0].array
    assert person.labels_from == "FreeSurfer"
    assert person.labels.transform.endswith("sub-01_ses-M00_to_sub-01.lta")
    for label in (17, 53):
        shared = (
            2
            * ((given == label) & (found == label)).sum()
            / ((given == label).sum() + (found == label).sum())
        )
        assert shared > 0.95


def test_labels_of_a_head_that_was_turned_are_refused_when_they_are_brought(
    data_set, baseline, conformed, tmp_path, planned
):
    conformed(data_set.path / "derivatives/freesurfer/sub-01_ses-M00", ["aseg.mgz"], turned=turn_about_z(15))
    person, _ = planned()

    with pytest.raises(InputError) as error:
        bring_labels(person.labels, baseline, tmp_path / "labels.nii.gz")

    assert error.value.code == "labels-elsewhere"
    assert "orig.mgz beside it correlates" in error.value.found


def test_labels_that_the_scan_does_not_hold_are_refused(tiny_subject, baseline, tmp_path):
    labels = read_labels(tiny_subject.labels)[0]
    aside = from_matvec(np.eye(3), (30.0, 0.0, 0.0)) @ labels.affine
    path = tmp_path / "aseg.mgz"
    nib.save(nib.MGHImage(np.asarray(labels.array, np.int32), aside), path)

    with pytest.raises(InputError, match="not that of the baseline"):
        bring_labels(PlannedLabels(path=str(path)), baseline, tmp_path / "labels.nii.gz")


@pytest.mark.parametrize("text", ["", "type = 1\n1 4 4\n1 0 0 0\n", "type = 1\n1 4 4\n" + "0 0 0 0\n" * 4])
def test_a_transform_without_a_matrix_is_refused(tmp_path, text):
    path = tmp_path / "x.lta"
    path.write_text(text)
    with pytest.raises(InputError, match=r"x\.lta cannot be used"):
        read_transform(path)


def test_a_transform_between_voxels_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        read_transform(write_lta(tmp_path / "x.lta", np.eye(4), kind=0))
    assert "type 0" in error.value.found


def test_a_derivative_folder_that_is_not_there_is_refused(baseline, tmp_path, planned):
    with pytest.raises(InputError, match="is not a folder"):
        planned(derivatives=[tmp_path / "nowhere"])
