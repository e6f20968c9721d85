"""The report in a real browser: skipped where no Chromium is installed."""

import time
from importlib.resources import files

import pytest

ARROW_RIGHT, ARROW_LEFT, END = ("ArrowRight", 39), ("ArrowLeft", 37), ("End", 35)
STATE = "document.documentElement.dataset.viewer"
MONTH = "document.getElementById('month-text').innerText.split(/\\s+/).join(' ')"
POINT = "document.getElementById('point-text').textContent"


def wait(page, expression, seconds=60):
    """Return what an expression says once it says something true."""
    end = time.monotonic() + seconds
    while not (found := page.evaluate(expression)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def open_with_viewer(page, report):
    page.open(report.as_uri())
    return wait(page, f"{STATE} !== 'starting' && {STATE}")


@pytest.fixture(scope="module")
def a_report_without_viewer(a_report, tmp_path_factory):
    """The page without NiiVue, which takes seconds to start where no graphics card draws."""
    viewer = (files("LongitudinalINRLib.analysis") / "viewer" / "niivue.umd.js").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("report") / "without-viewer.html"
    path.write_text(a_report.read_text(encoding="utf-8").replace(viewer, ""), encoding="utf-8")
    return path


def test_the_planes_show_the_month_of_the_slider_and_the_region_that_was_clicked(a_page, a_report):
    assert open_with_viewer(a_page, a_report) == "ready"
    assert a_page.evaluate(MONTH) == "Month 2 observed"
    a_page.evaluate("document.getElementById('month-slider').focus()")
    a_page.press(*ARROW_RIGHT)
    assert wait(a_page, f"{MONTH} === 'Month 2.25 extrapolated'")
    a_page.press(*END)
    a_page.press(*ARROW_LEFT)
    assert wait(a_page, f"{MONTH} === 'Month 2.75 extrapolated'")
    assert a_page.evaluate("document.getElementById('month-slider').getAttribute('aria-valuetext')") == (
        "Month 2.75, extrapolated"
    )
    # |J| is 1 + 0.001 x month x the coordinate to the right, in mm.
    a_page.evaluate("[...document.querySelectorAll('tbody.shown .place')][0].click()")
    x_mm = float(a_page.evaluate("document.querySelector('tr.chosen .place').dataset.mm.split(' ')[0]"))
    said = a_page.evaluate(POINT).replace("−", "-")
    assert said.startswith(f"At the crosshair ({x_mm:.0f}, ")
    assert abs(float(said.split("mm): ")[1].split(" ±")[0]) - 100 * 1e-3 * 2.75 * x_mm) < 0.06


def test_nothing_is_refused_or_fetched_and_every_picture_is_drawn(a_page, a_report):
    assert open_with_viewer(a_page, a_report) == "ready"
    assert a_page.evaluate("[...document.images].filter(i => i.naturalWidth === 0).length") == 0
    assert a_page.evaluate("document.images.length") > 5
    methods = [message.get("method") for message in a_page.messages]
    assert "Runtime.exceptionThrown" not in methods
    assert "Log.entryAdded" not in methods
    requests = [
        m["params"]["request"]["url"]
        for m in a_page.messages
        if m.get("method") == "Network.requestWillBeSent"
    ]
    assert {url.split(":")[0] for url in requests} <= {"file", "data"}


def test_the_answer_stands_on_the_first_screen_and_on_the_first_page_of_paper(a_page, a_report, tmp_path):
    a_page.resize(1400, 900)
    assert open_with_viewer(a_page, a_report) == "ready"
    assert a_page.evaluate("document.getElementById('answer-card').getBoundingClientRect().bottom") <= 900
    text = a_page.first_page_of_paper(tmp_path)
    for said in ("What has changed by month 2", "See the checks", "The scans match with reservations"):
        assert (said in text) == (said != "See the checks")


def test_on_a_telephone_nothing_reaches_beyond_the_screen(a_page, a_report):
    a_page.resize(390, 844)
    assert open_with_viewer(a_page, a_report) == "ready"
    assert a_page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_line_about_the_scans_opens_the_checks(a_page, a_report_without_viewer):
    a_page.open(a_report_without_viewer.as_uri())
    assert not a_page.evaluate("document.getElementById('checks').open")
    a_page.evaluate("document.querySelector('#answer-card .match a').click()")
    assert a_page.evaluate("document.getElementById('checks').open")


def test_the_table_changes_month_and_sorts(a_page, a_report_without_viewer):
    a_page.open(a_report_without_viewer.as_uri())
    rows = "[...document.querySelectorAll('tbody.shown tr:not(.month-heading)')]"
    cells = f"{rows}.map(r => r.children[0].innerText.trim() + ' ' + r.children[1].innerText.trim())"
    at_month_2 = a_page.evaluate(cells)
    assert len(at_month_2) == 3
    a_page.evaluate("[...document.querySelectorAll('.months button')].at(-1).click()")
    assert a_page.evaluate("document.querySelector('tbody.shown').className.includes('extrapolated')")
    a_page.evaluate("document.querySelector('button[data-key=change]').click()")
    changes = a_page.evaluate(f"{rows}.map(r => Number(r.children[1].dataset.value))")
    assert changes == sorted(changes, reverse=True)
    a_page.evaluate("document.querySelector('button[data-key=change]').click()")
    assert a_page.evaluate(f"{rows}.map(r => Number(r.children[1].dataset.value))") == changes[::-1]
    assert a_page.evaluate("document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "ascending"


def test_without_scripts_the_map_of_the_last_scan_and_every_month_of_the_table_are_shown(
    a_page, a_report, tmp_path
):
    # Scripts that have not run yet are the same as scripts that never run.
    html = a_report.read_text(encoding="utf-8")
    still = tmp_path / "still.html"
    still.write_text(html[: html.index("<script>")], encoding="utf-8")
    a_page.open(still.as_uri())
    assert a_page.evaluate("document.querySelector('.without-viewer img').offsetHeight") > 50
    assert a_page.evaluate("document.getElementById('viewer').offsetHeight") == 0
    headings = "[...document.querySelectorAll('.month-heading')].filter(r => r.offsetHeight > 0).length"
    assert a_page.evaluate(headings) == 4


def test_without_webgl_the_still_picture_stands_in(a_page, a_report, tmp_path):
    html = a_report.read_text(encoding="utf-8")
    policy = html[html.index("<meta http-equiv") : html.index(">", html.index("<meta http-equiv")) + 1]
    without = "<script>HTMLCanvasElement.prototype.getContext = () => null;</script>"
    blind = tmp_path / "blind.html"
    blind.write_text(html.replace(policy, without, 1), encoding="utf-8")
    assert open_with_viewer(a_page, blind) == "none"
    assert a_page.evaluate("document.querySelector('.without-viewer img').offsetHeight") > 50
    assert "needs WebGL 2" in a_page.evaluate("document.querySelector('.without-viewer').innerText")
