"""Slips of the person that typed the series: refused where the fault is certain, else warned about."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.files import sha256_of, write_text
from LongitudinalINRLib.imaging.itk import to_itk
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.worker import perform

RIGHT = {12.0: 12.0, 24.0: 24.0, 36.0: 36.0}


def saved_by_itk(volume, path):
    sitk.WriteImage(to_itk(volume), str(path))


def saved_with_a_slope(volume, path):
    image = nib.Nifti1Image(volume.array, volume.affine)
    image.set_data_dtype(np.int16)
    nib.save(image, path)


def saved_in_another_order(volume, path):
    image = nib.Nifti1Image(volume.array, volume.affine)
    turn = nib.orientations.ornt_transform(
        nib.io_orientation(volume.affine), nib.orientations.axcodes2ornt(("P", "S", "R"))
    )
    nib.save(image.as_reoriented(turn), path)


def saved_in_eight_bits(volume, path):
    write_volume(volume.with_array(np.clip(volume.array, 0, 255).astype(np.uint8)), path)


def saved_flipped(volume, path):
    write_volume(volume.with_array(volume.array[::-1]), path)


COPIES = {
    "uncompressed": ("copy.nii", write_volume),
    "nrrd": ("copy.nrrd", saved_by_itk),
    "mha": ("copy.mha", saved_by_itk),
    "int16 with a slope": ("copy.nii.gz", saved_with_a_slope),
    "uint8": ("copy.nii.gz", saved_in_eight_bits),
    "another axis order": ("copy.nii.gz", saved_in_another_order),
    "flipped": ("copy.nii.gz", saved_flipped),
}


@pytest.fixture
def perform_on(tmp_path):
    """Return what a job tells about a request, and its exit code; the inputs stay as they were."""

    def told(request):
        folder = JobFolder(tmp_path / "job")
        folder.create()
        write_text(folder.request, request.to_json())
        inputs = [request.baseline, request.labels, *(scan.path for scan in request.follow_ups)]
        before = [sha256_of(Path(path)) for path in inputs]
        come: list[events.Event] = []
        code = perform(folder, come.append, lambda: False)
        assert [sha256_of(Path(path)) for path in inputs] == before
        return code, come, folder

    return told


def warnings_of(come):
    return [event.message for event in come if isinstance(event, events.Warning)]


@pytest.mark.parametrize(("name", "save"), COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("of_month", [0.0, pytest.param(12.0, marks=pytest.mark.attack)])
def test_one_scan_as_two_visits_is_refused(a_person, perform_on, tmp_path, name, save, of_month):
    copy = tmp_path / name
    save(a_person.volumes[of_month], copy)
    code, come, folder = perform_on(a_person.request(RIGHT, month_36=copy))
    failed = come[-1]
    assert code == 2
    assert isinstance(failed, events.Failed)
    assert failed.code == "identical-scans"
    assert f"months {of_month:g} and 36" in failed.message
    assert failed.expected
    assert failed.found
    assert failed.advice
    assert not folder.results.exists()
    assert not folder.fit.exists()


BLUNDERS = {
    "two of three exchanged": (
        {12.0: 24.0, 24.0: 12.0, 36.0: 36.0},
        "the months of scan-1 (month 12) and scan-2 (month 24) exchanged",
    ),
    "the last two exchanged": (
        {12.0: 12.0, 24.0: 36.0, 36.0: 24.0},
        "the months of scan-2 (month 24) and scan-3 (month 36) exchanged",
    ),
    "both exchanged": (
        {12.0: 24.0, 24.0: 12.0},
        "the months of scan-1 (month 12) and scan-2 (month 24) exchanged",
    ),
    "years as months": ({12.0: 1.0, 24.0: 2.0, 36.0: 3.0}, "Were years typed as months?"),
    "years as tenths of months": ({12.0: 0.1, 24.0: 0.2, 36.0: 0.3}, "Were years typed as months?"),
    "one in years": ({12.0: 1.0, 24.0: 24.0, 36.0: 36.0}, "scan-1 (month 1): the change that the other"),
}


IN_THE_USUAL_RUN = ("two of three exchanged", "years as months", "one in years")
"""One for each warning: every blunder is a whole job."""


@pytest.mark.parametrize(
    ("months", "warning"),
    [
        pytest.param(*given, id=name, marks=() if name in IN_THE_USUAL_RUN else pytest.mark.attack)
        for name, given in BLUNDERS.items()
    ],
)
def test_wrong_months_are_told(a_person, perform_on, months, warning):
    code, come, _ = perform_on(a_person.request(months))
    assert code == 0
    assert any(warning in told for told in warnings_of(come))


def test_a_flipped_follow_up_is_told_and_no_other(a_person, perform_on, tmp_path):
    flipped = tmp_path / "flipped.nii.gz"
    saved_flipped(a_person.volumes[24.0], flipped)
    code, come, _ = perform_on(a_person.request(RIGHT, month_24=flipped))
    assert code == 0
    sides = [told for told in warnings_of(come) if "its left looks like the baseline's right" in told]
    assert len(sides) == 1
    assert sides[0].startswith("scan-2 (month 24)")


def test_the_same_series_typed_rightly_raises_no_warning(a_person, perform_on):
    code, come, _ = perform_on(a_person.request(RIGHT))
    assert code == 0
    assert warnings_of(come) == []
