import re
from dataclasses import replace
from html.parser import HTMLParser

from LongitudinalINRLib.cohort.report.answer import answer_of
from LongitudinalINRLib.cohort.report.content import GroupMapsView, MapFrame, PersonLine
from LongitudinalINRLib.cohort.report.page import ordered_regions, render, write_group_page
from LongitudinalINRLib.cohort.report.quality_figure import outliers_of

GROUPS = ("control", "MCI", "AD")


class Cells(HTMLParser):
    """The text of every row of every table."""

    def __init__(self, text):
        super().__init__()
        self.rows, self._open = [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        self._open = tag in ("td", "th") or (self._open and tag not in ("tr", "table"))
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, text):
        if self._open and self.rows and self.rows[-1]:
            self.rows[-1][-1] += text

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._open = False


def row_of(text, name):
    return next(row for row in Cells(text).rows if row and row[0].strip() == name)


def test_the_answer_names_the_clearest_difference_tissue_and_who_was_counted(a_cohort):
    answer = answer_of(a_cohort)
    assert answer.largest == (
        "The clearest difference: Left-Lateral-Ventricle, AD +7.50 % a year, control +2.10 % a year: "
        "+5.40 points a year (+5.00 to +5.80; q < 0.001, d = 6.8)."
    )
    assert answer.overall == (
        "Different beyond chance (false discovery rate 5 %): MCI against control in 2 of 4 regions, "
        "AD against control in 2 of 4 regions."
    )
    assert answer.tissue == (
        "Brain tissue, % a year with its 95 % interval: control −0.40 (−0.70 to −0.10), "
        "MCI −0.70 (−1.00 to −0.40), AD −1.20 (−1.50 to −0.90)."
    )
    assert answer.people == (
        "12 people (4 control, 4 MCI, 4 AD), followed for 12 to 24 months. 1 not counted: see below why."
    )


def test_a_region_that_is_not_to_be_trusted_is_not_the_answer_and_is_marked(a_cohort):
    doubted = replace(a_cohort, doubtful=frozenset({"Left-Lateral-Ventricle"}))
    answer = answer_of(doubted)
    assert answer.largest.startswith("The clearest difference: Left-Hippocampus, AD")
    assert answer.overall == (
        "Different beyond chance (false discovery rate 5 %; regions marked † aside): MCI against control in "
        "1 of 3 regions, AD against control in 1 of 3 regions."
    )
    assert ordered_regions(doubted)[-1] == "Left-Lateral-Ventricle"
    page = render(doubted)
    assert row_of(page, "Left-Lateral-Ventricle†")[1] == "+2.10 +1.80 to +2.40"
    assert "† not to be trusted" in page


def test_an_effect_size_of_too_few_people_is_a_dash_and_without_any_there_is_no_column(a_cohort):
    few = [replace(each, effect_size=None) for each in a_cohort.contrasts]
    page = render(replace(a_cohort, contrasts=few))
    assert len(row_of(page, "Left-Hippocampus")) == 1 + 3 + 2 * 2
    assert "Cohen's d" not in page
    assert answer_of(replace(a_cohort, contrasts=few)).largest.endswith("(+5.00 to +5.80; q < 0.001).")
    some = [each if each.group == "AD" else none for each, none in zip(a_cohort.contrasts, few, strict=True)]
    row = row_of(render(replace(a_cohort, contrasts=some)), "Left-Hippocampus")
    assert (row[6], row[9]) == ("–", "−2.6")


def test_dollar_signs_in_a_name_are_no_formula(a_cohort):
    named = "a$b_2$"
    page = render(
        replace(
            a_cohort,
            means=[replace(m, region=named) if m.region == "Left-Thalamus" else m for m in a_cohort.means],
            courses=[
                replace(c, region=named) if c.region == "Left-Thalamus" else c for c in a_cohort.courses
            ],
        )
    )
    drawn = [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", page) if "$" in text]
    assert drawn == [named, named]  # above its panel, and in the picture of all regions


def test_thousands_of_people_make_a_page_that_opens(a_cohort):
    many = [
        PersonLine(
            f"{number:05d}", GROUPS[number % 3], "one session alone" if number % 5 == 0 else "",
            f"sub-{number:05d}.html", (), {f"number {k}": float(number * k % 97) for k in range(1, 9)},
            ("number 1",) if number % 7 == 0 else (),
        )
        for number in range(3000)
    ]  # fmt: skip
    page = render(replace(a_cohort, people=many))
    assert len(page.encode()) < 3_000_000
    assert page.count('href="data:image/png;base64,') == 8
    assert 'xlink:href="sub-' not in page
    assert "(too many for links)" in page
    assert "And 300 more: <code>group/people.parquet</code>" in page
    assert "And 129 more: column <code>outlying</code>" in page
    assert "Everybody by name: <code>group/people.parquet</code>" in page


def test_without_a_difference_beyond_chance_the_answer_says_so(a_cohort):
    none = replace(a_cohort, contrasts=[replace(each, q=0.3) for each in a_cohort.contrasts])
    assert answer_of(none).largest == "No region tells the groups apart beyond chance."


def test_groups_that_are_too_small_for_a_model_are_not_called_alike(a_cohort):
    answer = answer_of(replace(a_cohort, contrasts=[]))
    assert answer.largest.startswith("Nothing could be compared: 12 people are too few for 3 groups")
    assert answer.overall == ""


def test_one_group_is_shown_and_nothing_compared(a_cohort):
    alone = replace(
        a_cohort,
        groups=("control",),
        means=[mean for mean in a_cohort.means if mean.group == "control"],
        contrasts=[],
    )
    assert answer_of(alone).overall == "There is one group: nothing is compared."
    assert row_of(render(alone), "Left-Thalamus")[1] == "−0.30 −0.60 to 0.00"


def test_the_page_has_every_number_of_a_region(a_cohort):
    assert row_of(render(a_cohort), "Left-Hippocampus") == [
        "Left-Hippocampus",
        "−0.80 −1.10 to −0.50", "−1.70 −2.00 to −1.40", "−2.90 −3.20 to −2.60",
        "−0.90 −1.30 to −0.50", "< 0.001", "−1.1",
        "−2.10 −2.50 to −1.70", "< 0.001", "−2.6",
    ]  # fmt: skip


def test_regions_stand_by_how_far_the_groups_lie_apart(a_cohort):
    assert ordered_regions(a_cohort) == [
        "Brain tissue", "Whole mask",
        "Left-Lateral-Ventricle", "Left-Hippocampus", "Left-Thalamus", "Right-Putamen",
    ]  # fmt: skip


def test_who_is_left_out_stands_with_the_reason_and_outliers_lead_to_their_page(a_cohort):
    page = render(a_cohort)
    assert row_of(page, "12") == ["12", "MCI", "one session alone"]
    assert [(person.participant, measure) for person, measure in outliers_of(a_cohort.people)] == [
        ("11", "similarity after the fit")
    ]
    assert row_of(page, "11") == ["11", "AD", "similarity after the fit", "0.62"]
    assert '<a href="sub-11.html">11</a>' in page
    links = set(re.findall(r'xlink:href="(sub-\d+\.html)"', page))
    assert links == {f"sub-{number:02d}.html" for number in range(12)}


def test_a_sample_size_has_its_interval_and_a_dash_where_there_is_none(a_cohort):
    rows = [row[1:] for row in Cells(render(a_cohort)).rows if row and row[0] == "Left-Hippocampus"][1:]
    assert rows == [["AD", "120 61 to 301", "214"], ["MCI", "1\u202f480 700 to 5\u202f210", "–"]]


def test_sample_sizes_say_what_trial_they_are_for(a_cohort):
    page = render(a_cohort)
    assert "30 % slower decline" in page
    assert "for 90 % power at a two-sided 5 % level" in page


def test_names_from_the_dataset_cannot_become_markup(a_cohort):
    evil = "<script>x</script>"
    groups = (evil, *a_cohort.groups[1:])
    page = render(
        replace(
            a_cohort,
            title=evil,
            groups=groups,
            means=[replace(m, group=evil) if m.group == "control" else m for m in a_cohort.means],
            courses=[replace(c, region=evil) if c.region == "Whole mask" else c for c in a_cohort.courses],
        )
    )
    assert "<script>x" not in page
    assert page.count("<script") == 1


def test_the_page_asks_nothing_of_a_network(a_cohort):
    frame = MapFrame(24.0, "observed", b"\xff\xd8 picture")
    page = render(replace(a_cohort, maps=GroupMapsView([frame], 0, "Mean maps.", [("t map", b"\x89PNG x")])))
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href)="(?!data:|#|sub-)[^"]*"', page) == []
    assert 'src="data:image/jpeg;base64,/9ggcGljdHVyZQ=="' in page
    assert 'src="data:image/png;base64,iVBORyB4"' in page


def test_the_same_cohort_makes_the_same_page(a_cohort, tmp_path):
    write_group_page(a_cohort, tmp_path / "a.html")
    write_group_page(a_cohort, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
