"""The page of a person, as it lies beside its pictures."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from LongitudinalINRLib.analysis.answer import answer_of
from LongitudinalINRLib.analysis.region_row import read_regions


class Page(HTMLParser):
    """The words of a page, and where its pictures and links lead."""

    def __init__(self, html: str):
        super().__init__()
        self.sources, self.links, self.words = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.sources += [value for name, value in attrs if tag == "img" and name == "src"]
        self.links += [value for name, value in attrs if tag == "a" and name == "href"]

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def html(the_person):
    return the_person.folder.cohort.page("01").read_text("utf-8")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_answer_comes_first_and_is_that_of_the_table(page, the_person):
    answer = answer_of(read_regions(the_person.folder.job.regions))
    words = page.words.replace("\xa0", " ")
    assert answer.changed in words
    assert words.index(answer.changed) < words.index("Numbers per region")
    assert "Research use only, not a medical device" in words


def test_every_picture_and_every_file_it_leads_to_is_there(page, the_person):
    pictures = {source for source in page.sources if not source.startswith("data:")}
    made = {path.relative_to(the_person.out).as_posix() for path in the_person.out.rglob("*.webp")}
    assert pictures == made
    assert len(made) == 4
    assert all((the_person.out / name).read_bytes()[8:12] == b"WEBP" for name in made)
    assert all((the_person.out / link).is_file() for link in page.links if not link.startswith("#"))


def test_it_says_which_scans_were_taken_and_what_was_passed_over(page):
    words = " ".join(page.words.split())
    for session in ("M00", "M12", "M24"):
        assert f"sub-01_ses-{session}_T1w.nii.gz" in words
    assert "sub-01_ses-M12_run-2_T1w.nii.gz" in words


def test_it_asks_nothing_of_a_network_and_names_no_place_of_this_computer(html, the_person):
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)
    assert str(the_person.raw.parent) not in html


def test_names_from_outside_are_text(a_person):
    plan = a_person.plan
    scans = (
        plan.scans[0].model_copy(update={"passed_over": ("sub-01/<script>x</script>",)}),
        *plan.scans[1:],
    )
    a_person.folder.plan.write_text(plan.model_copy(update={"scans": scans}).model_dump_json(), "utf-8")
    assert a_person.run()[0] == 0
    html = a_person.folder.cohort.page("01").read_text("utf-8")
    assert "&lt;script&gt;" not in html.split("Passed over")[0]
    assert "<script>x" not in html


def test_warnings_of_an_earlier_run_stay_on_the_page(a_person):
    outcome = a_person.folder.outcome
    text = outcome.read_text("utf-8").replace('"warnings": [', '"warnings": [\n  "look at this scan",')
    outcome.write_text(re.sub(r",\s*\]", "\n ]", text), "utf-8")
    assert a_person.run()[0] == 0
    assert "look at this scan" in a_person.folder.cohort.page("01").read_text("utf-8")
    assert "look at this scan" in outcome.read_text("utf-8")
