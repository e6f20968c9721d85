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


@pytest.mark.parametrize(("option", "value", "written"), [("--smoothness-mm", "1.5", {"smoothness_mm": 1.5})])
def test_what_is_asked_for_is_written_down(simulate, tmp_path, option, value, written):
    result = simulate(option, value)
    assert result.exit_code == 0, result.output
    parameters = json.loads((tmp_path / "out" / "simulation.json").read_text(encoding="utf-8"))["parameters"]
    assert {name: parameters[name] for name in written} == written


@pytest.mark.parametrize(
    ("option", "value", "range_"),
    [("--smoothness-mm", "0.9", "1 to 100"), ("--noise", "nan", "0 to 10")],
)
def test_a_value_out_of_range_is_refused_with_its_range(simulate, tmp_path, option, value, range_):
    result = simulate(option, value)
    assert result.exit_code == 2
    assert f"The value of {option} cannot be used." in result.stderr
    assert f"a number from {range_}" in result.stderr
    assert not (tmp_path / "out").exists()
