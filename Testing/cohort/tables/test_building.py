"""From people's folders to tables: who is in them, with what, and why others are not."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

from benchmarks.cohort.made_folder import write_person
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.cohort.bids.left_out import LeftOut, write_left_out
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import read_outcome, write_outcome
from LongitudinalINRLib.cohort.participants import Columns, Covariates, Participants
from LongitudinalINRLib.cohort.tables.building import Admission, build_tables
from LongitudinalINRLib.cohort.tables.storage import GroupTables, query
from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError

AD = Covariates("AD", 75.0, "F", "Trio")


def a_row(region: str, label: int, months: float, ratio: float, **changes: object) -> RegionRow:
    row = RegionRow(
        region=region,
        label=label,
        months=months,
        kind="observed",
        mean_jacobian=ratio,
        volume_change_percent=100 * (ratio - 1),
        rate_percent_per_year=0.0,
        mean_percent_per_year=0.0,
        sign_consistency=1.0,
        voxels=1000,
        baseline_volume_ml=4.0,
        volume_ml=4.0 * ratio,
        sign_change_share=0.0,
        folded_voxels=0,
        asymmetry_percent=None,
        excluded_voxels=0,
        interval_points=1.6448536 if months else 0.0,
    )
    return replace(row, **changes)


ROWS = [
    a_row("brain", 0, 0.0, 1.0),
    a_row("Left-Hippocampus", 17, 0.0, 1.0),
    a_row("brain", 0, 12.0, 0.99),
    a_row("Left-Hippocampus", 17, 12.0, 0.96),
    a_row("brain", 0, 18.0, 0.985, kind="interpolated"),
    a_row("Left-Hippocampus", 17, 18.0, 0.95, kind="interpolated"),
]


@pytest.fixture
def cohort(tmp_path: Path) -> CohortFolder:
    return CohortFolder(tmp_path / "out")


def build(cohort: CohortFolder, people: dict[str, Covariates], **admission: object) -> list:
    return build_tables(cohort, Participants(people, Columns()), Admission(**admission))


def test_changes_are_log_ratios_at_observed_follow_ups_with_standard_errors(cohort):
    write_person(cohort.person("01"), [row for row in ROWS if row.kind == "observed"])
    (person,) = build(cohort, {"01": AD})
    assert (person.status, person.reason, person.follow_ups, person.last_months) == ("used", "", 1, 12.0)
    found = query(cohort, "SELECT * FROM changes ORDER BY label").to_dict("records")
    assert [(row["participant_id"], row["session"], row["region"], row["months"]) for row in found] == [
        ("sub-01", "ses-M12", "brain", 12.0),
        ("sub-01", "ses-M12", "Left-Hippocampus", 12.0),
    ]
    hippocampus = found[1]
    assert hippocampus["log_ratio"] == pytest.approx(math.log(0.96))
    # 1.645 points are one standard error of 1 point: d log J = dJ / J.
    assert hippocampus["log_ratio_se"] == pytest.approx(0.01 / 0.96)
    assert hippocampus["log_ratio_high"] - hippocampus["log_ratio"] == pytest.approx(0.016448536 / 0.96)
    assert hippocampus["baseline_volume_ml"] == 4.0


def test_months_between_scans_are_no_observation(cohort):
    write_person(cohort.person("01"), ROWS)
    build(cohort, {"01": AD})
    assert query(cohort, "SELECT DISTINCT months FROM changes")["months"].tolist() == [12.0]


def test_everybody_who_is_not_used_has_a_reason(cohort):
    observed = [row for row in ROWS if row.kind == "observed"]
    folded = [replace(row, folded_voxels=20) if row.label == 0 and row.months else row for row in observed]
    write_person(cohort.person("01"), observed)
    write_person(cohort.person("02"), observed, code=2, message="The scans are of two people.")
    write_person(cohort.person("03"), observed)
    write_person(cohort.person("04"), folded)
    write_person(cohort.person("05"), observed)
    write_person(cohort.person("06"), observed)
    write_person(cohort.person("07"), observed)
    cohort.person("06").outcome.unlink()
    cohort.person("07").job.regions.write_text("not,a table\n1,2\n")
    who = dict.fromkeys(("01", "02", "04", "06", "07"), AD) | {"05": replace(AD, age_years=None)}
    people = build(cohort, who, needed=("group", "age_years"))
    assert [(person.participant_id, person.status, person.reason) for person in people] == [
        ("sub-01", "used", ""),
        ("sub-02", "failed", "The scans are of two people."),
        ("sub-03", "done", "not in participants.tsv"),
        ("sub-04", "done", "more than 1 % of the brain is folded"),
        ("sub-05", "done", "no age in participants.tsv"),
        ("sub-06", "waiting", "not run yet"),
        ("sub-07", "failed", "The table regions.csv is not one of regions."),
    ]


def test_who_was_left_out_of_the_plans_is_told_with_a_result_of_before_or_without(cohort):
    for label in ("01", "02"):
        write_person(cohort.person(label), ROWS[:4])
    left_out = [
        LeftOut("02", "one-scan", "There is one scan.", "Add one."),
        LeftOut("03", "no-times", "No dates.", "Add them."),
    ]
    cohort.logs.mkdir()
    write_left_out(left_out, cohort.left_out, {"02", "03"})

    people = build(cohort, {"01": AD, "02": AD, "03": replace(AD, group="CN")})

    assert [(each.participant_id, each.group, each.status, each.reason) for each in people] == [
        ("sub-01", "AD", "used", ""),
        ("sub-02", "AD", "left out", "There is one scan."),
        ("sub-03", "CN", "left out", "No dates."),
    ]
    changed = query(cohort, "SELECT DISTINCT participant_id FROM changes")
    assert changed["participant_id"].tolist() == ["sub-01"]


def test_the_table_of_people_says_how_each_was_fitted(cohort):
    write_person(cohort.person("01"), ROWS[:4])
    build(cohort, {"01": AD})

    (row,) = read_tsv(cohort.group_people)
    told = {name: row[name] for name in ("group", "age_years", "preset", "alignment", "labels_from")}
    assert told == {
        "group": "AD",
        "age_years": "75",
        "preset": "preview",
        "alignment": "rigid",
        "labels_from": "SynthSeg",
    }
    (same,) = query(cohort, "SELECT * FROM people").to_dict("records")
    assert {name: same[name] for name in told} == told | {"age_years": 75.0}


def test_a_result_of_another_plan_waits_for_the_new_one(cohort):
    folder = cohort.person("01")
    write_person(folder, ROWS[:4])
    write_outcome(read_outcome(folder).model_copy(update={"plan": "f" * 64}), folder)
    assert build(cohort, {"01": AD})[0].status == "waiting"


def test_a_result_that_is_gone_is_waited_for(cohort):
    folder = cohort.person("01")
    write_person(folder, ROWS[:4])
    folder.job.results.unlink()
    (person,) = build(cohort, {"01": AD})
    assert (person.status, person.reason) == ("waiting", "the result is gone; run it again")


def test_a_folded_region_has_no_row(cohort):
    rows = [replace(row, folded_voxels=20) if row.label == 17 else row for row in ROWS[:4]]
    write_person(cohort.person("01"), rows)
    build(cohort, {"01": AD})
    assert query(cohort, "SELECT region FROM changes")["region"].tolist() == ["brain"]


def test_who_stands_apart_is_named_with_the_number(cohort):
    for number in range(12):
        share = 0.4 if number == 7 else 0.01 + 0.001 * number
        write_person(cohort.person(f"{number:02d}"), ROWS[:4], unexplained=share)
    build(cohort, {f"{number:02d}": AD for number in range(12)})
    found = query(cohort, "SELECT participant_id, outlying FROM people WHERE outlying <> ''")
    assert found.to_numpy().tolist() == [["sub-07", "unexplained_share"]]


def test_tables_are_this_programs_own_and_others_files_are_kept(cohort):
    write_person(cohort.person("01"), ROWS[:4])
    cohort.group.mkdir(parents=True)
    (cohort.group / "changes.parquet").write_text("somebody's")
    with pytest.raises(InputError) as refusal:
        build(cohort, {"01": AD})
    assert refusal.value.code == "output-taken"
    assert (cohort.group / "changes.parquet").read_text() == "somebody's"
    (cohort.group / "changes.parquet").unlink()
    build(cohort, {"01": AD})
    build(cohort, {"01": AD})
    assert GroupTables(cohort).manifest.names() == ["changes.parquet", "people.parquet", "people.tsv"]


def test_a_question_that_is_none_is_refused(cohort):
    with pytest.raises(InputError) as refusal:
        query(cohort, "SELECT * FROM changes")
    assert refusal.value.code == "query-failed"
