from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app

Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tiny_subject) -> Command:
    """Run `longitudinal-inr` in this process, with every preset made tiny and no pictures drawn."""
    for module in ("fit", "demo"):
        monkeypatch.setattr(f"LongitudinalINRLib.cli.{module}.preset", lambda name: tiny_subject.usual.config)

    def without_pictures(content, path, place, pictures=None):
        with place(path) as part:
            part.write_text(content.study_code or "")

    monkeypatch.setattr("LongitudinalINRLib.jobs.stages.report.write_report", without_pictures)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)

    return run


@pytest.fixture
def fit_arguments(tiny_subject) -> list[object]:
    """Arguments of a usual fit, but for its output."""
    arguments: list[object] = ["fit", "--baseline", tiny_subject.baseline, "--labels", tiny_subject.labels]
    for months, path in tiny_subject.follow_ups.items():
        arguments += ["--follow-up", f"{months:g}:{path}"]
    return [*arguments, "--align", "none", "--device", "cpu"]
