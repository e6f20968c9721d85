"""`simulate` takes the settings of a simulation as options, and refuses those that have no meaning."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def simulate(command, tiny_subject, tmp_path):
    """Run `simulate` on the tiny subject into a folder of its own."""
    arguments = ["simulate", "--t1", tiny_subject.baseline, "--labels", tiny_subject.labels]

    def run(*options: object):
        return command(*arguments, "--months", "0,12", "--output", tmp_path / "out", *options)

    return run


ASKED = {
    "--smoothness-mm": ("6", {"smoothness_mm": 6.0}),
    "--own-courses": ("0.8,1.5", {"own_courses": [0.8, 1.5]}),
    "--rotation-mm": ("0.1", {"rotation_mm": 0.1}),
    "--lesion-brightness": ("0.7", {"lesion_brightness": 0.7}),
    "--drift": ("0.01", {"drift": 0.01}),
    "--drift-wavelength-mm": ("25", {"drift_wavelength_mm": 25.0}),
    "--strip-jitter-mm": ("0.5", {"strip_jitter_mm": 0.5}),
    "--slice-mm": ("8", {"slice_mm": 8.0}),
    "--gradient-nonlinearity-mm": ("1", {"gradient_nonlinearity_mm": 1.0}),
    "--scale-percent": ("0.2,0,-0.1", {"scale_percent": [0.2, 0.0, -0.1]}),
    "--blur-mm": ("0.5", {"blur_mm": 0.5}),
    "--contrast": ("0.9", {"contrast": 0.9}),
    "--motion-mm": ("1", {"motion_mm": 1.0}),
}
REFUSED = {
    "--noise": ("nan", "0 to 10"),
    "--smoothness-mm": ("0.9", "1 to 100"),
    "--own-courses": ("1,0.1", "0.2 to 5"),
    "--rotation-mm": ("11", "0 to 10"),
    "--lesion-mm": ("-3", "0 to 100"),
    "--lesion-brightness": ("0", "0.01 to 10"),
    "--drift": ("1.5", "0 to 1"),
    "--drift-wavelength-mm": ("-1", "0 to 1000"),
    "--strip-jitter-mm": ("9", "0 to 4"),
    "--slice-mm": ("inf", "0 to 20"),
    "--gradient-nonlinearity-mm": ("11", "0 to 10"),
    "--scale-percent": ("0.2,0,50", "-20 to 20"),
    "--blur-mm": ("-0.5", "0 to 10"),
    "--contrast": ("0", "0.2 to 5"),
    "--motion-mm": ("99", "0 to 20"),
}


def test_what_is_asked_for_is_written_down(simulate, tmp_path):
    options = [text for option, (value, _) in ASKED.items() for text in (option, value)]
    result = simulate("--denoise", *options)
    assert result.exit_code == 0, result.output
    parameters = json.loads((tmp_path / "out" / "simulation.json").read_text(encoding="utf-8"))["parameters"]
    written = {name: value for _, expected in ASKED.values() for name, value in expected.items()}
    assert {name: parameters[name] for name in ("denoise", *written)} == {"denoise": True, **written}


@pytest.mark.parametrize("option", REFUSED)
def test_a_value_out_of_range_is_refused_with_its_range(simulate, tmp_path, option):
    value, range_ = REFUSED[option]
    result = simulate(option, value)
    assert result.exit_code == 2
    assert f"The value of {option} cannot be used." in result.stderr
    assert f"a number from {range_}" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_lesion_where_no_white_matter_is_labelled_is_refused(simulate, tmp_path):
    result = simulate("--lesion-mm", "6")
    assert result.exit_code == 2
    assert "labels of white matter: 2 and 41" in result.stderr
    assert not (tmp_path / "out" / "simulation.json").exists()


SCALES = "one percentage, or three for right, front and up"


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        *[("--scale-percent", value, SCALES) for value in ("large", "0,1", "1_0")],
        *[("--own-courses", value, "up to 6 exponents") for value in ("fast", "1;2", "1,1,1,1,1,1,1")],
    ],
)
def test_numbers_that_cannot_be_read_are_refused(simulate, tmp_path, option, value, expected):
    result = simulate(option, value)
    assert result.exit_code == 2
    assert f"{option} cannot be read." in result.stderr
    assert expected in result.stderr
    assert not (tmp_path / "out").exists()
