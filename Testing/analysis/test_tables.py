from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest

from LongitudinalINRLib.analysis.tables import read_table, write_table
from LongitudinalINRLib.errors import InputError


@dataclass(frozen=True)
class Row:
    region: str
    change: float
    voxels: int


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "-1.5",
    "=",
    "'=1",
    "''",
    "'-",
]
HARMLESS = ["Left-Hippocampus", "'tis", "a=b", 'Tumour "core", rim', "5 - 3", "", "Ärea–1", "a\r=1", "a\n=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_a_spreadsheet_would_carry_out_is_written_as_text_and_read_as_it_was(tmp_path, text):
    path = tmp_path / "regions.csv"
    write_table([Row(text, -1.5, -3)], Row, path)
    with path.open(encoding="utf-8", newline="") as file:
        (cells,) = list(csv.reader(file))[1:]
    assert cells == ["'" + text, "-1.5", "-3"]
    assert read_table(path) == [{"region": text, "change": "-1.5", "voxels": "-3"}]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_written_as_it_is(tmp_path, text):
    path = tmp_path / "regions.csv"
    write_table([Row(text, 0.5, 2)], Row, path)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [[text, "0.5", "2"]]
    assert read_table(path)[0]["region"] == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"region,change\nA\n",
        b"region,change\nA,1,2\n",
        b"region\n\xff\xfe\n",
        b'region,change\n"A,1\n',
        b'region,change\n"A"b,1\n',
    ],
)
def test_what_is_no_table_of_ours_is_refused(tmp_path, content):
    path = tmp_path / "regions.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert caught.value.code == "table-damaged"
    assert caught.value.found
    assert caught.value.advice
