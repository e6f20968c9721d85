"""The tables that go into the document of evidence."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.cost import Cost, cost_table
from benchmarks.accuracy.evidence import compared, replaced, run_everywhere
from benchmarks.accuracy.rows import Row
from benchmarks.accuracy.scoring import Score
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.verdict import against_others, reached


def row(subject, method, kind="observed", error=0.5, found=None, signs=None):
    changes = found or {17: 1.0}
    score = Score(12.0, error, 0.01, 0.9, 0.95, 0.0, changes, changes)
    return Row(subject, method, kind, score, signs, 10.0)


def named(rows):
    return {(r.subject, r.method) for r in rows}


def test_methods_are_compared_on_subjects_that_others_ran_on():
    rows = [row("default", OURS), row("default", "demons"), row("ageing", OURS)]
    assert named(compared(rows)) == {("default", OURS), ("default", "demons")}


def test_a_method_that_missed_a_subject_is_left_out_of_the_medians():
    everywhere = {(s, m) for s in ("default", "lesion") for m in (OURS, "demons")}
    rows = [row(*where) for where in sorted(everywhere)] + [row("default", "slow")]
    assert named(run_everywhere(rows)) == everywhere


def test_what_was_asked_is_compared_with_medians_over_subjects():
    changing = [row(name, OURS, error=e, signs=0.99) for name, e in (("default", 0.2), ("strong", 0.8))]
    foretold = [row("default", OURS, kind, error=0.4) for kind in ("interpolated", "extrapolated")]
    still = row("still", OURS, found={17: -0.25, 53: 0.1})
    lines = reached([*changing, *foretold, still]).splitlines()
    assert "| region error, observed (points) | 0.6 | 0.50 |" in lines
    assert "| largest region change on unchanged subjects | 0.3 | 0.25 |" in lines


def test_a_table_is_put_between_its_comments_alone():
    text = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n<!-- begin y -->\nkept\n<!-- end y -->\n"
    assert replaced(text, "x", "new") == text.replace("old\n", "\nnew\n\n")


@pytest.mark.parametrize(("seconds", "shown"), [(61.4, "61"), (9.6, "10")])
def test_costs_are_shown_in_whole_seconds(seconds, shown):
    assert cost_table([Cost("demons", seconds, 1.25)]).splitlines()[-1] == f"| demons | {shown} | 1.2 |"


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        ((0.2, 0.3, 0.4), (0.4, 0.5, 0.7), "| yes |"),
        ((0.4, 0.5, 0.7), (0.2, 0.3, 0.4), "| **no** |"),
        ((0.2, 0.3, 0.7), (0.4, 0.5, 0.6), "| cannot be told |"),
        ((0.2, 0.3), (0.4, 0.5), "| cannot be told |"),
    ],
)
def test_better_is_said_only_where_the_interval_of_the_difference_leaves_out_zero(ours, theirs, said):
    names = ("default", "strong", "lesion")[: len(ours)]
    pairs = zip(names, ours, theirs, strict=True)
    rows = [r for n, a, b in pairs for r in (row(n, OURS, error=a), row(n, "demons", error=b))]
    line = next(x for x in against_others(rows).splitlines() if "region error" in x)
    assert said in line
    assert line.endswith("| demons |")
