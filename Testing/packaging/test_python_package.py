"""What pip installs is what the repository says: every file of the library, one version, one licence."""

from __future__ import annotations

import hashlib
import re

APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"  # sha256 of the licence's text


def test_files_that_are_not_python_go_into_the_wheel(project, library):
    patterns = project["tool"]["setuptools"]["package-data"]["LongitudinalINRLib"]
    packaged = {
        path.relative_to(library.path).as_posix() for each in patterns for path in library.path.glob(each)
    }
    forgotten = {file for file in library.on_disk() if not file.endswith(".py")} - packaged

    assert not forgotten, f"\nAdd to [tool.setuptools.package-data] in pyproject.toml: {sorted(forgotten)}"


def test_library_and_package_have_the_same_version(project, library):
    said = re.search(
        r'^__version__ = "(.+)"$', (library.path / "__init__.py").read_text(), flags=re.MULTILINE
    )

    assert said is not None
    assert said[1] == project["project"]["version"]


def test_the_licence_is_the_text_of_apache_2(project, repository):
    text = (repository / "LICENSE.txt").read_bytes().replace(b"\r\n", b"\n")

    assert hashlib.sha256(text).hexdigest() == APACHE_2
    assert project["project"]["license"] == {"text": "Apache-2.0"}
