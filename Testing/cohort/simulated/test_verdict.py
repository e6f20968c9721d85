"""What was measured in a simulated cohort is told beside its truth."""

from __future__ import annotations

import pytest

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.verdict import main


@pytest.fixture
def a_folder(tmp_path):
    simulated, cohort = SimulatedFolder(tmp_path), CohortFolder(tmp_path / "out")
    simulated.truth.mkdir(parents=True)
    cohort.group.mkdir(parents=True)
    simulated.group_slopes.write_text(
        "group\tlabel\tregion\tpeople\tdrawn_percent_per_year\tdrawn_sd\tpopulation_percent_per_year\n"
        "control\t17\tLeft-Hippocampus\t4\t-0.7\t0.4\t-0.8\n"
        "AD\t17\tLeft-Hippocampus\t4\t-2\t0.4\t-2.2\n"
        "control\t11\tLeft-Caudate\t4\t-0.16\t0.1\tn/a\n"
        "AD\t11\tLeft-Caudate\t4\t-0.83\t0.1\tn/a\n"
    )
    (cohort.group / "group_changes.tsv").write_text(
        "region\tlabel\tgroup\tpercent_per_year\tlow\thigh\n"
        "brain\t0\tAD\t-0.8\t-1\t-0.6\n"
        "Left-Hippocampus\t17\tcontrol\t-0.5\t-0.8\t-0.2\n"
        "Left-Hippocampus\t17\tAD\t-1.9\t-2.1\t-1.7\n"
        "Left-Caudate\t11\tAD\t1.06\t0.75\t1.38\n"
    )
    (cohort.group / "effects.tsv").write_text(
        "region\tlabel\tcontrast\tgroup\treference\tdifference_percent_per_year\tlow\thigh\tq\n"
        "Left-Hippocampus\t17\tAD - control\tAD\tcontrol\t-1.4\t-1.8\t-1\t0.001\n"
        "Left-Caudate\t11\tAD - control\tAD\tcontrol\t0.87\t0.38\t1.35\t0.02\n"
        "Left-Caudate\t11\tMCI - control\tMCI\tcontrol\t0.4\t0.1\t0.7\t0.02\n"
        "Left-Amygdala\t18\tAD - control\tAD\tcontrol\t0.4\t-0.1\t0.7\t0.3\n"
    )
    return simulated, cohort


def test_the_truth_stands_beside_each_mean_and_what_misses_it_is_named(a_folder, capsys):
    simulated, cohort = a_folder
    assert main([str(simulated.path), str(cohort.path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:4]] == [
        ["Left", "hippocampus", "control", "-0.70", "-0.50", "(-0.80", "to", "-0.20)"],
        ["AD", "-2.00", "-1.90", "(-2.10", "to", "-1.70)"],
        ["Left", "caudate", "AD", "-0.83", "+1.06", "(+0.75", "to", "+1.38)", "*"],
    ]
    assert lines[-2:] == [
        "2 of 3 intervals of mean changes hold the truth (* do not).",
        "1 of 2 intervals of differences beyond chance (q < 0.05) do; "
        "not Left caudate, AD - control: +0.87, truly -0.67.",
    ]


def test_without_the_group_level_the_table_that_is_not_there_is_named(a_folder, capsys):
    simulated, cohort = a_folder
    (cohort.group / "effects.tsv").unlink()
    assert main([str(simulated.path), str(cohort.path)]) == 2
    assert "effects.tsv cannot be used." in capsys.readouterr().err
