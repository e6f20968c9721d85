"""The methods that ours is compared with, by name.

NiftyReg, which the published experiments compare with, is left out: it has no package that pip can install.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from benchmarks.accuracy.peers.pair import Register

ADVICE = 'pip install ".[peers]"'


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
