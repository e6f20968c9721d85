"""The report in a real browser: skipped where no Chromium is installed."""

SHOWN = "[...document.querySelectorAll('.frame')].filter(f => f.getBoundingClientRect().height > 50)"
TEXT = "document.getElementById('month-text').innerText"
ARROW_RIGHT, ARROW_LEFT, END = ("ArrowRight", 39), ("ArrowLeft", 37), ("End", 35)


def shown_frames(page):
    return page.evaluate(f"{SHOWN}.map(f => f.dataset.text + ', ' + f.dataset.kind)")


def test_the_slider_changes_the_shown_frame_by_keyboard(a_page, a_report):
    a_page.open(a_report.as_uri())
    assert shown_frames(a_page) == ["Month 2, observed"]
    before = a_page.evaluate(f"{SHOWN}[0].querySelector('img').src")
    a_page.evaluate("document.getElementById('month-slider').focus()")
    a_page.press(*ARROW_RIGHT)
    assert shown_frames(a_page) == ["Month 2.25, extrapolated"]
    assert a_page.evaluate(f"{SHOWN}[0].querySelector('img').src") != before
    assert a_page.evaluate(TEXT).split() == ["Month", "2.25", "extrapolated"]
    a_page.press(*END)
    a_page.press(*ARROW_LEFT)
    assert shown_frames(a_page) == ["Month 2.75, extrapolated"]
    assert a_page.evaluate("document.getElementById('month-slider').getAttribute('aria-valuetext')") == (
        "Month 2.75, extrapolated"
    )


def test_every_image_is_drawn_and_nothing_is_refused_or_fetched(a_page, a_report):
    a_page.open(a_report.as_uri())
    assert a_page.evaluate("[...document.images].filter(i => i.naturalWidth === 0).length") == 0
    assert a_page.evaluate("document.images.length") > 15
    assert a_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    methods = [message.get("method") for message in a_page.messages]
    assert "Runtime.exceptionThrown" not in methods
    assert "Log.entryAdded" not in methods
    requests = [
        m["params"]["request"]["url"]
        for m in a_page.messages
        if m.get("method") == "Network.requestWillBeSent"
    ]
    assert {url.split(":")[0] for url in requests} <= {"file", "data"}


def test_the_table_changes_month_and_sorts(a_page, a_report):
    a_page.open(a_report.as_uri())
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


def test_without_scripts_the_scans_are_shown_and_every_month_is_in_the_table(a_page, a_report, tmp_path):
    # Scripts that have not run yet are the same as scripts that never run.
    html = a_report.read_text(encoding="utf-8")
    still = tmp_path / "still.html"
    still.write_text(html[: html.index("<script>")] + html[html.index("</script>") :], encoding="utf-8")
    a_page.open(still.as_uri())
    assert shown_frames(a_page) == ["Month 0, observed", "Month 1, observed", "Month 2, observed"]
    assert a_page.evaluate(f"{SHOWN}.map(f => f.querySelector('figcaption').offsetHeight > 0)") == [True] * 3
    headings = "[...document.querySelectorAll('.month-heading')].filter(r => r.offsetHeight > 0).length"
    assert a_page.evaluate(headings) == 4
    assert a_page.evaluate("document.getElementById('month-slider').offsetHeight") == 0
