"""The real ``slicer.util``, with what differs between Slicer versions and what would reach outside."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from standin.session import Session


def play(util: ModuleType, session: Session) -> dict[str, Any]:
    """Change ``slicer.util`` for a session; return what to put back."""
    before = {name: getattr(util, name) for name in ("pip_install", "pip_uninstall")}
    if session.version.slicer == "5.10":

        def pip_install(requirements: str | list[str]) -> None:
            session.installed.append({"requirements": requirements})

    else:

        def pip_install(requirements: str | list[str], **keywords: Any) -> None:  # type: ignore[misc]
            from slicer import packaging

            packaging.pip_install(requirements, **keywords)
            session.installed.append({"requirements": requirements, **keywords})

    util.pip_install = pip_install  # type: ignore[attr-defined]
    return before
