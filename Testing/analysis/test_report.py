import base64
import gzip
import hashlib
import json
import re
import struct
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import nibabel
import numpy as np
import pytest

from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.report import render, write_report
from LongitudinalINRLib.analysis.report_pictures import draw_pictures
from LongitudinalINRLib.analysis.report_table import month_tables
from LongitudinalINRLib.analysis.viewer_volumes import viewer_volumes
from LongitudinalINRLib.errors import Cancelled

VIEWER = files("LongitudinalINRLib.analysis") / "viewer"


class Elements(HTMLParser):
    """Every tag with its attributes, and the text of every script, as a browser reads them."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.scripts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script" and self.cdata_elem == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data


@pytest.fixture(scope="module")
def html(a_report):
    return a_report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def elements(html):
    return Elements(html)


def volume(elements, name):
    """The voxels that a page holds for its viewer."""
    (text,) = (text for attributes, text in elements.scripts if attributes.get("id") == f"volume-{name}")
    content = gzip.decompress(base64.b64decode(text))
    assert struct.unpack_from("<f", content, 108) == (352,)  # where viewers look for the voxels
    return nibabel.Nifti1Image.from_bytes(content)


def test_the_report_needs_no_other_file(html, elements):
    sources = [
        attributes[name] for _, attributes in elements.tags for name in ("src", "href") if name in attributes
    ]
    assert len(sources) > 3
    assert all(source.startswith(("data:image/", "#")) for source in sources)
    assert len(html.encode()) < 4e6


def test_the_policy_allows_the_style_and_the_scripts_of_the_page_and_nothing_else(html, elements):
    (policy,) = (a["content"] for tag, a in elements.tags if a.get("http-equiv") == "Content-Security-Policy")
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    styles = re.findall(r"<style>(.*?)</style>", html[: html.index("<body>")], re.DOTALL)
    scripts = [text for attributes, text in elements.scripts if not attributes]
    assert (len(styles), len(scripts)) == (1, 3)
    for kind, codes in (("style-src", styles), ("script-src", scripts)):
        digests = [hashlib.sha256(code.encode("utf-8")).digest() for code in codes]
        assert allowed.pop(kind) == " ".join(f"'sha256-{base64.b64encode(d).decode()}'" for d in digests)
    assert allowed == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "img-src": "data:",
    }
    assert not any(name == "style" or name.startswith("on") for _, a in elements.tags for name in a)


def test_the_viewer_is_unmodified_and_its_licence_and_hash_lie_beside_it(elements):
    told = json.loads((VIEWER / "niivue.json").read_text(encoding="utf-8"))
    content = (VIEWER / told["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == told["sha256"]
    assert told["version"] == "0.69.0"
    assert "BSD 2-Clause License" in (VIEWER / told["licence_file"]).read_text(encoding="utf-8")
    assert any(text.encode() == content for _, text in elements.scripts)


def test_sections_come_in_the_order_in_which_they_are_read(html):
    headings = [re.sub("<[^>]+>", "", text).strip() for text in re.findall(r"<h2[^>]*>(.+?)</h2>", html)]
    assert headings == [
        "What has changed by month 2",
        "2 warnings: read before using the numbers",
        "Where tissue grew and shrank",
        "Numbers per region",
        "Course over time",
        "Checks: do the scans match?",
        "Quality",
        "What was done, settings and versions",
    ]
    assert html.index("Research use only, not a medical device") < html.index("<h2")


def test_checks_quality_and_settings_are_folded(elements):
    folded = {a.get("id"): a for tag, a in elements.tags if tag == "details"}
    assert {"checks", "quality", "settings"} <= folded.keys()
    assert not any("open" in attributes for attributes in folded.values())


def test_text_from_people_is_escaped(html, elements):
    assert [a for a, _ in elements.scripts if not a] == [{}, {}, {}]
    assert "&lt;script&gt;alert" in html
    assert "Tumour &lt;core&gt; &amp; rim" in html
    assert "<core>" not in html
    assert "&lt;b&gt;S-01&lt;/b&gt;" in html
    assert "<i>" not in html


def test_the_card_says_how_the_scans_match_and_opens_the_checks(html):
    (card,) = re.findall(r'<section class="answer".*?</section>', html, re.DOTALL)
    text = " ".join(re.sub("<[^>]+>", " ", card).split())
    assert "The scans match with reservations: 2 warnings to read. See the checks" in text
    assert 'class="match amber"><a href="#checks"' in card
    assert "Month 0 baseline 1 months Month 1 scan-1 1 months Month 2 scan-2" in text
    assert "approximate &lt;i&gt;" in text


def test_the_viewer_has_the_brain_alone(a_report_content, elements):
    brain = volume(elements, "baseline")
    mask = a_report_content.mask
    shown = np.argwhere(np.asanyarray(brain.dataobj) > 0)
    index = np.linalg.inv(mask.affine) @ brain.affine @ np.c_[shown, np.ones(len(shown))].T
    assert len(shown) == mask.array.sum()
    assert mask.array[tuple(np.rint(index[:3]).astype(int))].all()
    assert brain.header["descrip"].tobytes().strip(b"\0") == b""


def test_the_viewer_has_the_map_and_its_error_bars_of_every_month(a_report_content, elements):
    (settings,) = (json.loads(text) for a, text in elements.scripts if a.get("id") == "viewer-settings")
    assert settings["months"][:2] == [0.0, 0.25]
    assert dict(zip(settings["months"], settings["kinds"], strict=True))[2.25] == "extrapolated"
    assert settings["months"][settings["start"]] == 2.0
    frames = draw_pictures(a_report_content).frames
    for index, month in enumerate(frames.months):
        change = volume(elements, f"change-{index}")
        inside = np.argwhere(frames.mask.array)
        x_mm = (change.affine @ np.c_[inside, np.ones(len(inside))].T)[0]
        np.testing.assert_allclose(change.get_fdata()[tuple(inside.T)], 1e-3 * month * x_mm, atol=5.01e-4)
        width = volume(elements, f"interval-{index}").get_fdata()
        np.testing.assert_allclose(width, frames.half_width[index], atol=5.01e-4)


def test_every_time_shows_whether_it_is_observed(html):
    ticks = re.search(r'<div class="ticks".*?</div>', html, re.DOTALL).group()
    assert re.findall(r'<span class="(\w+)">([\d.]+)<', ticks) == [
        ("observed", "0"),
        ("observed", "1"),
        ("observed", "2"),
        ("extrapolated", "3"),
    ]


def test_a_region_of_the_table_knows_where_it_lies(a_report_content, html):
    places = re.findall(r'class="place" data-mm="([^"]+)">([^<]+)<', html)
    labels = a_report_content.labels
    for text, name in places:
        index = np.linalg.inv(labels.affine) @ [*map(float, text.split()), 1]
        label = labels.array[tuple(np.rint(index[:3]).astype(int))]
        assert label == {"label 53": 53, "Tumour &lt;core&gt; &amp; rim": 900}[name]
    assert len(places) == 2 * 4


def test_no_rate_stands_without_its_interval(a_report_content, html):
    assert "Rate then" not in html
    (row,) = analyse_regions(a_report_content.model, None, [2.0], a_report_content.mask, residual=0.04).rows
    (line,) = month_tables([replace(row, mean_percent_per_year=-0.84, interval_points=0.05)])[0].rows
    assert line.yearly == "−0.8 ± 0.3"
    (line,) = month_tables([replace(row, interval_points=None)])[0].rows
    assert line.yearly == ""


def test_a_report_of_the_whole_mask_alone_says_so_and_has_no_empty_parts(a_report_content):
    analysis = analyse_regions(a_report_content.model, None, [2.0], a_report_content.mask)
    content = replace(
        a_report_content,
        rows=analysis.rows,
        dice={},
        warnings=[],
        labels=None,
        residual=None,
        study_code=None,
        regions_note=None,
    )
    pictures = draw_pictures(content)
    html = render(content, pictures, viewer_volumes(content.baseline, content.mask, pictures.frames))
    assert "No segmentation was given" in html
    assert 'class="warnings"' not in html
    assert "Dice" not in html
    assert "volume-interval" not in html.split("<script>")[0]
    assert "nothing is faded" in html
    assert "<title>Brain volume change over time</title>" in html


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


def test_centiles_have_a_column_where_norms_were_given_and_none_elsewhere(a_report_content, html):
    assert ">Centile<" not in html
    last = max(row.months for row in a_report_content.rows)
    rows = [
        replace(row, centile=12.3, centile_low=5.0, centile_high=31.0) if row.months == last else row
        for row in a_report_content.rows
    ]
    content = replace(a_report_content, rows=rows)
    pictures = draw_pictures(content)
    text = render(content, pictures, viewer_volumes(content.baseline, content.mask, pictures.frames))
    assert ">Centile<" in text
    assert text.count("12 (5 or less to 31)") == sum(row.months == last for row in rows)
