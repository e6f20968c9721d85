import json
import re

import numpy as np
import pytest

from benchmarks.cohort.made_folder import write_folder, write_person
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.bids.left_out import LeftOut, write_left_out
from LongitudinalINRLib.cohort.group.level import LevelOptions, run_group
from LongitudinalINRLib.errors import InputError

NAMES = [(-1, "brain tissue"), (17, "Left-Hippocampus")]


@pytest.fixture(scope="module")
def a_cohort(tmp_path_factory):
    """Forty people in three groups, two regions; AD loses three percent a year more than controls."""
    out = tmp_path_factory.mktemp("cohort")
    truth = Truth(mean={"controls": -0.005, "MCI": -0.015, "AD": -0.035})
    folder = write_folder(simulated_cohort(truth, np.random.default_rng(1), len(NAMES)), NAMES, out)
    write_person(folder.person("bad"), [], code=2, message="The mask is empty.")
    people = out / "participants.tsv"
    people.write_text(people.read_text() + "sub-bad\tAD\t70\tF\tsite-0\nsub-lone\tMCI\t70\tF\tsite-0\n")
    folder.logs.mkdir()
    left_out = LeftOut("lone", "one-scan", "sub-lone has one scan.", "Add scans.")
    write_left_out([left_out], folder.left_out, {"lone"})
    (out / "dataset_description.json").write_text(json.dumps({"Name": "Ageing", "BIDSVersion": "1.10.0"}))
    (out / "sub-00000.html").write_text("a person's page")
    return folder


@pytest.fixture(scope="module")
def a_level(a_cohort):
    told = []
    level = run_group(
        a_cohort, a_cohort.path, LevelOptions(maps=None), lambda share, text: told.append((share, text))
    )
    return level, told


def test_the_groups_that_differ_are_named_on_the_page(a_level):
    page = a_level[0].page.read_text(encoding="utf-8")
    assert "<b>Ageing</b>" in page
    assert re.search(r'class="changed">The clearest difference: Left hippocampus, AD −\d', page)
    assert "40 people (14 controls, 13 AD, 13 MCI)" in page


def test_the_true_difference_lies_in_the_interval_of_the_page_s_numbers(a_level):
    effect = next(
        each
        for each in a_level[0].statistics.effects
        if (each.region, each.group, each.reference) == ("Left-Hippocampus", "AD", "controls")
    )
    assert effect.low < -3.0 < effect.high


@pytest.mark.parametrize(
    ("person", "group", "reason"),
    [("bad", "AD", "The mask is empty."), ("lone", "MCI", "sub-lone has one scan.")],
)
def test_who_is_not_counted_is_told_with_the_reason(a_level, person, group, reason):
    page = a_level[0].page.read_text(encoding="utf-8")
    row = re.search(rf'<th scope="row">{person}</th><td>{group}</td><td>([^<]*)</td>', page)
    assert row is not None
    assert reason in row[1]


def test_people_are_linked_where_they_have_a_page(a_level):
    page = a_level[0].page.read_text(encoding="utf-8")
    assert set(re.findall(r'<a href="([^"]*)"', page)) == {"sub-00000.html"}


def test_the_methods_say_who_was_used_and_what_was_accounted_for(a_level):
    page = a_level[0].page.read_text(encoding="utf-8")
    methods = page[page.index('id="methods"') :]
    assert "Of 42 people, 40 were used; 1: The mask is empty; 1: left out before the fit." in methods
    assert "age and sex as covariates of the slope" in methods
    assert "Each baseline was registered" not in methods


def test_the_methods_say_how_people_were_fitted_and_cite_it(a_level):
    page = a_level[0].page.read_text(encoding="utf-8")
    methods = page[page.index('id="methods"') :]
    for told in (
        "Local volume change was measured in 40 people",
        "Follow-ups were aligned to the baseline rigidly, with six degrees of freedom.",
        "With the preset preview, one network",
        "References: Shuaibu",
    ):
        assert methods.count(told) == 1


def test_progress_never_goes_back_and_ends(a_level):
    shares = [share for share, _ in a_level[1]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_published_table_stands_beside_the_cohort_s(a_cohort, tmp_path):
    table = tmp_path / "oasis.csv"
    table.write_text("region,group,percent_per_year\nLeft-Hippocampus,AD,-2.2\nPons,AD,-0.1\n")
    page = run_group(a_cohort, a_cohort.path, LevelOptions(maps=None, published=table)).page.read_text(
        "utf-8"
    )
    part = page[page.index('id="published"') :]
    assert re.search(
        r'Left-Hippocampus</th><td>AD</td><td class="number">−2.20</td><td class="number">−3', part
    )
    assert re.search(r'Pons</th><td>AD</td><td class="number">−0.10</td><td [^>]*>–<', part)


def test_without_a_column_for_groups_the_column_is_asked_for(a_cohort, tmp_path):
    people = tmp_path / "participants.tsv"
    people.write_text("participant_id\tage\nsub-00000\t70\n")
    with pytest.raises(InputError, match="no column for group") as caught:
        run_group(a_cohort, a_cohort.path, LevelOptions(maps=None, participants=people))
    assert "--group-column" in caught.value.advice
