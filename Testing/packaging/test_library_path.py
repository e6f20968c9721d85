"""The module finds the library that came with it, whichever way it was loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OTHER_VERSION = "raise ImportError('another version of the library')"


def _import_as_slicer_does(module_folder: Path, *other_paths: Path) -> list[str]:
    """Import the library in a fresh Python that has the module's folder alone; return where it came from."""
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from LongitudinalINRModule.library_path import add_library_path\n"
        "print(add_library_path()); print(add_library_path())\n"
        "import LongitudinalINRLib; print(LongitudinalINRLib.__file__)\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, *map(str, other_paths), str(module_folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]


@pytest.mark.parametrize("layout", ["sources", "build tree", "installation"])
def test_the_library_is_found(layout, repository, request):
    if layout == "sources":
        module_folder, expected = repository / "LongitudinalINR", repository
    else:
        build = request.getfixturevalue("build")
        module_folder = expected = build.built if layout == "build tree" else build.installed

    found = _import_as_slicer_does(module_folder)

    assert found == [str(expected), str(expected), str(expected / "LongitudinalINRLib" / "__init__.py")]


def test_another_version_on_the_path_does_not_win(repository, tmp_path):
    (tmp_path / "LongitudinalINRLib").mkdir()
    (tmp_path / "LongitudinalINRLib" / "__init__.py").write_text(OTHER_VERSION)

    found = _import_as_slicer_does(repository / "LongitudinalINR", tmp_path)

    assert found[-1] == str(repository / "LongitudinalINRLib" / "__init__.py")


def test_the_path_of_an_installed_module_stays_as_slicer_made_it(build):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]; before = list(sys.path)\n"
        "from LongitudinalINRModule.library_path import add_library_path\n"
        "add_library_path(); print(sys.path == before)\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, "somewhere", str(build.installed)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert told == "True\n"


def test_a_missing_library_says_where_it_was_expected(repository, tmp_path):
    package = tmp_path / "module" / "LongitudinalINRModule"
    package.mkdir(parents=True)
    source = repository / "LongitudinalINR" / "LongitudinalINRModule" / "library_path.py"
    (package / "library_path.py").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(subprocess.CalledProcessError) as failed:
        _import_as_slicer_does(tmp_path / "module")

    for said in (
        str(tmp_path / "module"),
        str(tmp_path),
        "found none",
        "Install the LongitudinalINR extension",
    ):
        assert said in failed.value.stderr
