"""What the extensions catalogue is told agrees with the CMake file and with what the repository holds."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from PIL import Image

import LongitudinalINRLib

# additionalProperties of the schema is false: no other field may stand in the entry.
SCHEMA_FIELDS = {
    "$schema": str,
    "build_dependencies": list,
    "build_subdirectory": str,
    "category": str,
    "scm_revision": str,
    "scm_url": str,
    "tier": int,
}
SCHEMA = (
    "https://raw.githubusercontent.com/Slicer/Slicer/main/Schemas/"
    "slicer-extension-catalog-entry-schema-v1.0.1.json#"
)


@pytest.fixture(scope="module")
def entry(repository):
    return json.loads((repository / "Resources" / "LongitudinalINR.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def said(repository):
    """What the CMake file says of the extension, by the name after EXTENSION_."""
    text = (repository / "CMakeLists.txt").read_text(encoding="utf-8")
    return dict(re.findall(r'^set\(EXTENSION_(\w+) "([^"]*)"\)', text, flags=re.MULTILINE))


def test_the_entry_has_the_fields_of_the_schema(entry):
    assert {name: type(value) for name, value in entry.items()} == SCHEMA_FIELDS
    assert entry["$schema"] == SCHEMA
    assert entry["tier"] in {1, 3, 5}


def test_the_entry_repeats_what_the_cmake_file_says(entry, said):
    depends = [] if said["DEPENDS"] == "NA" else said["DEPENDS"].split()

    assert (entry["category"], entry["build_dependencies"]) == (said["CATEGORY"], depends)
    assert entry["scm_url"] == said["HOMEPAGE"]


def test_extension_file_and_repository_are_named_alike(repository, entry):
    project = re.search(r"^project\((\w+)\)", (repository / "CMakeLists.txt").read_text(), flags=re.MULTILINE)

    assert project is not None
    assert (repository / "Resources" / f"{project[1]}.json").exists()
    assert entry["scm_url"].rsplit("/", 1)[1] == f"Slicer{project[1]}"


def test_pictures_in_the_catalogue_are_in_the_repository(repository, entry, said):
    raw = said["HOMEPAGE"].replace("github.com", "raw.githubusercontent.com") + f"/{entry['scm_revision']}/"
    pictures = [said["ICONURL"], *said["SCREENSHOTURLS"].split()]

    assert len(pictures) >= 2
    for address in pictures:
        assert address.startswith(raw)
        assert (repository / address.removeprefix(raw)).is_file(), f"missing picture: {address}"


def test_the_icons_are_square_and_as_large_as_slicer_shows_them(repository):
    for icon in ("Resources/LongitudinalINR.png", "LongitudinalINR/Resources/Icons/LongitudinalINR.png"):
        with Image.open(repository / icon) as picture:
            assert (picture.format, picture.size, picture.mode) == ("PNG", (128, 128), "RGBA")


def test_the_description_says_what_everybody_must_know(said):
    assert said["DESCRIPTION"].endswith("Research use only, not a medical device.")
    assert said["DESCRIPTION"].count(". ") == 1  # two sentences
    assert len(said["DESCRIPTION"]) < 400


def test_the_module_is_found_under_the_category_of_its_extension(repository, entry):
    module = (repository / "LongitudinalINR" / "LongitudinalINR.py").read_text(encoding="utf-8")
    categories = re.search(r"parent\.categories = (\[.*\])", module)

    assert categories is not None
    assert entry["category"] in json.loads(categories[1])


def test_the_citation_names_the_version_the_licence_and_the_paper_of_the_method(repository):
    citation = yaml.safe_load((repository / "CITATION.cff").read_text(encoding="utf-8"))

    assert citation["version"] == LongitudinalINRLib.__version__
    assert citation["license"] == "Apache-2.0"
    (method,) = citation["references"]
    assert (method["conference"]["name"], method["year"]) == ("Medical Imaging with Deep Learning", 2025)


def test_the_workflow_tests_every_supported_python_on_every_system(repository):
    workflow = yaml.safe_load(
        (repository / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    )
    matrix = workflow["jobs"]["tests"]["strategy"]["matrix"]
    project = (repository / "pyproject.toml").read_text(encoding="utf-8")

    assert matrix["python"] == re.findall(r"Python :: (3\.\d+)", project)
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}


def test_every_picture_that_a_page_shows_is_there_and_every_one_there_is_shown(repository):
    shown = set()
    for page in (repository / "README.md", *(repository / "docs").glob("*.md")):
        links = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
        shown |= {(page.parent / link).resolve() for link in links}

    assert not [str(picture) for picture in shown if not picture.is_file()]
    screenshots = set((repository / "Resources" / "Screenshots").resolve().iterdir())
    assert screenshots <= shown
