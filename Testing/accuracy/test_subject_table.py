"""People from a table: what is read, and what is said about a table that cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy.experiments.people import Visit, from_table
from LongitudinalINRLib.errors import InputError

HEADER = "subject,group,months,image,labels\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the tables of these tests name; nobody looks into them."""
    for name in ("a0.nii", "a12.nii", "a0-labels.nii", "b0.nii"):
        (tmp_path / name).touch()
    return tmp_path


def written(folder: Path, text: str) -> Path:
    table = folder / "table.csv"
    table.write_text(text, encoding="utf-8")
    return table


def test_rows_become_people_with_visits_in_order_of_time(folder):
    table = written(
        folder,
        "\ufeff months, labels,subject,group,image,site\n"
        "12,,a,mild,a12.nii,x\n"
        "\n"
        "0,a0-labels.nii,a,mild, a0.nii ,x\n"
        f"0.0,{folder / 'a0-labels.nii'},b,,b0.nii,y\n"
        "6.5,,b,,a12.nii,y\n",
    )
    first, second = from_table(table)
    labels = folder / "a0-labels.nii"
    assert (first.name, first.group, first.spec) == ("a", "mild", None)
    assert first.visits == (Visit(0.0, folder / "a0.nii", labels), Visit(12.0, folder / "a12.nii", None))
    assert (second.name, second.group) == ("b", "")
    assert second.visits == (Visit(0.0, folder / "b0.nii", labels), Visit(6.5, folder / "a12.nii", None))


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "table-columns", "subject, group, months, image, labels"),
        (HEADER, "table-empty", "no rows"),
        (HEADER.replace("image", "scan"), "table-columns", "no column image"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\na,g,12m,a12.nii,\n", "table-row", "Line 3 .*Found: 12m"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\na,g,12,a13.nii,\n", "table-row", "Line 3 .*a13.nii"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\na,g,12,,\n", "table-row", "Line 3 .*no image"),
        (HEADER + "a/b,g,0,a0.nii,a0-labels.nii\n", "table-row", "Line 2 .*Found: a/b"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\na,h,12,a12.nii,\n", "table-row", "more than one group"),
        (HEADER + "a,g,0,a0.nii,\na,g,12,a12.nii,\n", "no-baseline-labels", "Subject a has no labels"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\n", "no-follow-up", "Subject a: There is no follow-up"),
        (HEADER + "a,g,6,a0.nii,\na,g,12,a12.nii,\n", "no-baseline", "Subject a: There is no baseline"),
        (HEADER + "a,g,0,a0.nii,a0-labels.nii\na,g,0,a12.nii,\n", "same-month", "Subject a"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_place_and_the_cure(folder, text, code, said):
    with pytest.raises(InputError, match=f"(?s){said}") as caught:
        from_table(written(folder, text))
    assert caught.value.code == code
    assert caught.value.expected
    assert caught.value.found
    assert caught.value.advice


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such subject table"):
        from_table(tmp_path / "table.csv")


def test_a_scanned_person_is_aligned_once_and_no_scan_is_copied(tiny_subject, tmp_path, monkeypatch):
    rows = [f"tiny,g,0,{tiny_subject.baseline},{tiny_subject.labels}\n"]
    rows += [f"tiny,g,{month},{path},\n" for month, path in tiny_subject.follow_ups.items()]
    (person,) = from_table(written(tmp_path, HEADER + "".join(rows)))
    first = person.prepared(tmp_path / "kept")
    monkeypatch.setattr("benchmarks.accuracy.experiments.people.aligned", None)  # a second call would fail
    again = person.prepared(tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["tiny.json"]
    assert list(first.scans) == [0.0, 12.0, 24.0]
    assert list(first.labels) == [0.0]
    assert first.jacobians == {}
    for month in (12.0, 24.0):
        np.testing.assert_array_equal(again.matrices[month], first.matrices[month])
        np.testing.assert_array_equal(again.scans[month].array, first.scans[month].array)
