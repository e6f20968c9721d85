import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from PIL import Image

from LongitudinalINRLib.analysis.report_pdf import pdf, write_pdf
from LongitudinalINRLib.analysis.report_pictures import draw_pictures
from LongitudinalINRLib.errors import Cancelled


@pytest.fixture(scope="module")
def pictures(a_report_content):
    return draw_pictures(a_report_content)


@pytest.fixture(scope="module")
def a_pdf(a_report_content, pictures, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(a_report_content, path, pictures=pictures)
    return path


def words(path, page):
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    asked = [reader, "-f", str(page), "-l", str(page), path, "-"]
    found = subprocess.run(asked, capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def test_the_first_page_answers_and_has_the_table(a_pdf):
    said = words(a_pdf, 1)
    for part in (
        "Research use only, not a medical device",
        "What has changed by month 2",
        "The scans match with reservations: 2 warnings to read.",
        "Scans: baseline month 0; scan-1 month 1, 1 months later",
        "Baseline, mL",
        "page 1",
    ):
        assert part in said, part


def test_text_from_people_is_shown_as_it_is_and_is_no_markup(a_pdf):
    said = words(a_pdf, 1)
    assert "<b>S-01</b>" in said
    assert "Tumour <core> & rim" in said
    assert 'alert("x")</script> & so on' in said + words(a_pdf, 2)


def test_names_that_look_like_markup_of_the_library_reach_no_file(a_report_content, pictures, tmp_path):
    Image.new("RGB", (30, 30), "red").save(tmp_path / "secret.png")
    picture = f'<img src="{tmp_path}/secret.png"/>'
    hostile = [picture, '<font color="[1 for x in ()]">', "</para><b>", "& &lt;"]
    rows = [replace(row, region=hostile[n % 4]) for n, row in enumerate(a_report_content.rows)]
    content = replace(a_report_content, rows=rows, warnings=hostile, study_code=hostile[0])
    made = pdf(content, pictures)
    assert made.startswith(b"%PDF")
    # The map, its colours, and a picture for each follow-up: no other.
    assert len(re.findall(rb"/Subtype\s*/Image", made)) == 2 + len(content.follow_ups)


def test_the_same_result_gives_the_same_bytes_and_names_nobody(a_report_content, pictures):
    made = pdf(a_report_content, pictures)
    assert made == pdf(a_report_content, pictures)
    assert b"/CreationDate (D:2000" in made  # ReportLab's own, not today's
    assert re.findall(rb"/Author \((.*?)\)", made) == [b""]


def test_a_stopped_pdf_leaves_nothing_behind(a_report_content, tmp_path):
    with pytest.raises(Cancelled):
        write_pdf(replace(a_report_content, should_stop=lambda: True), tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_centiles_stand_in_the_table(a_report_content, pictures, tmp_path):
    last = max(row.months for row in a_report_content.rows if row.kind == "observed")
    rows = [replace(row, centile=7.0) if row.months == last else row for row in a_report_content.rows]
    path = tmp_path / "with.pdf"
    write_pdf(replace(a_report_content, rows=rows), path, pictures=pictures)
    assert "Centile" in words(path, 1)
