"""Regions carried over from an average brain are called approximate in every object that has them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from reading_back import complaints, groups_of

from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.export import Export
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.imaging.dicom.series import load_dicom
from LongitudinalINRLib.jobs.documents.outlines import OutlinesNote
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.results import open_result

WORDS = "Approximate regions, carried over from an average brain"


@pytest.fixture(scope="module")
def noted(exported, tmp_path_factory):
    """Return a function that gives the usual result the note of regions that nobody gave."""

    def made(**changes) -> Path:
        path = tmp_path_factory.mktemp("noted") / "result"
        folder = JobFolder(shutil.copytree(exported.order.result, path))
        request = json.loads(folder.request.read_text()) | {"labels": None, "regions": "atlas"}
        note = OutlinesNote(
            key="0" * 64,
            source="atlas",
            engine="atlas",
            summary="",
            seconds=1.0,
            **({"approximate": True, "used": True} | changes),
        )
        folder.manifest.write_bytes(folder.request, json.dumps(request).encode())
        folder.manifest.write_bytes(folder.labels_note, note.model_dump_json().encode())
        return path

    return made


@pytest.fixture(scope="module")
def told(exported, series, noted, tiny_subject):
    """Return the objects up to the report of measurements; as the panel does it, labels are given."""

    def made(**changes) -> dict[str, pydicom.Dataset]:
        content = read_content(open_result(noted(**changes), "cpu"), tiny_subject.labels)
        folder = series["baseline"]
        objects = {}
        for each in Export(content, read_source(folder), load_dicom(folder)[0]).objects():
            objects[each.name] = each.dataset
            if each.name == "measurements.dcm":
                return objects
        raise AssertionError("no report")

    return made


@pytest.fixture(scope="module")
def approximate(told):
    return told()


def test_a_number_of_an_approximate_region_says_so_in_words_and_in_a_code(approximate):
    report = approximate["measurements.dcm"]
    whole, *regions = groups_of(report)[:3]
    assert "APPROXIMATE" not in codes_in(whole)
    assert WORDS not in texts_in(whole)
    for group in regions:
        assert "APPROXIMATE" in codes_in(group)
        assert WORDS in texts_in(group)
    assert report.SeriesDescription == "LongitudinalINR approximate regions (research use only)"


def test_segments_of_approximate_regions_say_so(approximate):
    made = approximate["segmentation_regions.dcm"]
    assert made.SeriesDescription == "LongitudinalINR approximate regions (research use only)"
    assert made.ContentDescription == WORDS
    assert [item.SegmentDescription for item in made.SegmentSequence] == [WORDS, WORDS]
    whole = approximate["segmentation_whole.dcm"]
    assert "SegmentDescription" not in whole.SegmentSequence[0]
    assert whole.ContentDescription == "Regions as they were measured"


def test_every_object_remarks_that_the_regions_are_approximate(approximate):
    for made in approximate.values():
        assert WORDS in made.ContributingEquipmentSequence[0].ContributionDescription


def test_a_validator_finds_no_error_in_approximate_regions(approximate, tmp_path):
    for name in ("measurements.dcm", "segmentation_regions.dcm"):
        approximate[name].save_as(tmp_path / name, enforce_file_format=True)
        assert complaints(tmp_path / name) == [], name


@pytest.mark.parametrize("changes", [{"approximate": False}, {"used": False}])
def test_other_regions_are_not_called_approximate(told, changes):
    assert not any("pproximate" in str(made) for made in told(**changes).values())


def test_regions_that_were_given_are_not_called_approximate(exported):
    content = read_content(open_result(exported.order.result, "cpu"))
    assert not content.approximate
    assert replace(content, regions=None).regions_word == "regions"


def codes_in(group):
    return {
        item.ConceptCodeSequence[0].CodeValue for item in group.ContentSequence if item.ValueType == "CODE"
    }


def texts_in(group):
    return {item.TextValue for item in group.ContentSequence if item.ValueType == "TEXT"}
