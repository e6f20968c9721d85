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


@pytest.mark.parametrize("value", ["large", "0.2,0", "1_0", "0.1;0.2;0.3"])
def test_a_scale_that_cannot_be_read_is_refused(simulate, tmp_path, value):
    result = simulate("--scale-percent", value)
    assert result.exit_code == 2
    assert "--scale-percent cannot be read." in result.stderr
    assert "one percentage, or three for right, front and up" in result.stderr
    assert not (tmp_path / "out").exists()
