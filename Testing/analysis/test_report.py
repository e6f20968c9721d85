import base64
import hashlib
import re
from dataclasses import replace

import pytest

from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.report import answers, month_tables, render, write_report
from LongitudinalINRLib.analysis.report_pictures import Frame, Pictures
from LongitudinalINRLib.errors import Cancelled


def test_the_report_needs_no_other_file(a_report):
    html = a_report.read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|href)="([^"]{0,30})', html)
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert "http://" not in html
    assert "https://" not in html
    assert len(html) < 6e6


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else(a_report):
    html = a_report.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    for kind, element in (("style-src", "style"), ("script-src", "script")):
        (code,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
        digest = hashlib.sha256(code.encode("utf-8")).digest()
        assert allowed.pop(kind) == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert allowed == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "img-src": "data:",
    }
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", html) == []


def test_sections_come_in_the_order_in_which_they_are_read(a_report):
    html = a_report.read_text(encoding="utf-8")
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", html)
    assert headings == [
        "2 warnings: read before using the numbers",
        "In short",
        "What was done",
        "Check first: do the scans match?",
        "Where tissue grew and shrank",
        "Numbers per region",
        "Course over time",
        "Quality",
        "Settings and versions",
    ]
    assert html.index("Research use only, not a medical device") < html.index("<h2")


def test_text_from_people_is_escaped(a_report):
    html = a_report.read_text(encoding="utf-8")
    assert html.count("<script>") == 1
    assert "&lt;script&gt;alert" in html
    assert "Tumour &lt;core&gt; &amp; rim" in html
    assert "<core>" not in html


def test_every_time_shows_whether_it_is_observed(a_report):
    html = a_report.read_text(encoding="utf-8")
    frames = re.findall(r'class="frame (\w+)[^"]*" data-text="Month ([\d.]+)"', html)
    kinds = {float(months): kind for kind, months in frames}
    assert {months: kinds[months] for months in (0, 1, 1.5, 2, 2.25, 3)} == {
        0: "observed",
        1: "observed",
        1.5: "interpolated",
        2: "observed",
        2.25: "extrapolated",
        3: "extrapolated",
    }


def test_a_report_of_the_whole_mask_alone_says_so_and_has_no_empty_parts(a_report_content):
    analysis = analyse_regions(a_report_content.model, None, [2.0], a_report_content.mask)
    content = replace(a_report_content, rows=analysis.rows, history=[], dice={}, warnings=[])
    frame = Frame(2.0, "observed", "data:image/webp;base64,")
    html = render(content, Pictures([], [frame], frame, 2.0, "data:image/svg+xml;base64,", None))
    assert "No segmentation was given" in html
    assert 'class="warnings"' not in html
    assert "Dice" not in html
    assert "Terms of the loss" not in html


def test_tissue_is_answered_before_the_whole_mask_at_the_last_scan(a_report_content):
    rows = analyse_regions(
        a_report_content.model, None, [1.0, 2.0, 3.0], a_report_content.mask, residual=0.04
    ).rows
    rows = [
        replace(row, volume_change_percent=-1.3, interval_points=0.25, within_noise=False) for row in rows
    ]
    tissue = [replace(row, label=-1, region="brain tissue", volume_change_percent=-1.57) for row in rows]
    assert [(row.region, row.months) for row in answers([*rows, *tissue])] == [
        ("brain tissue", 2),
        ("brain", 2),
    ]
    frame = Frame(2.0, "observed", "data:image/webp;base64,")
    pictures = Pictures([], [frame], frame, 2.0, "data:image/svg+xml;base64,", None)
    html = render(replace(a_report_content, rows=[*rows, *tissue]), pictures)
    (section,) = re.findall(r'<section aria-labelledby="answer">(.*?)</section>', html, re.DOTALL)
    text = " ".join(re.sub("<[^>]+>", "", section).split())
    assert text.index("Brain tissue (all labelled voxels but ventricles") < text.index(
        "The whole mask, ventricles"
    )
    assert (
        "has changed by −1.6 ± 0.2 % at month 2, the last scan: the percentage brain volume change (PBVC)"
        in text
    )
    assert "has changed by −1.3 ± 0.2 % at month 2" in text
    assert "within noise" not in text


def test_a_stopped_report_leaves_nothing_behind(a_report_content, tmp_path):
    with pytest.raises(Cancelled):
        write_report(replace(a_report_content, should_stop=lambda: True), tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def test_rows_are_grouped_by_month_and_left_stands_beside_right(growth, hippocampi, a_mask):
    rows = analyse_regions(growth(), hippocampi, [24, 12], a_mask).rows
    tables = month_tables(rows)
    assert [(table.months, table.kind, len(table.rows)) for table in tables] == [
        (12, "observed", 4),
        (24, "observed", 4),
    ]
    names = sorted((line.sort_name, line.name) for line in tables[1].rows)
    assert [name for _, name in names] == [
        "Left hippocampus",
        "Right hippocampus",
        "Optic chiasm",
        "Whole mask",
    ]
    assert [line.bar_percent for line in tables[0].rows] == pytest.approx([25] * 4)


def test_bars_of_small_changes_stay_small(growth, a_mask):
    (table,) = month_tables(analyse_regions(growth(percent_per_year=0.2), None, [12], a_mask).rows)
    assert [line.bar_percent for line in table.rows] == pytest.approx([5], rel=1e-3)
