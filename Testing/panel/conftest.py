"""A running Slicer stand-in for every panel test that asks for one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from standin.installation import Slicer

_NEEDED = {"PySide6.QtWidgets": "PySide6-Essentials", "trame_slicer.core": "trame-slicer and slicer-core"}

_LIBRARIES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libx11-6 libgssapi-krb5-2"


@pytest.fixture(scope="session")
def _graphics() -> None:
    """Skip the panel tests, saying why, where Qt or MRML cannot be loaded."""
    for name, package in _NEEDED.items():
        reason = f"panel tests need {package} (pip install '.[slicer]') and the system packages {_LIBRARIES}"
        pytest.importorskip(name, reason=reason, exc_type=ImportError)


@pytest.fixture(params=[("5.12", 5)], ids=["Slicer-5.12-Qt-5"])
def running_slicer(request: pytest.FixtureRequest, _graphics: None) -> Iterator[Slicer]:
    """Start Slicer; afterwards raise what a slot swallowed, and miss dialogs that never came."""
    from standin import collected, dialogs
    from standin.installation import install

    running = install(*request.param)
    yield running
    running.uninstall()
    unused = dialogs.unused_answers()
    dialogs.forget()
    collected.raise_first()
    assert unused == 0, f"{unused} dialog(s) expected that were never shown"
