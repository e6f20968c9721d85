"""A running Slicer stand-in for every panel test that asks for one."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from standin.each_slicer import USUAL, slicer_name

if TYPE_CHECKING:
    from standin.installation import Slicer

_NEEDED = {"PySide6.QtWidgets": "PySide6-Essentials", "trame_slicer.core": "trame-slicer and slicer-core"}

_MODULE = ("LongitudinalINR", "LongitudinalINRModule")

_LIBRARIES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libx11-6 libgssapi-krb5-2"


@cache
def _missing() -> str:
    """Return why Qt or MRML cannot be loaded; empty where they can."""
    for name, package in _NEEDED.items():
        try:
            importlib.import_module(name)
        except ImportError as error:
            needed = f"{package} (pip install '.[slicer]') and the system packages {_LIBRARIES}"
            return f"panel tests need {needed}: {error}"
    return ""


class _Unavailable(pytest.Module):
    def collect(self) -> None:
        pytest.skip(_missing(), allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a skip, with its reason, in place of a module that could not be imported."""
    return _Unavailable.from_parent(parent, path=module_path) if _missing() else None


@pytest.fixture(scope="session")
def _imported_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compile the panel's files once, which every test imports again; let garbage collection end as usual."""
    import standin.installation  # noqa: F401

    before = sys.pycache_prefix, sys.dont_write_bytecode
    sys.pycache_prefix, sys.dont_write_bytecode = str(tmp_path_factory.mktemp("compiled")), False
    yield
    gc.unfreeze()
    sys.pycache_prefix, sys.dont_write_bytecode = before


def _forget_the_test_before() -> None:
    """Let go the files of the module, which hold on to their Slicer, and all that only they held.

    What stays is never looked at again when garbage is collected. PySide6 keeps every class that a test
    derives from it: without this, each test's collections would take longer than those of the test before.
    """
    for name in [each for each in sys.modules if each.split(".")[0] in _MODULE]:
        del sys.modules[name]
    gc.collect()
    gc.freeze()


@pytest.fixture(params=[USUAL], ids=slicer_name)
def running_slicer(request: pytest.FixtureRequest, _imported_once: None) -> Iterator[Slicer]:
    """Start Slicer; afterwards raise what a slot swallowed, and miss dialogs that never came."""
    from standin import collected, dialogs
    from standin.installation import install

    _forget_the_test_before()
    running = install(*request.param)
    yield running
    running.uninstall()
    unused = dialogs.unused_answers()
    dialogs.forget()
    collected.raise_first()
    assert unused == 0, f"{unused} dialog(s) expected that were never shown"
