"""Slicer 5.12's installer of Python packages: what it is asked for is kept, nothing is installed."""

from __future__ import annotations

import importlib.metadata

requested = []


def pip_check(req, _seen=None):
    """Say whether the requirements are met."""
    from packaging.requirements import Requirement

    for each in req if isinstance(req, list) else [req]:
        wanted = Requirement(str(each))
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if not wanted.specifier.contains(found, prereleases=True):
            return False
    return True


def isPipInstallInProgress():
    """Say whether an installation is running."""
    return False


def pip_install(
    requirements,
    constraints=None,
    no_deps_requirements=None,
    skip_packages=None,
    blocking=True,
    show_progress=True,
    requester=None,
    parent=None,
    logCallback=None,
    completedCallback=None,
):
    """Keep what was asked for and say that it worked."""
    requested.append(
        {"requirements": requirements, "constraints": constraints, "skip_packages": skip_packages}
    )
    if completedCallback is not None:
        completedCallback(0)


def pip_ensure(
    requirements,
    constraints=None,
    skip_packages=None,
    prompt_install=True,
    prompt_restart=True,
    requester=None,
    skip_in_testing=True,
    show_progress=True,
):
    """Install what is missing."""
    wanted = requirements if isinstance(requirements, list) else [requirements]
    missing = [each for each in wanted if not pip_check(each)]
    if missing:
        pip_install(missing, constraints, skip_packages=skip_packages, requester=requester)


def pip_uninstall(requirements, blocking=True, logCallback=None, completedCallback=None):
    """Keep what was asked for."""
    requested.append({"uninstall": requirements})
