"""One tested version of everything, for each Python and system; the panel installs none far beyond it."""

from __future__ import annotations

import importlib.metadata
import runpy
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PYTHONS = ("3.10", "3.11", "3.12")
SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
TESTED = ("demo", "dev", "dicom", "notebook", "cohort", "slicer")  # never the others in the test environment
THIS_PYTHON = ".".join(map(str, sys.version_info[:2]))
ADVICE = "`make constraints` renews the versions, `make install` installs them"


@pytest.fixture(scope="module")
def lines(repository):
    text = (repository / "constraints.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@pytest.fixture(scope="module")
def direct(project):
    """Return what the library, the demo and the tests ask for, by name."""
    tables = project["project"]
    said = [
        *tables["dependencies"],
        *(each for extra in TESTED for each in tables["optional-dependencies"][extra]),
    ]
    return {canonicalize_name(each.name): each for each in map(Requirement, said)}


@pytest.fixture(scope="module")
def panel(repository):
    path = repository / "LongitudinalINR/LongitudinalINRModule/dependencies/requirements.py"
    return runpy.run_path(str(path))


def pins(lines, python, system="Linux"):
    """Return the version that is installed of each package, by name."""
    where = {"python_version": python, "python_full_version": f"{python}.1"}
    where |= {"platform_system": system, "sys_platform": SYSTEMS[system]}
    asked = [each for each in map(Requirement, lines) if each.marker is None or each.marker.evaluate(where)]
    found = {canonicalize_name(each.name): Version(str(each.specifier).removeprefix("==")) for each in asked}
    assert len(found) == len(asked), f"two versions for Python {python} on {system}"
    return found


def next_release(version):
    """Return the next major release, or the next minor one of a package that has had none."""
    return str(version.major + 1) if version.major else f"0.{version.minor + 1}"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_direct_dependency_has_one_version_that_the_project_allows(lines, direct, python, system):
    versions = pins(lines, python, system)

    assert direct.keys() <= versions.keys(), ADVICE
    refused = {n: str(versions[n]) for n, each in direct.items() if not each.specifier.contains(versions[n])}
    assert refused == {}, ADVICE


def test_versions_are_exact_and_name_no_place_to_load_them_from(repository, lines):
    inexact = [line for line in lines if [each.operator for each in Requirement(line).specifier] != ["=="]]

    assert inexact == []
    assert "://" not in (repository / "constraints.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(THIS_PYTHON not in PYTHONS, reason=f"no versions are tested for Python {THIS_PYTHON}")
def test_what_is_installed_here_is_what_is_said_to_be_tested(lines, project):
    here = {
        canonicalize_name(each.metadata["Name"]): each.version for each in importlib.metadata.distributions()
    }
    said = {name: str(version) for name, version in pins(lines, THIS_PYTHON).items() if name in here}

    # A build for one kind of device says so after a plus sign: 2.13.0+cpu is 2.13.0.
    assert {name: Version(here[name]).public for name in said} == said, ADVICE
    always = {Requirement(each).name for each in project["project"]["dependencies"]}
    assert {canonicalize_name(each) for each in always} <= said.keys()


def test_the_panel_installs_up_to_the_next_release_after_the_newest_tested(lines, panel):
    tested = [pins(lines, python) for python in PYTHONS]
    wanted = {
        each.name: next_release(max(versions[each.name] for versions in tested))
        for each in (*panel["REQUIREMENTS"], panel["DEMO"])
    }

    assert {each.name: each.below for each in (*panel["REQUIREMENTS"], panel["DEMO"])} == wanted
    for each in (*panel["REQUIREMENTS"], panel["DEMO"]):
        allowed = Requirement(each.specifier).specifier
        assert all(versions[each.name] in allowed for versions in tested), each.specifier


def test_the_panel_installs_what_the_project_needs_besides_slicers_own(project, panel):
    terminal = {"typer", "rich"}
    asked = map(Requirement, project["project"]["dependencies"])
    wanted = {str(each) for each in asked if each.name not in {*panel["NEVER_REPLACED"], *terminal}}

    assert {f"{each.name}>={each.oldest}" for each in panel["REQUIREMENTS"]} == wanted
    demo = panel["DEMO"]
    assert [f"{demo.name}>={demo.oldest}"] == project["project"]["optional-dependencies"]["demo"]
