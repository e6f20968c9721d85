"""The evidence of cohorts says what is true, and what many people cost adds up."""

from __future__ import annotations

import pytest

from benchmarks.cohort.scale import MEASURED, Measured, as_text, costs, read_measured


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
