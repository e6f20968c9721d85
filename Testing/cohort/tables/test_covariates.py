"""Who people are, from the tables that BIDS folders hold."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pandas")

import pandas as pd

from LongitudinalINRLib.cohort.participants import Columns, Covariates
from LongitudinalINRLib.cohort.tables.covariates import read_participants
from LongitudinalINRLib.errors import InputError

TABLE = (
    "participant_id\tAge\tsex\tdiagnosis\tscanner\n"
    "sub-01\t71.5\tF\tAD\tTrio\n"
    "sub-02\t89+\tmale\tCN\tn/a\n"
    "03\tn/a\tO\tn/a\tTrio\n"
)


@pytest.fixture
def a_table(tmp_path: Path) -> Path:
    path = tmp_path / "participants.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_usual_columns_are_found_and_what_is_not_known_is_none(a_table):
    found = read_participants(a_table.parent)
    assert found.columns == Columns("diagnosis", "Age", "sex", "scanner")
    assert found.by_label == {
        "01": Covariates("AD", 71.5, "F", "Trio"),
        "02": Covariates("CN", 89.0, "M", None),
        "03": Covariates(None, None, None, "Trio"),
    }


def test_a_frame_is_as_good_as_its_file(a_table):
    frame = pd.DataFrame({"participant_id": ["sub-01", "sub-02"], "group": ["a", None], "age": [70.0, None]})
    assert read_participants(frame).by_label == {
        "01": Covariates("a", 70.0, None, None),
        "02": Covariates(None, None, None, None),
    }


def test_quotes_of_r_and_names_that_were_known_to_one_reader_alone_are_read(a_table):
    a_table.write_text('"participant_id"\t"age_years"\t"gender"\t"dx_group"\n"sub-01"\t71\t"Female"\t"AD"\n')

    assert read_participants(a_table).by_label == {"01": Covariates("AD", 71.0, "F", None)}


@pytest.mark.parametrize("content", ["[]", "{", '{"diagnosis": "text"}', '{"diagnosis": {"Levels": ["a"]}}'])
def test_levels_are_optional(a_table, content):
    assert read_participants(a_table).levels == ()
    a_table.with_suffix(".json").write_text(content)
    assert read_participants(a_table).levels == ()


def test_columns_can_be_named(a_table):
    assert read_participants(a_table, Columns(group="SCANNER")).by_label["01"].group == "Trio"


@pytest.mark.parametrize(
    ("content", "columns", "code"),
    [
        pytest.param(TABLE, Columns(group="arm"), "participants-column", id="no such column"),
        pytest.param("id\tgroup\n1\ta\n", Columns(), "participants-column", id="no participant_id"),
        pytest.param(
            TABLE + "sub-03\t70\tF\tAD\tTrio\n", Columns(), "participants-twice", id="a person twice"
        ),
        pytest.param("a\tb\n1\t2\t3\t4\n\t\t\t\t\t\t\n", Columns(), "participants-", id="no table"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(a_table, content, columns, code):
    a_table.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_participants(a_table, columns)
    assert refusal.value.code.startswith(code)


def test_a_folder_without_the_table_is_refused(tmp_path):
    with pytest.raises(InputError) as refusal:
        read_participants(tmp_path)
    assert refusal.value.code == "participants-unreadable"
