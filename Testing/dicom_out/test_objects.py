"""What is in the objects: the result's own numbers, at their places, for the right person."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace

import highdicom as hd
import numpy as np
import pydicom
import pytest
from conftest import PDF
from reading_back import RAS_FROM_LPS, complaints, concept_of, groups_of, on_grid_of, read_map

from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.report_pictures import draw_pictures
from LongitudinalINRLib.dicom_out.captures import Captures
from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.export import Export
from LongitudinalINRLib.dicom_out.perform import export
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.imaging.dicom.series import load_dicom
from LongitudinalINRLib.imaging.formats.nifti import load
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.results import Result, open_result
from LongitudinalINRLib.jobs.stages.report import report_content_again

MONTHS = (12.0, 18.0, 24.0)


@pytest.fixture(scope="module")
def datasets(exported):
    return {item.name: pydicom.dcmread(exported.path(item.name)) for item in exported.stored}


@pytest.mark.parametrize("month", MONTHS)
def test_a_map_comes_back_bit_for_bit_at_its_place(exported, month):
    written, _ = load(exported.result.maps / f"jacobian_{month:05.1f}mo.nii.gz")
    found = read_map(exported.path(f"jacobian_{month:05.1f}mo.dcm"))
    np.testing.assert_array_equal(on_grid_of(found, written).astype(np.float32), written.array)


def test_sixteen_bits_keep_a_map_to_half_a_step(exported, tmp_path):
    folder = exported.order.baseline
    content = read_content(open_result(exported.order.result, "cpu"))
    made = next(iter(Export(content, read_source(folder), load_dicom(folder)[0], values="uint16").objects()))
    made.dataset.save_as(tmp_path / made.name, enforce_file_format=True)
    written, _ = load(exported.result.maps / "jacobian_012.0mo.nii.gz")
    stored = pydicom.dcmread(tmp_path / made.name)
    found = on_grid_of(read_map(tmp_path / made.name), written)
    assert stored.BitsAllocated == 16
    assert np.abs(found - written.array).max() <= 5e-5 + 1e-9
    # Without a follow-up's series, they go into the study of the baseline.
    assert stored.StudyDate == "20200102"


def test_segments_are_the_voxels_that_were_measured(exported):
    result = open_result(exported.order.result, "cpu")
    counted = RegionSet.from_labels(result.scans.labels, result.mask, result.valid)
    expected = np.zeros(result.mask.shape, int)
    expected.ravel()[counted.voxels] = np.array(counted.labels)[counted.codes]
    segmentation = hd.seg.segread(exported.path("segmentation_regions.dcm"))
    volume = segmentation.get_volume(combine_segments=True)
    found = on_grid_of(Volume(volume.array, RAS_FROM_LPS @ volume.affine), result.mask)
    np.testing.assert_array_equal(np.nan_to_num(found), np.searchsorted([0, 17, 53], expected))
    labels = [item.SegmentLabel for item in segmentation.SegmentSequence]
    kinds = [item.SegmentedPropertyTypeCodeSequence[0] for item in segmentation.SegmentSequence]
    assert labels == ["Left hippocampus", "Right hippocampus"]
    assert [kind.CodeValue for kind in kinds] == ["5366008", "5366008"]
    sides = [kind.SegmentedPropertyTypeModifierCodeSequence[0].CodeMeaning for kind in kinds]
    assert sides == ["Left", "Right"]


def test_the_report_tells_the_numbers_of_the_table(exported, datasets):
    with exported.result.regions.open() as file:
        rows = [row for row in csv.DictReader(file) if float(row["months"]) > 0]
    told = [_numbers(group) for group in groups_of(datasets["measurements.dcm"])]
    expected = [
        {
            "VOLUMECHANGE": float(row["volume_change_percent"]),
            "HALFINTERVAL90": float(row["interval_points"]),
            "ANNUALCHANGE": float(row["mean_percent_per_year"]),
            "118565006": float(row["volume_ml"]),
            "BASELINEVOLUME": float(row["baseline_volume_ml"]),
        }
        for row in rows
    ]
    assert told == expected
    units = {
        item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue
        for item in _nums(groups_of(datasets["measurements.dcm"])[0])
    }
    assert units == {"%", "%/a", "ml"}


def _nums(group):
    return [
        item
        for item in group.ContentSequence
        if item.ValueType == "NUM" and item.RelationshipType == "CONTAINS"
    ]


def _numbers(group):
    return {concept_of(item): float(item.MeasuredValueSequence[0].NumericValue) for item in _nums(group)}


def test_the_report_points_at_the_voxels_of_each_number(exported, datasets):
    segments = {
        name: pydicom.dcmread(exported.path(f"segmentation_{name}.dcm")).SOPInstanceUID
        for name in ("whole", "regions")
    }
    seen = []
    for group in groups_of(datasets["measurements.dcm"])[:3]:
        image = next(item for item in group.ContentSequence if item.ValueType == "IMAGE")
        reference = image.ReferencedSOPSequence[0]
        seen.append((reference.ReferencedSOPInstanceUID, reference.ReferencedSegmentNumber))
    assert seen == [(segments["whole"], 1), (segments["regions"], 1), (segments["regions"], 2)]


def test_every_object_belongs_to_the_person_and_the_latest_study(exported, datasets, series):
    newest = pydicom.dcmread(next(series["follow-up"].iterdir()))
    for name, dataset in datasets.items():
        assert dataset.StudyInstanceUID == newest.StudyInstanceUID, name
        assert dataset.PatientID == "P-0815", name
        assert dataset.PatientName == "Müller^Jürgen", name
        assert dataset.PatientAge == "072Y", name
        assert dataset.AccessionNumber == "A4711", name
        assert dataset.SeriesDescription.endswith("(research use only)"), name
        assert "month" in dataset.ContributingEquipmentSequence[0].ContributionDescription, name


def test_every_object_refers_to_both_studies(exported, datasets, series):
    studies = {
        pydicom.dcmread(next(series[name].iterdir())).SOPInstanceUID for name in ("baseline", "follow-up")
    }
    for name, dataset in datasets.items():
        referred = {
            element.value for element in dataset.iterall() if element.keyword == "ReferencedSOPInstanceUID"
        }
        assert studies <= referred, name


def test_maps_lie_in_the_frame_of_reference_of_the_baseline(datasets, series):
    baseline = pydicom.dcmread(next(series["baseline"].iterdir()))
    for name in ("jacobian_012.0mo.dcm", "segmentation_regions.dcm", "segmentation_whole.dcm"):
        assert datasets[name].FrameOfReferenceUID == baseline.FrameOfReferenceUID


def test_captures_are_colour_pictures_of_every_month(datasets):
    for month in MONTHS:
        own = [made for name, made in datasets.items() if name.startswith(f"captures_{month:05.1f}mo/")]
        assert len(own) > 5
        assert {(made.PhotometricInterpretation, made.Columns) for made in own} == {("RGB", 540)}
        assert len({made.SeriesInstanceUID for made in own}) == 1
        picture = own[len(own) // 2].pixel_array.astype(int)
        assert np.ptp(picture[100:-50, :400], axis=-1).max() > 100  # something is coloured
        assert picture[28:46, :300].max() > 150  # the words that it is for research


def test_captures_have_the_colours_of_the_report(exported):
    result = open_result(exported.order.result, "cpu")
    of_one_month = replace(read_content(result), map_months=(12.0,))  # which alone would have another limit
    found = {
        Captures(each, result.scans.baseline).limit_percent for each in (read_content(result), of_one_month)
    }
    assert found == {draw_pictures(report_content_again(result)).limit_percent}


def test_maps_without_one_of_the_last_scan_can_be_exported(exported, tmp_path, monkeypatch):
    monkeypatch.setattr(Result, "residual", 0.1)  # so quick a fit has no intervals otherwise
    folder = JobFolder(shutil.copytree(exported.result.path, tmp_path / "result"))
    request = json.loads(folder.request.read_text())
    request["outputs"]["maps_at_months"] = [12.0, 18.0]
    folder.manifest.write_bytes(folder.request, json.dumps(request).encode())
    output, stored = export(replace(exported.order, result=folder.path, output=tmp_path / "objects"))
    maps = [item.name for item in stored if item.name.startswith("jacobian")]
    captures = {item.name.partition("/")[0] for item in stored if item.name.startswith("captures")}
    assert maps == ["jacobian_012.0mo.dcm", "jacobian_018.0mo.dcm"]
    assert captures == {"captures_012.0mo", "captures_018.0mo"}
    assert (output.path / "report.dcm").exists()


def test_the_report_goes_along_as_it_is(datasets):
    document = datasets["report.dcm"]
    assert document.EncapsulatedDocument[: document.EncapsulatedDocumentLength] == PDF
    assert "Research use only" in document.DocumentTitle


def test_an_independent_validator_finds_no_error(exported):
    for item in exported.stored:
        if not item.name.endswith(("002.dcm", "003.dcm")):
            assert complaints(exported.path(item.name)) == [], item.name
