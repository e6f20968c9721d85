from __future__ import annotations

import pytest

from LongitudinalINRLib.cohort.bids.choice import Wanted, choose
from LongitudinalINRLib.cohort.bids.given_months import GivenMonths, read_given_months
from LongitudinalINRLib.cohort.bids.index import index
from LongitudinalINRLib.cohort.bids.times import timed
from LongitudinalINRLib.errors import InputError


@pytest.fixture
def times(data_set):
    """Return a function that gives the months of a person's sessions, by their labels."""

    def of(given=None, person="01"):
        (found,) = index(data_set.path, {person}).people
        scans = timed(data_set.path, person, choose(found.sessions, Wanted()), given or GivenMonths())
        return {scan.chosen.session: (scan.months, scan.months_from) for scan in scans}

    return of


def refused(work):
    with pytest.raises(InputError) as error:
        work()
    return error.value


def add_scans_tables(data_set, days):
    for label, day in days.items():
        name = data_set.scan("01", label)
        data_set.table(
            f"sub-01/ses-{label}/sub-01_ses-{label}_scans.tsv",
            ["filename", "acq_time"],
            ["func/sub-01_task-rest_bold.nii.gz", "1850-01-01"],
            ["anat/" + name.rpartition("/")[2], day],
        )


def test_dates_of_scans_go_before_those_of_sessions_and_may_be_shifted_or_without_hours(data_set, times):
    add_scans_tables(
        data_set, {"M00": "1878-02-03T10:11:12", "M12": "1879-02-03", "M24": "1880-02-04T23:59:59.5Z"}
    )
    data_set.sessions("01", {"M00": "1990-01-01", "M12": "1990-02-01", "M24": "1990-03-01"})

    # 365 and 731 days of 30.4375 to a month
    assert times() == {"M00": (0.0, "acq_time"), "M12": (11.99, "acq_time"), "M24": (24.02, "acq_time")}


def test_where_a_scan_has_no_date_all_come_from_the_sessions(data_set, times):
    add_scans_tables(data_set, {"M00": "1878-02-03", "M12": "n/a"})
    data_set.sessions("01", {"M00": "1990-01-01", "M12": "1990-12-31"})

    assert times() == {"M00": (0.0, "acq_time"), "M12": (11.96, "acq_time")}


def test_the_first_scan_is_the_baseline_whatever_it_is_called(data_set, times):
    data_set.person("01", {"B": "2001-01-01", "A": "2002-01-01"})

    assert times() == {"B": (0.0, "acq_time"), "A": (11.99, "acq_time")}


def test_ages_with_decimals_tell_the_months(data_set, times):
    data_set.scan("01", "1")
    data_set.scan("01", "2")
    data_set.sessions("01", {"1": "70.25", "2": "71.5"}, "age")

    assert times() == {"1": (0.0, "age"), "2": (15.0, "age")}


@pytest.mark.parametrize(
    ("ages", "why"),
    [
        (("70", "71"), "ages in whole years (70, 71), off by up to a year"),
        (("70", "82"), "ages in whole years"),
        (("70.1", "70.6"), "ages too coarse for 0.50 years between scans"),
        (("70.12", "89+"), "ages that are no plain numbers"),
        (("70.12", "n/a"), "no age of a session"),
    ],
)
def test_ages_that_are_too_coarse_are_refused_with_the_reason(data_set, times, ages, why):
    data_set.scan("01", "1")
    data_set.scan("01", "2")
    data_set.sessions("01", dict(zip("12", ages, strict=True)), "age")

    error = refused(times)

    assert error.code == "no-times"
    assert why in error.found
    assert "--months" in error.advice


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"M00": "1900-01-01T08:00:00", "M12": "1900-01-01T12:00:00"}, "same-time"),
        ({"M00": "1901-01-01", "M12": "1900-01-01"}, "times-against-labels"),
        ({"M9": "1900-01-01", "M10": "1901-01-01", "M11": "1900-06-01"}, "times-against-labels"),
        ({"M00": "1900-01-01", "M12": "yesterday"}, "no-times"),
        ({"M00": "1900-01-01", "M12": "n/a"}, "no-times"),
    ],
)
def test_times_from_which_no_series_can_be_made_are_refused(data_set, times, days, code):
    data_set.person("01", days)

    assert refused(times).code == code


def test_months_are_given_for_all_by_sessions_or_for_each_in_a_table(data_set, times, tmp_path):
    data_set.person("01")
    table = tmp_path / "months.tsv"
    table.write_text("participant_id\tsession_id\tmonths\nsub-01\tses-M00\t0\n01\tM12\t13.5\n")

    assert times(read_given_months("ses-M00=0,M12=12.5", False)) == {
        "M00": (0.0, "given"),
        "M12": (12.5, "given"),
    }
    assert times(read_given_months(str(table), False)) == {"M00": (0.0, "given"), "M12": (13.5, "given")}


def test_people_who_are_not_in_the_table_keep_their_dates(data_set, times, tmp_path):
    data_set.person("01")
    table = tmp_path / "months.tsv"
    table.write_text("participant_id\tsession_id\tmonths\nsub-02\tses-M00\t0\n")

    assert times(read_given_months(str(table), False))["M12"] == (11.99, "acq_time")


def test_labels_are_read_as_months_only_when_that_is_asked_for(data_set, times):
    for label in ("bl", "m06", "12mo", "M024"):
        data_set.scan("01", label)

    assert times(read_given_months(None, True)) == {
        "bl": (0.0, "given"),
        "m06": (6.0, "given"),
        "12mo": (12.0, "given"),
        "M024": (24.0, "given"),
    }
    assert refused(times).code == "no-times"


def test_a_session_without_given_months_is_told_with_its_name(data_set, times):
    data_set.person("01", {"M00": "1900-01-01", "M12": "1901-01-01", "extra": "1902-01-01"})

    error = refused(lambda: times(read_given_months(None, True)))

    assert (error.code, error.message) == ("months-missing", "No months are given for ses-extra.")


@pytest.mark.parametrize(
    "text", ["M00=0,M12=twelve", "M00=-1", "M00=nan", "M00=1e9", "M00=1_2", "nowhere.tsv"]
)
def test_months_that_are_none_are_refused(text):
    assert refused(lambda: read_given_months(text, False)).code in ("option-months", "table-unreadable")
