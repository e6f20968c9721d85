"""The repository as a packager sees it: what its CMake files list, and what lies on the disk."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_NOT_PACKAGED = {"CMakeLists.txt", "__pycache__", ".DS_Store"}
_MODULES = "lib/Slicer-5.12/qt-scripted-modules"


@dataclass(frozen=True)
class PackagedFolder:
    """A folder that Slicer packages file by file.

    Parameters
    ----------
    path : Path
        The folder.
    prefix : str
        What the names of its two lists begin with.
    left_out : tuple of str
        Folders in it that stay in the repository.
    """

    path: Path
    prefix: str
    left_out: tuple[str, ...] = ()

    @property
    def cmake(self) -> Path:
        return self.path / "CMakeLists.txt"

    def listed(self, kind: str) -> list[str]:
        """Return the files of the list of SCRIPTS or RESOURCES."""
        name = self.list_name(kind)
        text = re.sub(r"#.*", "", self.cmake.read_text(encoding="utf-8"))
        found = re.search(rf"set\({name}\s+([^)]*)\)", text)
        assert found, f"{self.cmake} has no list {name}"
        return found[1].replace("${MODULE_NAME}", self.path.name).split()

    def list_name(self, kind: str) -> str:
        return f"{self.prefix}_PYTHON_{kind}"

    def on_disk(self) -> set[str]:
        """Return every file that users need."""
        files = (path.relative_to(self.path) for path in self.path.rglob("*") if path.is_file())
        seen = (each for each in files if not any(part.startswith(".") for part in each.parts))
        wanted = (each for each in seen if not _NOT_PACKAGED & set(each.parts) and each.suffix != ".pyc")
        return {each.as_posix() for each in wanted if each.parts[0] not in self.left_out}


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def project(repository: Path) -> dict[str, Any]:
    """Return what pyproject.toml says."""
    toml = pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
    said: dict[str, Any] = toml.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    return said


@pytest.fixture(scope="session")
def library(repository: Path) -> PackagedFolder:
    return PackagedFolder(repository / "LongitudinalINRLib", "LIBRARY")


@pytest.fixture(scope="session")
def module(repository: Path) -> PackagedFolder:
    return PackagedFolder(repository / "LongitudinalINR", "MODULE", left_out=("Testing",))


@dataclass(frozen=True)
class Build:
    """The extension built and installed with the real CMake.

    Parameters
    ----------
    built, installed : Path
        Folders of ``LongitudinalINR.py`` in the build tree and in the installation.
    """

    built: Path
    installed: Path


@pytest.fixture(scope="session")
def build(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    cmake = shutil.which("cmake")
    if cmake is None:
        pytest.skip("building the extension needs cmake 3.16 or newer")
    folder = tmp_path_factory.mktemp("extension")
    settings = {
        "Slicer_DIR": Path(__file__).parent / "slicer_build",
        "BUILD_TESTING": "ON",
        "CMAKE_MAKE_PROGRAM": cmake,
    }
    for language in ("C", "CXX"):
        # Nothing is compiled: CMake takes any program for a compiler that works, and no compiler is needed.
        compiler = f"CMAKE_{language}_COMPILER"
        settings |= {compiler: cmake, f"{compiler}_FORCED": "ON", f"{compiler}_ID_RUN": "ON"}
    configure = [cmake, "-S", repository, "-B", folder / "build", "-G", "Unix Makefiles"]
    configure += [f"-D{name}={value}" for name, value in settings.items()]
    for command in (configure, [cmake, "--install", folder / "build", "--prefix", folder / "installed"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return Build(*(folder / tree / _MODULES for tree in ("build", "installed")))
