"""The report goes along as a PDF: the one that is there, or one that is drawn for the export."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from LongitudinalINRLib.dicom_out.perform import export
from LongitudinalINRLib.jobs.folder import JobFolder


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


def test_a_report_that_cannot_be_drawn_is_told(order):
    folder = JobFolder(order.result)
    request = json.loads(folder.request.read_text())
    request["follow_ups"][0]["path"] = "inputs/gone.nii.gz"
    folder.manifest.write_bytes(folder.request, json.dumps(request).encode())
    said: list[str] = []
    _, stored = export(order, said.append)
    assert "report.dcm" not in [item.name for item in stored]
    assert [text for text in said if text.startswith("No PDF goes along")] == said


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
