"""The evidence of cohorts says what is true, and what many people cost adds up."""

from __future__ import annotations

import pytest

from benchmarks.cohort.scale import MEASURED, Measured, as_text, costs, read_measured
from benchmarks.cohort.verdict import compared, comparison_text
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder


def test_intervals_are_compared_with_the_true_change_at_the_last_month_of_the_line(tmp_path):
    simulated, cohort = SimulatedFolder(tmp_path), CohortFolder(tmp_path / "out")
    simulated.truth.mkdir(parents=True)
    cohort.group.mkdir(parents=True)
    simulated.group_slopes.write_text(
        "group\tlabel\tregion\tpeople\tdrawn_percent_per_year\tdrawn_sd\tpopulation_percent_per_year\n"
        "AD\t17\tLeft-Hippocampus\t4\t-2\t0.4\t-2.2\n"
        "AD\t4\tLeft-Lateral-Ventricle\t4\t6\t1\t6.6\n"
        "AD\t16\tBrain-Stem\t4\t0.1\t0.1\tn/a\n"
    )
    (cohort.group / "trajectories.tsv").write_text(
        "group\tregion\tlabel\tmonths\tpercent\tlow\thigh\tkind\n"
        "AD\tLeft-Hippocampus\t17\t24\t-3.9\t-4.2\t-3.6\tmodel\n"
        "AD\tLeft-Hippocampus\t17\t12\t-1.0\t-1.1\t-0.9\tmodel\n"
        "AD\tLeft-Hippocampus\t17\t25\t-1.0\t-1.1\t-0.9\tobserved\n"
        "AD\tLeft-Lateral-Ventricle\t4\t24\t9\t8\t10\tmodel\n"
        "AD\tBrain-Stem\t16\t24\t9\t8\t10\tmodel\n"
    )
    hippocampus, ventricle = compared(simulated, cohort)
    assert hippocampus.true_drawn == pytest.approx(-3.96)
    assert hippocampus.true_population == pytest.approx(-4.3516)
    assert hippocampus.holds
    assert not ventricle.holds
    assert "1 of 2 intervals hold the true mean." in comparison_text([hippocampus, ventricle])


def test_costs_grow_with_people_and_the_first_limit_is_named():
    measured = Measured(36.0, 500.0, 60_000.0, 20.0, 30.0, 1.0, 2.0, 100.0, 6.0, 0.36)
    told = {line.what: line for line in costs(measured, people=100_000, cores=100, people_a_task=50)}
    assert told["compute"].cost == "1,000 core-hours; 0.4 days on 100 cores"
    assert told["storage, --keep model"].cost == "50 GB"
    assert told["storage, --keep all"].cost == "6.00 TB"
    assert told["files"].share_of_limit == pytest.approx(2.0)
    assert told["memory of the scheduler"].share_of_limit == pytest.approx(0.6)
    assert told["tasks of Slurm arrays"].cost == "2,000 in 2 arrays"
    assert told["maps of groups, one core"].cost == "10.0 h"
    assert "It breaks first at: files" in as_text(list(told.values()))


def test_every_figure_that_is_shipped_says_where_it_is_from():
    assert min(vars(read_measured(MEASURED)).values()) >= 0.0
