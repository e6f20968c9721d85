"""Experiments from a table to their numbers and figures, on a subject and a fit that are tiny."""

from __future__ import annotations

import json

import pytest

from benchmarks.accuracy.experiments.__main__ import main
from benchmarks.accuracy.experiments.months import sheet_months
from benchmarks.accuracy.experiments.registry import EXPERIMENTS


@pytest.fixture
def tiny_fits(monkeypatch, tiny_subject):
    """Fits that take a moment, whatever preset is asked for."""
    for module in ("experiment", "noise", "combinations", "groups", "as_published"):
        monkeypatch.setattr(
            f"benchmarks.accuracy.experiments.{module}.preset", lambda name: tiny_subject.usual.config
        )
    # Other programs may or may not be installed.
    monkeypatch.setattr("benchmarks.accuracy.experiments.pairwise._peer_maps", lambda subject, folder: None)


@pytest.fixture
def table(tiny_subject, tmp_path):
    """The tiny subject in a table."""
    rows = ["subject,group,months,image,labels", f"tiny,g,0,{tiny_subject.baseline},{tiny_subject.labels}"]
    rows += [f"tiny,g,{month},{path}," for month, path in tiny_subject.follow_ups.items()]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("held-out", {"held-out.png"}),
        ("months", {"months.png"}),
        ("pairwise", {"pairwise.png"}),
        ("rates", {"rates.png"}),
        ("consistency", {"consistency.png"}),
        ("ventricles", {"ventricles.png"}),
        ("noise", {"noise.png"}),
        ("combinations", {"combinations.png"}),
        ("groups", {"groups.png"}),
        ("encoding", {"encoding.png"}),
        ("as-published", {"as-published.png"}),
    ],
)
def test_an_experiment_runs_on_scans_without_known_truth(name, figures, table, tmp_path, tiny_fits):
    output = tmp_path / "output"
    main([name, "--subjects", str(table), "--output", str(output)])
    numbers = json.loads((output / "experiments" / f"{name}.json").read_text("utf-8"))
    assert {row["subject"] for row in numbers["rows"]} == {"tiny"}
    assert {file.name for file in (output / "figures").iterdir()} == figures


def test_a_second_run_reads_the_fits_back(table, tmp_path, tiny_fits, monkeypatch):
    arguments = ["held-out", "--subjects", str(table), "--output", str(tmp_path / "output")]
    numbers = tmp_path / "output" / "experiments" / "held-out.json"
    main(arguments)
    first = numbers.read_text("utf-8")
    monkeypatch.setattr("benchmarks.accuracy.fitting.fit", None)  # another fit would fail
    main(arguments)
    assert numbers.read_text("utf-8") == first


def test_an_unknown_experiment_is_refused_by_naming_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        main(["helt-out"])
    assert "held-out" in capsys.readouterr().err


def test_every_experiment_goes_by_its_name():
    assert {name: experiment.name for name, experiment in EXPERIMENTS.items()} == {n: n for n in EXPERIMENTS}


@pytest.mark.parametrize("follow_ups", [(12.0, 24.0, 36.0), (6.0, 12.25, 26.0)])
def test_the_sheet_shows_every_scan_among_twenty_one_months(follow_ups):
    months = sheet_months(follow_ups)
    assert len(set(months)) == 21
    assert months == sorted(months)
    assert {0.0, *follow_ups} <= set(months)
    assert months[-1] == pytest.approx(max(follow_ups) * 4 / 3, abs=0.01)
