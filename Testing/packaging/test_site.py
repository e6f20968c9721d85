"""The documentation as a site: every link and every name in the reference leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def test_the_site_is_built_without_a_warning(library, tmp_path):
    for package in ("mkdocs", "material", "mkdocstrings"):
        pytest.importorskip(package, reason=f"{package} is not installed: the extra `docs`")
    repository = library.path.parent
    command = ["-m", "mkdocs", "build", "--strict", "--config-file", "docs/site/mkdocs.yml"]
    built = subprocess.run(
        [sys.executable, *command, "--site-dir", str(tmp_path / "site")],
        check=False,
        cwd=repository,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert built.returncode == 0, built.stderr
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "See how one person" in home
    reference = (tmp_path / "site" / "api" / "index.html").read_text(encoding="utf-8")
    assert 'id="LongitudinalINRLib.api.fitting.fit"' in reference
    assert 'id="LongitudinalINRLib.api.result.Result.jacobian"' in reference
    assert (tmp_path / "site" / "Resources" / "Screenshots" / "explore.png").exists()


def test_every_page_of_the_docs_is_in_the_sites_navigation(library):
    docs = library.path.parent / "docs"
    navigation = (docs / "site" / "mkdocs.yml").read_text(encoding="utf-8").partition("nav:")[2]
    assert [page.name for page in sorted(docs.glob("*.md")) if page.name not in navigation] == []


def test_nobody_is_told_to_install_by_a_name_that_no_registry_has(library):
    """The package is in the repository alone."""
    repository = library.path.parent
    pages = [repository / "README.md", *(repository / "docs").glob("*.md"), *library.path.rglob("*.py")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    named = [line for line in lines if "pip install" in line and "longitudinal-inr" in line]
    assert named
    assert [line for line in named if "git+https://" not in line] == []
