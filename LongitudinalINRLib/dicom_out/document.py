"""The report as an Encapsulated PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from LongitudinalINRLib import __version__
from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.dicom_out.content import Content
from LongitudinalINRLib.dicom_out.study import RESEARCH_USE, SOFTWARE, Target, series_description
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.scans import Scans
from LongitudinalINRLib.jobs.stages.report import report_content_again

SCANS_GONE = (
    "Scans that the fit was made from are gone: the report in the PDF has no pictures that compare them, and "
    "shows the baseline as its DICOM series has it."
)


def make_document(pdf: bytes, target: Target, series: dict[str, Any]) -> Dataset:
    """Return a PDF as an object of its own.

    Parameters
    ----------
    pdf : bytes
        The document.
    target : Target
        The study it goes to.
    series : dict
        See `study.maker`.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = EncapsulatedPDFStorage
    meta.MediaStorageSOPInstanceUID = series["sop_instance_uid"]
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    now = datetime.now()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = EncapsulatedPDFStorage
    made.SOPInstanceUID = series["sop_instance_uid"]
    made.Modality = "DOC"
    made.ConversionType = "WSD"
    made.SeriesInstanceUID = series["series_instance_uid"]
    made.SeriesNumber = series["series_number"]
    made.InstanceNumber = series["instance_number"]
    made.SeriesDescription = series_description("LongitudinalINR report")
    made.Manufacturer = series["manufacturer"]
    made.ManufacturerModelName = SOFTWARE["manufacturer_model_name"]
    made.DeviceSerialNumber = SOFTWARE["device_serial_number"]
    made.SoftwareVersions = __version__
    made.ContentDate, made.ContentTime = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
    made.AcquisitionDateTime = ""
    made.BurnedInAnnotation = "NO"
    made.DocumentTitle = f"LongitudinalINR: local brain volume change. {RESEARCH_USE}."
    made.ConceptNameCodeSequence = Items([codes.coded("18748-4", "LN", "Diagnostic imaging study")])
    made.SourceInstanceSequence = target.sources()
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    made.EncapsulatedDocumentLength = len(pdf)
    return made


def read_pdf(path: Path) -> bytes | None:
    """Return the report's PDF, if it was written already.

    Raises
    ------
    InputError
        It is no PDF.
    """
    if not path.is_file():
        return None
    pdf = path.read_bytes()
    if not pdf.startswith(b"%PDF-"):
        raise InputError(
            "not-a-pdf",
            f"{path.name} is not a PDF.",
            expected="a file that begins with %PDF-",
            found=f"{len(pdf)} bytes of another kind",
            advice="Write the report again.",
        )
    return pdf


def drawn_pdf(content: Content, baseline: Volume, tell: Callable[[str], None]) -> bytes:
    """Draw the report of a finished fit as a PDF, in memory alone: the result stays as it is.

    Where scans of the fit are gone, as after a job of the panel, it is drawn over the baseline's series and
    without the pictures that compare the scans; both the report and `tell` say so.

    Raises
    ------
    InputError
        It cannot be drawn so either.
    """
    from LongitudinalINRLib.analysis.report_pdf import pdf  # ReportLab, where it is needed
    from LongitudinalINRLib.analysis.report_pictures import draw_pictures

    try:
        report = report_content_again(content.result)
    except InputError:
        tell(SCANS_GONE)
        left = replace(content.result, scans=_LeftScans(content, baseline))
        report = report_content_again(left)
        report = replace(report, warnings=[*report.warnings, SCANS_GONE])
    return pdf(report, draw_pictures(report))


class _LeftScans(Scans):
    """What an export still has of a fit's scans: the baseline's series, and the regions as measured."""

    def __init__(self, content: Content, baseline: Volume):
        super().__init__(content.result.folder, content.result.request)
        self.baseline = on_grid(baseline, content.result.mask, "The baseline's series")
        self.labels = content.regions
        self.follow_ups = {}
        self.follow_up_labels = {}
