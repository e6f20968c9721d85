"""Exchanged sides on real scans: two visits of a patient, a changed contrast, another person's brain."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.analysis.laterality import Sides, compare_sides
from LongitudinalINRLib.imaging.alignment import align
from LongitudinalINRLib.imaging.mask import estimate_mask
from LongitudinalINRLib.imaging.reading import read_volume
from LongitudinalINRLib.imaging.series import Scan, Series
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.stages.problem import problem_of
from LongitudinalINRLib.jobs.stages.sides import side_warnings

MONTHS = 3.0
PAIRS = {
    "two visits": ("ms_patient12/study1_T1w.nii.gz", "ms_patient12/study2_T1w.nii.gz"),
    "two visits, FLAIR": ("ms_patient12/study1_FLAIR.nii.gz", "ms_patient12/study2_FLAIR.nii.gz"),
    "before and after contrast": (
        "open_ms_patient07/T1_brain.nii.gz",
        "open_ms_patient07/T1_post_contrast_brain.nii.gz",
    ),
}


@pytest.fixture(scope="module")
def real_data():
    folder = os.environ.get("LONGITUDINAL_INR_DATA")
    if not folder:
        pytest.skip("set LONGITUDINAL_INR_DATA to the folder of ms_patient12 and open_ms_patient07")
    return Path(folder)


def flipped(volume: Volume) -> Volume:
    axis = int(np.abs(volume.affine[0, :3]).argmax())
    return volume.with_array(np.ascontiguousarray(np.flip(volume.array, axis)))


def sign_lost(volume: Volume) -> Volume:
    return Volume(volume.array, np.diag([-1.0, 1.0, 1.0, 1.0]) @ volume.affine)


def sides_of(baseline: Volume, follow_up: Volume, mask: Volume) -> Sides:
    matrix = {MONTHS: align(follow_up, baseline, mask).matrix}
    problem = problem_of(baseline, {MONTHS: follow_up}, mask, matrix, leaves_drift_free=True)
    return compare_sides(problem)[0]


@pytest.mark.parametrize("names", PAIRS.values(), ids=PAIRS)
def test_flips_of_a_real_scan_are_told_and_the_scan_itself_is_not(real_data, names):
    baseline, follow_up = (read_volume(real_data / name)[0] for name in names)
    Series.validated([Scan(baseline, 0.0), Scan(follow_up, MONTHS)])
    mask, _ = estimate_mask(baseline)
    good = sides_of(baseline, follow_up, mask)
    assert good.antisymmetric > 0.5
    assert side_warnings([MONTHS], [good]) == []
    for flip in (flipped, sign_lost):
        found = sides_of(baseline, flip(follow_up), mask)
        assert found.antisymmetric < -0.4
        assert len(side_warnings([MONTHS], [found])) == 1


def test_of_another_contrast_nothing_is_said(real_data):
    folder = real_data / "ms_patient12"
    baseline = read_volume(folder / "study1_T1w.nii.gz")[0]
    follow_up = read_volume(folder / "study2_FLAIR.nii.gz")[0]
    mask, _ = estimate_mask(baseline)
    for scan in (follow_up, flipped(follow_up)):
        assert side_warnings([MONTHS], [sides_of(baseline, scan, mask)]) == []
