"""The sets of subjects: whom settings saw, what is reported, and how it is told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.accuracy import goals
from benchmarks.accuracy.__main__ import chosen
from benchmarks.accuracy.bootstrap import median_interval
from benchmarks.accuracy.cases import cases_of
from benchmarks.accuracy.cohort import SETS
from benchmarks.accuracy.cohort.hard import HARD_TUNING, OTHER_SCANNERS, SHARP_CHANGE
from benchmarks.accuracy.cohort.physics import CONTRAST_AGENT
from benchmarks.accuracy.rows import Row, has_rows, write_rows
from benchmarks.accuracy.scoring import Score
from benchmarks.accuracy.simulation import real_pair
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import by_physics
from benchmarks.accuracy.who import tuned_and_reported
from benchmarks.people import DATA_VARIABLE, USUAL
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.settings import checked_settings, with_settings

EVERY = list({spec.name: spec for specs in SETS.values() for spec in specs}.values())


def row(spec, error, slope=0.9, kind="observed"):
    score = Score(12.0, error, 0.01, 0.9, slope, 0.0, {17: 2.0, 18: -1.0}, {17: 0.5, 18: -1.0})
    return Row(spec.name, OURS, kind, score, None, 1.0)


@pytest.mark.parametrize("physics", {spec.physics.name: spec.physics for spec in EVERY}.values())
def test_every_physics_can_be_simulated(physics):
    checked_settings(*with_settings(Change(), Scanner(), physics.settings))


def test_names_and_seeds_are_used_once():
    assert len({spec.name for spec in EVERY}) == len({spec.seed for spec in EVERY}) == len(EVERY)


def test_hard_settings_saw_no_reported_physics_and_of_the_people_the_usual_one_alone():
    reported = (*SHARP_CHANGE, *OTHER_SCANNERS)
    assert {s.person for s in HARD_TUNING} & {s.person for s in reported} == {USUAL}
    assert all(s.physics.settings != other.physics.settings for s in HARD_TUNING for other in reported)


def test_a_quick_report_takes_fourteen_fits_and_has_a_figure_for_every_goal():
    quick = SETS["quick-report"]
    assert sum(len(cases_of(spec)) for spec in quick) == 14
    told = goals.reached([row(spec, 0.5) for spec in quick], quick)
    lines = told.splitlines()
    for goal in goals.GOALS:
        beginning, middle = f"| {goal.physics} | ", f"| {goal.column.name} | {goal.asked} |"
        assert any(line.startswith(beginning) and middle in line for line in lines), goal


def test_who_is_tuned_on_and_reported_is_told_person_by_person():
    lines = tuned_and_reported().splitlines()
    assert any(line.startswith("| open_ms_patient07 | 1 mm | trials of the fit | sharp,") for line in lines)
    assert any(line.startswith("| ixi012 | 2 mm | tuning-sharp,") and "| nothing |" in line for line in lines)
    assert any(
        line.startswith(
            "| t1_labelled | 1 mm | smooth, tuning-sharp, trials of the fit | smooth (seen), sharp"
        )
        for line in lines
    )


def test_who_is_missing_is_left_out_with_the_reason(monkeypatch, capsys):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    names = [spec.name for spec in chosen("sharp", ())]
    physics = ("rotation", "own-courses", "combined", "slices")
    assert names == ["sharp-t1_labelled", "sharp-average", *(f"{name}-t1_labelled" for name in physics)]
    assert f"sharp-ixi015 is left out: {DATA_VARIABLE} is not set." in capsys.readouterr().out


def test_voxel_sizes_are_told_apart_and_the_worst_subject_is_named():
    specs = [s for s in SHARP_CHANGE if s.physics.name == "sharp"]
    errors = (0.5, 1.2, 0.6, 0.7, 0.8, 0.9)
    rows = [row(spec, error) for spec, error in zip(specs, errors, strict=True)]
    lines = by_physics(rows, specs).splitlines()[2:]
    assert [line.split(" | ")[1] for line in lines] == ["1 mm", "2 mm"]
    assert "| 0.90 [0.50, 1.20]; 1.20 sharp-open_ms_patient07 |" in lines[0]
    assert "| 1.50 [1.50, 1.50]; 1.50 " in lines[1]
    assert "| 0.70 [0.60, 0.80]; 0.80 sharp-ixi034 |" in lines[1]


def test_the_interval_of_a_median_holds_the_true_one_as_often_as_it_says():
    random = np.random.default_rng(2)
    held = [low <= 0.0 <= high for low, high in (median_interval(random.normal(size=15)) for _ in range(200))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)
    assert median_interval([1.0, 2.0]) == (-np.inf, np.inf)


def test_a_subject_is_scored_again_only_where_a_kind_is_lacking(tmp_path):
    spec = next(s for s in SHARP_CHANGE if s.physics.name == "sharp")
    write_rows([row(spec, 0.5)], tmp_path, spec.name, OURS)
    assert not has_rows(tmp_path, spec, OURS)
    write_rows([row(spec, 0.5), row(spec, 0.5, kind="extrapolated")], tmp_path, spec.name, OURS)
    assert has_rows(tmp_path, spec, OURS)
    assert len(json.loads(next(tmp_path.iterdir()).read_text("utf-8"))) == 2


def test_a_real_pair_of_one_session_has_not_changed():
    spec = next(s for s in OTHER_SCANNERS if s.physics is CONTRAST_AGENT)
    first, second = (Volume(np.full((3, 4, 5), value), np.eye(4)) for value in (1.0, 2.0))
    pair = real_pair(spec, first, first.with_array(np.ones((3, 4, 5), np.int16)), second)
    assert [float(scan.array.max()) for scan in pair.scans.values()] == [1.0, 2.0]
    assert list(pair.scans) == list(pair.labels) == list(pair.jacobians) == [0.0, 12.0]
    assert all((truth.array == 1.0).all() for truth in pair.jacobians.values())
    assert not spec.changes
