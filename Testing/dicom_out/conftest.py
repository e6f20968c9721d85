"""A result, the DICOM series that it belongs to, and its export, made once."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from LongitudinalINRLib.dicom_out.output import OutputFolder, Stored
    from LongitudinalINRLib.dicom_out.perform import Order
    from LongitudinalINRLib.jobs.folder import JobFolder

MISSING = [name for name in ("highdicom", "pynetdicom", "dicomweb_client") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_report_header() -> str | None:
    return f"Testing/dicom_out skips: no {', '.join(MISSING)} (the extra `dicom`)" if MISSING else None


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Exported:
    """An export, what it was made from, and what was said on the way."""

    order: Order
    folder: OutputFolder
    stored: list[Stored]
    said: list[str]

    @property
    def result(self) -> JobFolder:
        from LongitudinalINRLib.jobs.folder import JobFolder

        return JobFolder(self.order.result)

    def path(self, name: str) -> Path:
        return self.folder.path / name


@pytest.fixture(scope="session")
def series(tiny_subject, tmp_path_factory) -> dict[str, Path]:
    """Write the baseline and the follow-up at 24 months as the scanner would have."""
    from patient_series import write_patient_series

    from LongitudinalINRLib.imaging.reading import read_volume

    folder = tmp_path_factory.mktemp("dicom")
    baseline = read_volume(tiny_subject.baseline)[0]
    follow_up = read_volume(tiny_subject.follow_ups[24.0])[0]
    moved = baseline.affine.copy()
    moved[:3, 3] += 4.0
    return {
        "baseline": write_patient_series(folder / "baseline", baseline),
        "follow-up": write_patient_series(folder / "follow-up", follow_up, "20220105", PatientAge="072Y"),
        "of another": write_patient_series(folder / "other", follow_up, "20220105", PatientID="P-1"),
        "moved": write_patient_series(folder / "moved", type(baseline)(baseline.array, moved)),
        "mirrored": write_patient_series(folder / "mirrored", baseline.with_array(baseline.array[::-1])),
        "cut": write_patient_series(folder / "cut", baseline.with_array(baseline.array[:, :, :12])),
    }


@pytest.fixture(scope="session")
def a_told_result(a_result: Path, tmp_path_factory) -> Path:
    """Add to the usual result what a full fit has: intervals, and the report as a PDF."""
    from LongitudinalINRLib.jobs.folder import JobFolder

    folder = Path(shutil.copytree(a_result, tmp_path_factory.mktemp("told") / "result"))
    job = JobFolder(folder)
    lines = job.regions.read_text().splitlines()
    at = lines[0].split(",").index("interval_points")
    rows = [line.split(",") for line in lines[1:]]
    for number, row in enumerate(rows):
        row[at] = f"{0.5 + number / 8:g}"
    job.manifest.write_bytes(job.regions, "\n".join([lines[0], *map(",".join, rows), ""]).encode())
    (folder / "report.pdf").write_bytes(PDF)
    return folder


@pytest.fixture(scope="session")
def exported(a_told_result: Path, series: dict[str, Path], tmp_path_factory) -> Exported:
    """Export the usual result into the study of its follow-up."""
    from LongitudinalINRLib.dicom_out.perform import Order, export

    output = tmp_path_factory.mktemp("exported") / "objects"
    order = Order(a_told_result, series["baseline"], output, (series["follow-up"],))
    said: list[str] = []
    folder, stored = export(order, said.append)
    return Exported(order, folder, stored, said)
