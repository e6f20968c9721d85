"""What the engine needs besides Slicer's own Python. Needs the standard library alone."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass

# What Slicer brings and other modules rely on: an installation must never change it.
NEVER_REPLACED = ("numpy", "scipy", "SimpleITK", "vtk", "pydicom", "requests")


@dataclass(frozen=True)
class Requirement:
    """A Python package.

    Parameters
    ----------
    name : str
        Of the package.
    oldest : str
        The oldest release that works.
    below : str
        First release that is not installed: the next major one (minor, for 0.x) after the one that is tested.
    purpose : str
        What it is for, in a few words.
    size : str
        What is downloaded, for people.
    """

    name: str
    oldest: str
    below: str
    purpose: str
    size: str

    @property
    def bounds(self) -> str:
        """The releases that may be installed."""
        return f">={self.oldest},<{self.below}"

    @property
    def specifier(self) -> str:
        """What pip is told."""
        return self.name + self.bounds


TORCH = Requirement("torch", "2.4", "3", "the neural network", "200 MB; up to 3 GB with CUDA")
REQUIREMENTS = (
    TORCH,
    Requirement("nibabel", "5.2", "6", "reading and writing NIfTI files", "3 MB"),
    Requirement("isal", "1.5", "2", "writing them quickly", "0.3 MB"),
    Requirement("pydantic", "2.6", "3", "checking requests", "3 MB"),
    Requirement("safetensors", "0.4", "0.9", "storing models", "0.5 MB"),
    Requirement("psutil", "5.9", "8", "running at low priority", "0.5 MB"),
    Requirement("pillow", "10.1", "14", "pictures of the report", "7 MB"),
    Requirement("jinja2", "3.1", "4", "the report", "0.2 MB"),
    Requirement("reportlab", "4.0", "6", "the report as PDF", "2 MB"),
)
DEMO = Requirement("nilearn", "0.10", "0.15", "the simulated sample data", "40 MB")


def installed_version(name: str) -> str | None:
    """Return the version of a package that is installed, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def missing(
    requirements: tuple[Requirement, ...] = REQUIREMENTS,
    version_of: Callable[[str], str | None] = installed_version,
) -> list[Requirement]:
    """Return the packages that are not installed, or too old.

    A newer release than would be installed is kept: another extension may have brought it.
    """
    return [each for each in requirements if _older(version_of(each.name), each.oldest)]


def constraints(version_of: Callable[[str], str | None] = installed_version) -> list[str]:
    """Return what tells pip to leave Slicer's own packages as they are."""
    versions = {name: version_of(name) for name in NEVER_REPLACED}
    return [f"{name}=={version}" for name, version in versions.items() if version is not None]


def _older(found: str | None, wanted: str) -> bool:
    return found is None or _numbers(found) < _numbers(wanted)


def _numbers(version: str) -> tuple[int, ...]:
    public = version.split("+", maxsplit=1)[0]
    return tuple(int(number) for number in re.findall(r"\d+", public)[:3])
