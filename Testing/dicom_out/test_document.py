"""The report goes along as a PDF: the one that is there, or one that is drawn for the export."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from LongitudinalINRLib.dicom_out import document
from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.document import SCANS_GONE, _LeftScans
from LongitudinalINRLib.dicom_out.perform import export
from LongitudinalINRLib.dicom_out.same_scan import UNSEEN
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.stages.report import report_content_again


@pytest.fixture
def order(exported, tmp_path):
    """Return the usual order for a result without a PDF, into a new folder."""
    result = Path(shutil.copytree(exported.order.result, tmp_path / "result"))
    (result / "report.pdf").unlink()
    return replace(exported.order, result=result, output=tmp_path / "new")


def test_a_report_that_nobody_made_is_drawn_and_the_result_stays_as_it_is(order):
    before = contents(order.result)
    said: list[str] = []
    folder, _ = export(order, said.append)
    made = pydicom.dcmread(folder.path / "report.dcm")
    pdf = made.EncapsulatedDocument[: made.EncapsulatedDocumentLength]
    assert pdf.startswith(b"%PDF-")
    assert b"%%EOF" in pdf[-10:]
    assert said == []
    assert contents(order.result) == before


def test_after_the_scans_are_gone_the_report_is_drawn_over_the_series(order, tiny_subject):
    folder = JobFolder(order.result)
    request = json.loads(folder.request.read_text())
    gone = {"baseline": "inputs/gone.nii.gz", "labels": "inputs/gone-labels.nii.gz"}
    request["follow_ups"][0]["path"] = "inputs/gone-too.nii.gz"
    folder.manifest.write_bytes(folder.request, json.dumps(request | gone).encode())
    said: list[str] = []
    output, _ = export(replace(order, labels=tiny_subject.labels), said.append)
    made = pydicom.dcmread(output.path / "report.dcm")
    assert made.EncapsulatedDocument.startswith(b"%PDF-")
    assert said == [UNSEEN, SCANS_GONE]


def test_regions_as_they_were_measured_give_the_numbers_of_the_table(exported):
    result = open_result(exported.order.result, "cpu")
    left = replace(result, scans=_LeftScans(read_content(result), result.scans.baseline))
    found, table = (repr(report_content_again(each).rows) for each in (left, result))  # a NaN is not itself
    assert found == table


def test_a_report_that_cannot_be_drawn_is_told(order, monkeypatch):
    def refuse(result):
        raise InputError("gone", "It is gone.", expected="it", found="none", advice="Look.")

    monkeypatch.setattr(document, "report_content_again", refuse)
    said: list[str] = []
    _, stored = export(order, said.append)
    assert "report.dcm" not in [item.name for item in stored]
    assert said[-1].startswith("No PDF goes along")
    assert said[-1].endswith("It is gone.")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
