from __future__ import annotations

import json
from dataclasses import replace

import pytest

from LongitudinalINRLib.analysis.norms.building import build_norms
from LongitudinalINRLib.analysis.norms.comparison import Person, with_centiles
from LongitudinalINRLib.analysis.norms.files import read_norms, write_norms
from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.errors import InputError

PERSON = Person(60.0, "F")


def a_row(region: str, label: int, months: float, percent: float, **changes: object) -> RegionRow:
    kind = "extrapolated" if months > 24 else "observed"
    per_year = 12 * percent / months if months else float("nan")
    row = RegionRow(
        region, label, months, kind, 1.0, percent, 0.0, per_year, 1.0, 9, 1.0, 1.0, 0.0, 0, None, 0
    )
    return replace(row, **{"interval_points": 0.4, "within_noise": False, **changes})


@pytest.fixture
def norms(a_cohort):
    return build_norms(a_cohort("Left-Hippocampus", "Right-Hippocampus", years=2.0, preset="standard"))[0]


def test_norms_come_back_from_their_file_as_they_were(norms, tmp_path):
    write_norms(norms, tmp_path / "norms.json")
    assert read_norms(tmp_path / "norms.json") == norms


def test_no_person_is_told_by_the_file(norms, tmp_path):
    write_norms(norms, tmp_path / "norms.json")
    content = json.loads((tmp_path / "norms.json").read_text(encoding="utf-8"))
    assert len(content["regions"]["Left-Hippocampus"]["distances"]) == 19  # of 90 people
    assert '"p1"' not in json.dumps(content)


def test_the_annual_change_up_to_the_last_scan_gets_a_centile_and_both_ends_of_its_interval(norms):
    rows = [a_row("Left-Hippocampus", 17, months, -months / 24) for months in (0.0, 12.0, 24.0, 36.0)]
    compared, warnings = with_centiles(rows, norms, PERSON)
    norm = norms.regions["Left-Hippocampus"]
    wanted = [norm.centile(-0.5 + error, 60.0, "F") for error in (0.0, -0.2, 0.2)]
    at_last = compared[2]
    assert [at_last.centile, at_last.centile_low, at_last.centile_high] == pytest.approx(wanted)
    assert at_last.centile_low < at_last.centile < at_last.centile_high
    assert replace(at_last, centile=None, centile_low=None, centile_high=None) == rows[2]
    assert [compared[i] for i in (0, 1, 3)] == [rows[i] for i in (0, 1, 3)]
    assert warnings == []


def test_a_change_without_an_interval_gets_a_centile_without_one(norms):
    (row,), _ = with_centiles([a_row("Left-Hippocampus", 17, 24, -1.0, interval_points=None)], norms, PERSON)
    assert row.centile is not None
    assert (row.centile_low, row.centile_high) == (None, None)


@pytest.mark.parametrize(("age", "sex"), [(95.0, "F"), (10.0, "M")])
def test_an_age_that_the_norms_did_not_see_gets_no_centile_and_is_told(norms, age, sex):
    (row,), (warning,) = with_centiles([a_row("Left-Hippocampus", 17, 24, -1.0)], norms, Person(age, sex))
    assert row.centile is None
    assert f"saw nobody of age {age:g} and sex {sex} (they saw " in warning
    assert "nothing is extrapolated: Left-Hippocampus." in warning


def test_regions_that_the_norms_lack_are_named_and_those_of_another_number_are_others(norms):
    rows = [
        a_row("Left-Hippocampus", 17, 24, -1.0),
        a_row("Right-Hippocampus", 53, 24, -1.0),
        a_row("Brain-Stem", 16, 24, -1.0),
    ]
    compared, warnings = with_centiles(rows, norms, PERSON)
    assert [row.centile is not None for row in compared] == [True, False, False]
    assert warnings == ["No centile, since the norms do not hold them: Right-Hippocampus, Brain-Stem."]


def test_norms_of_other_regions_alone_are_refused(norms):
    with pytest.raises(InputError) as caught:
        with_centiles([a_row("Brain-Stem", 16, 24, -1.0)], norms, PERSON)
    assert caught.value.code == "norms-regions"
    assert "Left-Hippocampus" in caught.value.found


def test_a_shorter_follow_up_and_another_preset_are_told(norms):
    rows = [a_row("Left-Hippocampus", 17, 6, -1.0)]
    _, warnings = with_centiles(rows, norms, replace(PERSON, preset="preview"))
    assert [text.split(":")[0] for text in warnings] == [
        "The scans span 0.5 years, those of the norms 2 to 2",
        "The norms were fitted with standard, this result with preview",
    ]


def test_regions_that_were_found_in_another_way_than_those_of_the_norms_are_told(a_cohort):
    norms, _ = build_norms(a_cohort("Left-Hippocampus", years=2.0, regions_from="given"))
    rows = [a_row("Left-Hippocampus", 17, 24, -1.0)]
    (told,) = with_centiles(rows, norms, replace(PERSON, preset=None, regions_from="atlas"))[1]
    assert told.startswith("The regions of the norms come from given, those of this result from atlas")
    assert with_centiles(rows, norms, replace(PERSON, preset=None, regions_from="given"))[1] == []


def test_the_baseline_alone_gets_no_centile_and_a_word(norms):
    rows = [a_row("Left-Hippocampus", 17, 0, 0.0)]
    assert with_centiles(rows, norms, PERSON) == (
        rows,
        ["No centiles: no row is of a scan after the baseline."],
    )


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"units": "mm per year"}, "norms-units"),
        ({"quantity": "thickness"}, "norms-units"),
        ({"format": "other"}, "not-norms"),
        ({"version": 2}, "job-file-damaged"),
        ({"regions": {}}, "job-file-damaged"),
        ({"years": [2.0]}, "job-file-damaged"),
        ({"extra": 1}, "job-file-damaged"),
    ],
)
def test_norms_of_another_kind_are_refused(norms, tmp_path, spoiled, code):
    path = tmp_path / "norms.json"
    path.write_text(json.dumps(norms.model_dump(mode="json") | spoiled))
    with pytest.raises(InputError) as caught:
        read_norms(path)
    assert caught.value.code == code
    assert caught.value.expected
    assert caught.value.found
    assert caught.value.advice


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("distances", [1.0, 0.0] * 10),
        ("distances", [0.0]),
        ("medians", [0.0]),
        ("knots_years", [30.0, 20.0, 80.0]),
        ("spreads", [0.0, 1.0]),
        ("spreads", [float("nan"), 1.0]),
        ("ages_years", {"F": [[5.0, 60.0]]}),
        ("people", {"X": 60}),
    ],
)
def test_norms_whose_numbers_do_not_go_together_are_refused(norms, tmp_path, field, value):
    content = norms.model_dump(mode="json")
    content["regions"]["Left-Hippocampus"][field] = value
    path = tmp_path / "norms.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError) as caught:
        read_norms(path)
    assert caught.value.code in ("job-file-damaged", "not-norms")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"person,age\n", b"[" * 99_999])
def test_what_is_no_norms_file_is_refused(tmp_path, content):
    path = tmp_path / "norms.json"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read_norms(path)


def test_a_person_who_comes_twice_is_refused(a_cohort):
    cohort = a_cohort("Left-Hippocampus")
    with pytest.raises(InputError) as caught:
        build_norms([*cohort, replace(cohort[3], percent_per_year=1.0)])
    assert caught.value.code == "norms-twice"
    assert "p3" in caught.value.found


def test_one_region_with_two_numbers_is_refused(a_cohort):
    cohort = a_cohort("Left-Hippocampus")
    with pytest.raises(InputError) as caught:
        build_norms([*cohort[1:], replace(cohort[0], label=18)])
    assert caught.value.code == "norms-labels"


def test_too_small_a_cohort_is_refused_and_a_region_of_few_people_is_left_out(a_cohort):
    cohort = a_cohort("Left-Hippocampus", "Right-Hippocampus")
    with pytest.raises(InputError) as caught:
        build_norms(cohort[:50])
    assert caught.value.code == "norms-too-few"
    assert "at least 60 people" in caught.value.expected
    assert caught.value.found == "Left-Hippocampus: 50 people"
    norms, warnings = build_norms(cohort[:140])
    assert list(norms.regions) == ["Left-Hippocampus"]
    assert warnings == ["Left out, since too little is known: Right-Hippocampus (50 people)."]
