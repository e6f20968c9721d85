"""The command line as a process of its own, with its standard streams as bad as they come."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CLI = [sys.executable, "-m", "LongitudinalINRLib.cli"]


@pytest.fixture
def questions(a_result: Path, tiny_subject, tmp_path: Path) -> dict[str, list[str]]:
    """Every command with arguments that are right; those that write do so below `tmp_path`."""
    scan, labels = str(tiny_subject.baseline), str(tiny_subject.labels)
    follow_up = f"12:{tiny_subject.follow_ups[12.0]}"
    made = tmp_path / "made"
    made.mkdir()
    result = str(a_result)
    return {
        "fit": ["fit", "--baseline", scan, "--follow-up", follow_up, "--output", str(made / "fit")],
        "resume": ["resume", result],
        "predict": ["predict", result, "--months", "6", "--map", "rate", "--output", str(made / "r.nii.gz")],
        "regions": ["regions", result, "--labels", labels, "--output", str(made / "r.csv")],
        "report": ["report", result],
        "info": ["info", result],
        "simulate": [
            *("simulate", "--t1", scan, "--labels", labels, "--months", "0,12"),
            *("--output", str(made / "subject")),
        ],
        "evaluate": ["evaluate", result],
        "demo": ["demo", "--output", str(made / "demo")],
    }


@pytest.fixture
def shell() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command as a shell does: `before` may set limits, `after` redirects its streams."""

    def run(arguments: list[str], after: str = "", before: str = "true") -> subprocess.CompletedProcess[str]:
        script = f'{before}; exec "$@" {after}'
        return subprocess.run(
            ["/bin/sh", "-c", script, "sh", *CLI, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run
