"""The methods that ours is compared with, by name.

Each registers one follow-up to the baseline. A name with `in_time.REGRESSED` behind it stands for the same
fields, drawn together over all scans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from benchmarks.accuracy.peers.pair import Register

ADVICE = 'CMAKE_POLICY_VERSION_MINIMUM=3.5 pip install ".[peers]"'
"""NiftyReg is built on the way, by CMake 4, which its files are too old for without that variable."""


@dataclass(frozen=True)
class Source:
    """Where a method is: our module, what it imports, the package that holds that, and our function."""

    module: str
    needs: str
    package: str
    function: str = "register"

    @property
    def installed(self) -> bool:
        """Whether the package is there."""
        return find_spec(self.needs) is not None


SOURCES = {
    "ANTs SyN": Source("ants", "ants", "antspyx"),
    "ANTs SyN default": Source("ants", "ants", "antspyx", "register_by_default"),
    "elastix bending energy": Source("elastix", "itk", "itk-elastix", "register_stiffly"),
    "NiftyReg": Source("niftyreg", "niftyreg", "niftyreg"),
    "Greedy": Source("greedy", "picsl_greedy", "picsl-greedy"),
    "elastix B-spline": Source("elastix", "itk", "itk-elastix"),
    "elastix B-spline 6 mm": Source("elastix", "itk", "itk-elastix", "register_finely"),
    "diffeomorphic demons": Source("demons", "SimpleITK", "SimpleITK"),
}


class Peers(Mapping[str, Register]):
    """The methods; looking one up imports its package, which takes seconds: do that before a clock starts."""

    def __getitem__(self, name: str) -> Register:
        source = SOURCES[name]
        if not source.installed:
            raise ImportError(missing()[name])
        module = import_module(f"benchmarks.accuracy.peers.{source.module}")
        register: Register = getattr(module, source.function)
        return register

    def __iter__(self) -> Iterator[str]:
        return iter(SOURCES)

    def __len__(self) -> int:
        return len(SOURCES)


PEERS = Peers()


def available() -> tuple[str, ...]:
    """Return the names of the methods whose packages are installed."""
    return tuple(name for name, source in SOURCES.items() if source.installed)


def missing() -> dict[str, str]:
    """Return what to do about each method whose package is not installed, by name."""
    return {
        name: f"{name} needs the package {source.package}: {ADVICE}"
        for name, source in SOURCES.items()
        if not source.installed
    }
