import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.cohort.made_folder import write_folder, write_person
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.bids.left_out import LeftOut, write_left_out
from LongitudinalINRLib.cohort.group.level import LevelOptions, run_group
from LongitudinalINRLib.cohort.group.resolution import Resolution
from LongitudinalINRLib.cohort.group.view import content_of
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


def test_a_quick_fit_is_told_before_its_numbers_and_marks_structures_beside_ventricles(a_level):
    level, _ = a_level
    assert level.notes[0].startswith("How finely the 40 people were fitted: 40 with the preset preview.")
    assert "not to be trusted at this resolution: caudate, thalamus" in level.page.read_text(encoding="utf-8")
    fine, coarse = Resolution(9, 0, 0, 1.0), Resolution(9, 0, 4, 2.0)
    assert fine.doubtful == {
        f"{side} {name}" for side in ("Left", "Right") for name in ("caudate", "pallidum")
    }
    assert fine.notes[0].startswith("Caudate and pallidum take on part of the change")
    assert coarse.notes[0].startswith(
        "How finely the 9 people were fitted: 4 on voxels of 1.5 mm or more (up to 2 mm)."
    )
    assert {"Left caudate", "3rd ventricle", "Right ventral DC"} < coarse.doubtful
    assert "Left hippocampus" not in coarse.doubtful


def test_effect_sizes_are_those_of_groups_of_eight_people_or_more(a_cohort, a_level):
    found = a_level[0].statistics

    def sizes(people):
        changes = tuple(replace(row, people=people) for row in found.group_changes)
        content = content_of(
            a_cohort, replace(found, group_changes=changes), [], None, (), (), "", date(2026, 5, 4)
        )
        return [contrast.effect_size for contrast in content.contrasts]

    assert sizes(8) == [effect.effect_size for effect in found.effects]
    assert set(sizes(7)) == {None}


def test_a_figure_of_somebody_else_is_refused_before_maps_are_made(a_cohort, a_level):
    figure = a_cohort.group / "figure_of_groups.png"
    figure.write_bytes(b"mine")
    with pytest.raises(InputError) as caught:
        run_group(a_cohort, a_cohort.path)
    assert caught.value.code == "output-taken"
    assert figure.read_bytes() == b"mine"
    figure.unlink()


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


def test_a_page_of_somebody_else_stops_the_level_and_one_that_was_changed_is_kept(a_cohort, a_level):
    page, plain = a_level[0].page, LevelOptions(maps=None)
    page.write_text("my remarks")
    notes = run_group(a_cohort, a_cohort.path, plain).notes
    kept = page.with_name("group.html.kept-1")
    assert kept.read_text() == "my remarks"
    assert kept.name in notes[-1]
    a_cohort.published.unlink()
    page.write_text("somebody's page")
    with pytest.raises(InputError) as caught:
        run_group(a_cohort, a_cohort.path, plain)
    assert caught.value.code == "output-taken"
    assert page.read_text() == "somebody's page"
