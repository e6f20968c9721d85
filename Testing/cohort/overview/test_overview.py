"""The table of a cohort's people: from their folders, and from one file while that is of today."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from played_cohort import PlayedCohort

from LongitudinalINRLib.cohort.overview import reading
from LongitudinalINRLib.cohort.overview.reading import open_overview, write_overview
from LongitudinalINRLib.cohort.overview.row import Change, Covariates, PersonRow
from LongitudinalINRLib.cohort.overview.table import overview_file
from LongitudinalINRLib.cohort.participants import Columns, read_people
from LongitudinalINRLib.errors import InputError

WORN_OUT = {"message": "The scan is of somebody else.", "found": "two\nheads", "advice": "Look at it."}


@pytest.fixture
def cohort(tmp_path):
    return PlayedCohort(tmp_path)


@pytest.fixture
def three(cohort):
    """Somebody done, somebody who failed, and somebody who was not begun."""
    done = cohort.add("01", "AD", 71.5, "F", months=24.0)
    cohort.measure(done, 24.0, brain_tissue=(-2.5, 0.5), hippocampus=(-1.0, 1.5))
    cohort.end(done, warnings=["two scanners", "blurred"])
    cohort.end(cohort.add("02", "control", "n/a", "M", months=12.0), 2, **WORN_OUT)
    cohort.add("03", months=36.0)
    return cohort


def rows_of(cohort):
    overview = open_overview(cohort.folder)
    return overview.read(overview.participants)


def test_a_person_is_told_by_the_own_folder_and_by_the_study(three):
    done, failed, waiting = rows_of(three)

    assert (done.state, done.months, done.warnings) == ("done", 24.0, 2)
    assert done.told == Covariates("AD", 71.5, "F")
    assert done.regions == ("brain tissue", "hippocampus")
    assert done.change("brain tissue") == Change(-2.5, 0.5)
    assert done.change("brain tissue").beyond_error
    assert not done.change("hippocampus").beyond_error
    assert done.change("amygdala") is None
    assert done.percent_per_year("hippocampus") == pytest.approx(-0.5)
    assert failed.state == "failed"
    assert failed.message == r"The scan is of somebody else. Found: two\nheads. Look at it."
    assert failed.told == Covariates("control", None, "M")
    assert (waiting.state, waiting.months, waiting.told) == ("not yet", 36.0, Covariates())


def test_who_was_done_by_another_plan_or_without_result_is_not_done_yet(three):
    assert rows_of(three)[0].state == "done"
    three.folder.person("01").job.results.unlink()
    assert rows_of(three)[0].state == "not yet"
    three.folder.person("02").plan.write_text(
        three.folder.person("02").plan.read_text().replace('"model"', '"all"')
    )
    assert rows_of(three)[1].state == "not yet"


def test_the_groups_that_were_compared_go_before_those_of_the_participants(three):
    pytest.importorskip("pyarrow")
    from LongitudinalINRLib.cohort.tables.building import build_tables

    others = three.bids / "others.tsv"
    others.write_text("participant_id\tarm\tage\nsub-01\t+converted\t89+\nsub-02\tunknown\t70\n")
    build_tables(three.folder, read_people(others, Columns(group="arm")))

    assert [row.told for row in rows_of(three)] == [
        Covariates("+converted", 89.0, ""),
        Covariates("", 70.0, ""),
        Covariates(),
    ]


def test_a_moved_data_set_is_found_from_the_cohort_within_it(tmp_path):
    (tmp_path / "here").mkdir()
    cohort = PlayedCohort(tmp_path / "here")
    cohort.add("01", "AD", 71.5, "F")
    shutil.move(tmp_path / "here", tmp_path / "there")

    overview = open_overview(reading.CohortFolder(tmp_path / "there" / "out"))

    assert overview.read(["01"])[0].told == Covariates("AD", 71.5, "F")


def test_the_table_that_people_share_names_neither_covariates_nor_places(three, tmp_path):
    write_overview(three.folder)

    text = overview_file(three.folder).read_text()
    assert not any(told in text for told in ("AD", "71.5", str(tmp_path)))


def test_the_written_table_tells_the_same_without_the_folders(three, monkeypatch):
    before = rows_of(three)
    write_overview(three.folder)
    monkeypatch.setattr(reading, "read_person", lambda folder: pytest.fail("a folder was read"))
    again = rows_of(three)

    unlike = replace(before[1], regions=again[1].regions, changes=again[1].changes)
    assert again[0] == before[0]
    assert again[1] == unlike
    assert all(row.change("brain tissue") is None for row in again[1:])


def test_who_was_done_since_the_table_was_written_is_read_anew(three):
    write_overview(three.folder)
    person = three.folder.person("03")
    three.measure(person, 36.0, brain=(-4.0, 1.0))
    three.end(person)
    three.add("04")

    rows = rows_of(three)
    assert [row.state for row in rows] == ["done", "failed", "done", "not yet"]
    assert rows[2].change("brain") == Change(-4.0, 1.0)


@pytest.mark.parametrize("content", ["", "participant_id\n01\n", "\0", 'a\t"b'])
def test_a_damaged_table_is_made_good_by_the_folders(three, content):
    before = rows_of(three)
    overview_file(three.folder).write_text(content)

    assert rows_of(three) == before


@pytest.mark.parametrize("name", ["person.json", "outcome.json", "fit/regions.csv"])
@pytest.mark.parametrize("content", ["", "[]", '{"code": []}', "a,b\n1\n"])
def test_a_damaged_file_of_a_person_is_told_and_hides_nobody_else(three, name, content):
    (three.folder.person("01").path / name).write_text(content)
    rows = rows_of(three)

    empty = name.endswith("csv") and content != "a,b\n1\n"
    assert rows[0].state == ("done" if empty else "failed")
    assert empty or "cannot be read" in rows[0].message
    assert [row.state for row in rows[1:]] == ["failed", "not yet"]


def test_regions_that_not_everybody_has_are_told_for_those_who_do(cohort):
    for participant, region in (("01", "brain"), ("02", "lesion")):
        person = cohort.add(participant)
        cohort.measure(person, **{region: (-1.0, 0.25)})
        cohort.end(person)
    write_overview(cohort.folder)

    first, second = rows_of(cohort)
    assert (first.change("brain"), first.change("lesion")) == (Change(-1.0, 0.25), None)
    assert (second.change("brain"), second.change("lesion")) == (None, Change(-1.0, 0.25))


def test_a_folder_that_is_no_cohort_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        open_overview(reading.CohortFolder(tmp_path))

    assert (refused.value.code, refused.value.found) == ("not-a-cohort", "no folder people")


def test_a_person_without_changes_is_as_good_as_one_without_a_table():
    assert PersonRow("01").change("brain") is None
    assert PersonRow("01").percent_per_year("brain") is None


def test_looking_at_people_needs_the_standard_library_alone():
    code = "import sys, LongitudinalINRLib.cohort.overview.reading; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"numpy", "pydantic", "torch", "nibabel", "pandas"} & set(done.stdout.split())
