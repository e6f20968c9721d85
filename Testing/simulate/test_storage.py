"""A subject in a folder is the subject that was simulated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.storage import load_truth
from LongitudinalINRLib.simulate.subject import simulate_subject


def test_what_is_saved_is_read_back(a_head: tuple[Volume, Volume], tmp_path: Path) -> None:
    subject = simulate_subject(*a_head, [18.5, 0], smoothness_mm=12.0, seed=3, noise=0.01)
    subject.save(tmp_path / "subject")
    truth = load_truth(tmp_path / "subject")
    assert truth.months == (0.0, 18.5)
    for number, months in enumerate(truth.months):
        scan, warnings = read_volume(truth.scan_path(months))
        assert not warnings
        assert scan.same_grid(a_head[0])
        np.testing.assert_array_equal(scan.array, subject.scans[number].array)
        np.testing.assert_array_equal(
            read_labels(truth.labels_path(months))[0].array, subject.labels[number].array
        )
        np.testing.assert_array_equal(truth.jacobian(months).array, subject.truth_jacobian[number].array)
        np.testing.assert_array_equal(truth.rate(months).array, subject.truth_rate[number].array)
        np.testing.assert_array_equal(
            truth.displacement(months).array, subject.truth_displacement[number].array
        )
        np.testing.assert_array_equal(truth.baseline_to_scan(months), subject.baseline_to_scan[number])


def test_the_files_have_the_promised_names(a_head: tuple[Volume, Volume], tmp_path: Path) -> None:
    simulate_subject(*a_head, [0, 24], smoothness_mm=12.0).save(tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")) == [
        "files.json",
        "labels_000.0mo.nii.gz",
        "labels_024.0mo.nii.gz",
        "simulation.json",
        "t000.0mo.nii.gz",
        "t024.0mo.nii.gz",
        "truth/displacement_000.0mo.nii.gz",
        "truth/displacement_024.0mo.nii.gz",
        "truth/jacobian_000.0mo.nii.gz",
        "truth/jacobian_024.0mo.nii.gz",
        "truth/rate_000.0mo.nii.gz",
        "truth/rate_024.0mo.nii.gz",
    ]


def test_the_description_holds_all_that_decided_the_simulation(
    a_head: tuple[Volume, Volume], tmp_path: Path
) -> None:
    rates = {4: 3.0, 2: -1.0}
    simulate_subject(*a_head, [0, 12], seed=5, rates_percent_per_year=rates, smoothness_mm=12.0).save(
        tmp_path
    )
    assert json.loads((tmp_path / "simulation.json").read_text(encoding="utf-8"))["parameters"] == {
        "seed": 5,
        "rates_percent_per_year": {"4": 3.0, "2": -1.0},
        "smoothness_mm": 12.0,
        "variation": 0.2,
        "time_course": "linear",
        "own_courses": [],
        "rotation_mm": 0.0,
        "lesion_mm": 0.0,
        "lesion_brightness": 0.6,
        "noise": 0.02,
        "drift": 0.03,
        "drift_wavelength_mm": 0.0,
        "shift_mm": 2.0,
        "turn_degrees": 2.0,
        "strip_jitter_mm": 0.0,
        "slice_mm": 0.0,
        "denoise": False,
        "gradient_nonlinearity_mm": 0.0,
        "scale_percent": [0.0, 0.0, 0.0],
        "blur_mm": 0.0,
        "contrast": 1.0,
        "motion_mm": 0.0,
    }


@pytest.mark.parametrize("content", [None, "", "{}", "[1, 2]"])
def test_another_folder_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "simulation.json").write_text(content)
    with pytest.raises(InputError) as refusal:
        load_truth(tmp_path)
    assert refusal.value.code == "not-a-simulation"


def test_the_truth_of_an_older_version_is_read_but_not_replaced(
    a_head: tuple[Volume, Volume], tmp_path: Path
) -> None:
    subject = simulate_subject(*a_head, [0, 12], smoothness_mm=12.0)
    subject.save(tmp_path)
    (tmp_path / "files.json").unlink()
    path = tmp_path / "simulation.json"
    listed = json.loads(path.read_text(encoding="utf-8")) | {"files": {"t000.0mo.nii.gz": {}}}
    path.write_text(json.dumps(listed), encoding="utf-8")
    assert load_truth(tmp_path).months == (0.0, 12.0)
    with pytest.raises(InputError) as refusal:
        subject.save(tmp_path)
    assert refusal.value.code == "output-not-empty"
    assert json.loads(path.read_text(encoding="utf-8")) == listed
