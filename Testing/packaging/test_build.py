"""The extension that Slicer's build would make holds every file, and the library in it can be imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORTED_BEFORE_DEPENDENCIES = (
    "jobs.request",
    "jobs.events",
    "jobs.folder",
    "jobs.runner",
    "core.config",
    "errors",
)


@pytest.mark.parametrize("tree", ["built", "installed"])
def test_a_tree_holds_every_file_of_module_and_library_and_nothing_else(build, tree, library, module):
    folder = getattr(build, tree)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert files == {f"LongitudinalINRLib/{file}" for file in library.on_disk()} | module.on_disk()


def test_the_installed_library_is_imported_with_the_standard_library_alone(build):
    imports = "; ".join(f"import LongitudinalINRLib.{name}" for name in IMPORTED_BEFORE_DEPENDENCIES)
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {imports}; print(LongitudinalINRLib.__file__)"
    command = [sys.executable, "-I", "-S", "-c", code, str(build.installed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.strip() == str(build.installed / "LongitudinalINRLib" / "__init__.py")
