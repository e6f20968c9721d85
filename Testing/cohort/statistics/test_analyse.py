"""From a cohort's folder to its tables: a small cohort with known slopes, in files."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("duckdb")
pytest.importorskip("statsmodels")

import pandas as pd

from benchmarks.cohort.made_folder import write_folder
from benchmarks.cohort.simulated_tables import Truth, simulated_cohort
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import read_outcome, write_outcome
from LongitudinalINRLib.cohort.plan import digest_of, read_plan, write_plan
from LongitudinalINRLib.cohort.statistics.analyse import analyse
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.options import GroupOptions
from LongitudinalINRLib.cohort.statistics.writing import compare_with_published
from LongitudinalINRLib.cohort.tables.storage import query
from LongitudinalINRLib.errors import InputError

NAMES = [(0, "brain"), (-1, "brain tissue"), (17, "Left-Hippocampus"), (53, "Right-Hippocampus")]
TRUTH = Truth({"AD": 12, "MCI": 12, "CN": 12}, mean={"AD": -0.05, "MCI": -0.03, "CN": -0.01}, missed=0.1)
TABLES = ("changes.parquet", "effects.tsv", "group_changes.tsv", "people.parquet", "sample_sizes.tsv")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> CohortFolder:
    truth = replace(TRUTH, site_shifts=(0.004, -0.004))
    drawn = simulated_cohort(truth, np.random.default_rng(2), len(NAMES))
    return write_folder(drawn, NAMES, tmp_path_factory.mktemp("cohort") / "out")


@pytest.fixture(scope="module")
def found(cohort: CohortFolder) -> GroupStatistics:
    return analyse(cohort, cohort.path)


def test_regions_groups_and_contrasts_come_in_their_order(found):
    assert (found.groups, found.covariates, found.notes) == (("CN", "AD", "MCI"), ("age", "sex"), ())
    assert [model.region for model in found.models] == [
        "brain",
        "brain tissue",
        "Left-Hippocampus",
        "Right-Hippocampus",
    ]
    contrasts = [effect.contrast for effect in found.effects if effect.label == 17]
    assert contrasts == ["AD - CN", "MCI - CN", "MCI - AD"]
    assert {(change.method, change.people) for change in found.group_changes} == {("mixed model", 12)}


def test_groups_stand_in_the_order_of_levels_or_in_that_which_is_asked_for(cohort, tmp_path):
    table = tmp_path / "participants.tsv"
    shutil.copy(cohort.path / "participants.tsv", table)
    levels = {"group": {"Levels": {"MCI": "mild", "CN": "none", "AD": "much"}}}
    (tmp_path / "participants.json").write_text(json.dumps(levels))

    assert analyse(cohort, table).groups == ("CN", "MCI", "AD")
    assert analyse(cohort, table, GroupOptions(order=("AD",))).groups == ("CN", "AD", "MCI")


def test_people_who_were_not_fitted_alike_are_noted_with_their_numbers(cohort, tmp_path):
    others = CohortFolder(shutil.copytree(cohort.path, tmp_path / "out"))
    for label in list(others.participants())[:2]:
        account = others.person(label).job.fit
        told = json.loads(account.read_text())
        told["config"]["preset"] = "paper"
        account.write_text(json.dumps(told))
    for label in list(others.participants())[:3]:
        folder = others.person(label)
        write_plan(read_plan(folder).model_copy(update={"labels_from": "atlas"}), folder)
        plan = digest_of(read_plan(folder))
        write_outcome(read_outcome(folder).model_copy(update={"plan": plan}), folder)

    notes = analyse(others, others.path).notes

    assert [note.split(")")[0] for note in notes] == [
        "People were not fitted alike (preset: preview 34, paper 2",
        "People were not fitted alike (source of regions: SynthSeg 33, atlas 3",
    ]


def test_true_mean_slopes_lie_in_nearly_all_intervals(found):
    inside = [row.low <= 100 * np.expm1(TRUTH.mean[row.group]) <= row.high for row in found.group_changes]
    assert sum(inside) >= len(inside) - 2


def test_the_difference_is_that_of_the_means_and_its_interval_goes_with_p(found):
    means = {(row.label, row.group): row.percent_per_year for row in found.group_changes}
    for effect in found.effects:
        expected = means[effect.label, effect.group] - means[effect.label, effect.reference]
        assert effect.difference_percent_per_year == pytest.approx(expected)
        assert (effect.low > 0 or effect.high < 0) == (effect.p < 0.05)


def test_all_tables_are_written_and_say_what_was_returned(cohort, found):
    effects = pd.read_csv(cohort.group / "effects.tsv", sep="\t")
    assert effects["p"].tolist() == pytest.approx([effect.p for effect in found.effects], rel=1e-5)
    trajectories = pd.read_csv(cohort.group / "trajectories.tsv", sep="\t")
    assert len(trajectories) == len(found.trajectories)
    assert query(cohort, "SELECT count(*) AS n FROM slopes")["n"].tolist() == [36 * 4]
    slope = query(cohort, "SELECT avg(percent_per_year) AS mean FROM slopes WHERE label = 17")["mean"][0]
    assert slope == pytest.approx(-3.0, abs=0.8)


def test_a_line_stands_beside_what_was_seen(found):
    of_one = [point for point in found.trajectories if (point.group, point.label) == ("AD", 17)]
    line = {point.months: point for point in of_one if point.kind == "model"}
    seen = [point for point in of_one if point.kind == "observed"]
    change = next(row for row in found.group_changes if (row.group, row.label) == ("AD", 17))
    assert (line[0.0].percent, line[0.0].low, line[0.0].high) == (0.0, 0.0, 0.0)
    year = line[12.0]
    assert (year.percent, year.low, year.high) == pytest.approx(
        (change.percent_per_year, change.low, change.high)
    )
    assert [round(point.months / 12) for point in seen] == [1, 2, 3]
    assert all(point.low < point.percent < point.high < 0 for point in seen)


def test_the_same_cohort_again_leaves_the_same_files(cohort, found):
    before = {name: (cohort.group / name).read_bytes() for name in TABLES}
    analyse(cohort, cohort.path)
    assert {name: (cohort.group / name).read_bytes() for name in TABLES} == before


def test_harmonised_slopes_no_longer_tell_the_sites_apart(cohort, found):
    sites = """SELECT site, avg(of_group) AS mean FROM (
                   SELECT site, avg(percent_per_year) AS of_group
                   FROM slopes JOIN people USING (participant_id) GROUP BY site, "group")
               GROUP BY site"""
    before = np.ptp(query(cohort, sites)["mean"])
    brought = analyse(cohort, cohort.path, GroupOptions(harmonise="combat"))
    after = np.ptp(query(cohort, sites)["mean"])
    analyse(cohort, cohort.path)
    assert before == pytest.approx(0.8, abs=0.5)
    assert after < 0.4 * before
    assert brought.notes[0].startswith("Slopes of 2 sites were harmonised by ComBat")
    assert {model.degrees for model in brought.models} == {36 - 5 - 1}


def test_a_person_without_age_is_not_used_and_counted(cohort):
    table = pd.read_csv(cohort.path / "participants.tsv", sep="\t", dtype=str, keep_default_na=False)
    table.loc[[0, 5], "age"] = "n/a"
    without = analyse(cohort, table)
    assert without.exclusions == {"no age in participants.tsv": 2}
    assert sum(without.models[0].people) == 34
    assert analyse(cohort, table, GroupOptions(covariates=("sex",))).exclusions == {}


@pytest.mark.parametrize(
    ("drop", "options", "code"),
    [
        pytest.param([], GroupOptions(reference="placebo"), "no-reference-group", id="no such group"),
        pytest.param(["group"], GroupOptions(), "participants-column", id="no group"),
        pytest.param(["age"], GroupOptions(covariates=("age",)), "participants-column", id="no age"),
        pytest.param(["site"], GroupOptions(harmonise="combat"), "participants-column", id="no site"),
    ],
)
def test_options_that_the_participants_do_not_fit_are_refused(cohort, drop, options, code):
    table = pd.read_csv(cohort.path / "participants.tsv", sep="\t", dtype=str).drop(columns=drop)
    with pytest.raises(InputError) as refusal:
        analyse(cohort, table, options)
    assert refusal.value.code == code


def test_nobody_in_the_participants_is_refused_with_the_reason(cohort):
    with pytest.raises(InputError) as refusal:
        analyse(cohort, pd.DataFrame({"participant_id": ["sub-x"], "group": ["AD"]}))
    assert refusal.value.code == "nobody-to-compare"
    assert "not in participants.tsv" in refusal.value.found


def test_a_published_table_stands_beside_ours(cohort, found, tmp_path):
    table = tmp_path / "published.csv"
    table.write_text("region,group,percent_per_year\nhippocampus,ad,-4.9\nAmygdala,AD,-2\n")
    both, absent = compare_with_published(cohort, found, table)
    left, right = (
        row.percent_per_year for row in found.group_changes if row.group == "AD" and row.label in (17, 53)
    )
    assert both.percent_per_year == pytest.approx((left + right) / 2)
    assert both.inside is True
    assert absent.percent_per_year is None
    assert (cohort.group / "published.tsv").read_text().splitlines()[
        2
    ] == "Amygdala\tAD\t-2\tn/a\tn/a\tn/a\tn/a"
    table.write_text("region;group\n")
    with pytest.raises(InputError) as refusal:
        compare_with_published(cohort, found, table)
    assert refusal.value.code == "published-unreadable"
