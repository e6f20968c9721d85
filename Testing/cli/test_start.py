"""The command line answers at once: what is large is imported where it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from LongitudinalINRLib import __version__

LARGE = {"torch", "numpy", "scipy", "SimpleITK", "nibabel", "matplotlib", "jinja2", "safetensors"}


def imported_for_help(*command):
    """Return the modules that a command's help imports."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "LongitudinalINRLib.cli", *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage:" in ended.stdout
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "LongitudinalINRLib.cli.app" in imported
    return imported


def test_help_imports_nothing_large():
    assert imported_for_help() & {*LARGE, "pydantic"} == set()


@pytest.mark.parametrize("command", ["fit", "scans", "predict", "simulate", "evaluate", "demo", "bids"])
def test_nor_does_that_of_a_command(command):
    assert (
        imported_for_help(command) & LARGE == set()
    )  # pydantic reads typer's arguments, in its new releases


def test_the_version_is_said_and_nothing_else():
    ended = subprocess.run(
        [sys.executable, "-m", "LongitudinalINRLib.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ended.stdout, ended.stderr) == (f"longitudinal-inr {__version__}\n", "")


def test_a_shell_completes_commands_and_options():
    asked = {"_LONGITUDINAL_INR_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    asked["COMP_WORDS"] = "longitudinal-inr fit --same"
    ended = subprocess.run(
        [sys.executable, "-m", "LongitudinalINRLib.cli"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **asked},
    )
    assert ended.stdout.split() == ["--same-person"]


def test_a_fit_does_without_torchs_compiler_and_statistics_which_take_seconds_to_import():
    code = """if True:
        import sys
        import torch
        import LongitudinalINRLib.jobs.work
        from LongitudinalINRLib.core.optimisers import AdamW
        weight = torch.ones(1, requires_grad=True)
        weight.sum().backward()
        AdamW([weight], 0.5, 0.0).step(0.5)
        print(round(weight.item(), 3), {"torch._dynamo", "scipy.stats", "matplotlib"} & set(sys.modules))
    """
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "0.5 set()\n"
