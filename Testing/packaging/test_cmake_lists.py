"""A file that is missing from a CMake list is missing for users alone: the lists are checked on the disk."""

from __future__ import annotations

import re

import pytest


@pytest.fixture(params=["library", "module"])
def folder(request):
    return request.getfixturevalue(request.param)


def _kind(file: str) -> str:
    return "SCRIPTS" if file.endswith(".py") else "RESOURCES"


def test_every_file_on_the_disk_is_listed(folder):
    listed = {kind: set(folder.listed(kind)) for kind in ("SCRIPTS", "RESOURCES")}
    forgotten = sorted(file for file in folder.on_disk() if file not in listed[_kind(file)])

    assert not forgotten, f"\nAdd to {folder.cmake}:\n" + "\n".join(
        f"  the line '  {file}' to {folder.list_name(_kind(file))}" for file in forgotten
    )


def test_every_listed_file_is_on_the_disk(folder):
    on_disk = folder.on_disk()
    gone = [
        (file, folder.list_name(kind))
        for kind in ("SCRIPTS", "RESOURCES")
        for file in folder.listed(kind)
        if file not in on_disk
    ]

    assert not gone, f"\nSlicer's build would stop. Remove from {folder.cmake}:\n" + "\n".join(
        f"  the line '  {file}' from {name}" for file, name in gone
    )


def test_no_file_is_listed_twice(folder):
    listed = folder.listed("SCRIPTS") + folder.listed("RESOURCES")

    assert sorted(listed) == sorted(set(listed))


def test_every_folder_with_python_files_is_a_package(folder):
    files = folder.on_disk()
    packages = {file.rpartition("/")[0] for file in files if file.endswith(".py") and "/" in file}

    assert {f"{package}/__init__.py" for package in packages} <= files


def test_every_test_for_slicer_runs_under_ctest(module):
    folder = module.path / "Testing" / "Python"
    commands = (folder / "CMakeLists.txt").read_text(encoding="utf-8")
    registered = re.findall(r"^slicer_add_python_unittest\(SCRIPT (\S+)\)$", commands, flags=re.MULTILINE)

    assert sorted(registered) == sorted(path.name for path in folder.glob("*.py"))
