from dataclasses import replace
from datetime import date

import pytest

from LongitudinalINRLib.analysis.answer import ALL_CHANGED, NO_REGIONS, answer_of, scan_times
from LongitudinalINRLib.analysis.match import Match, judged
from LongitudinalINRLib.analysis.regions import analyse_regions


@pytest.fixture
def a_row(growth, a_mask):
    (row,) = analyse_regions(growth(), None, [24.0], a_mask, residual=0.04).rows
    return row


def region(row, label, name, percent, points, months=24.0, kind="observed"):
    noise = None if points is None else abs(percent) <= points
    return replace(
        row,
        label=label,
        region=name,
        volume_change_percent=percent,
        mean_percent_per_year=12 * percent / months,
        interval_points=points,
        within_noise=noise,
        baseline_volume_ml=5.0,
        months=months,
        kind=kind,
    )


def test_what_changed_and_what_did_not_is_told_of_the_last_scan_with_tissue_first(a_row):
    rows = [
        region(a_row, 0, "brain", -1.31, 0.25),
        region(a_row, -1, "brain tissue", -1.57, 0.24),
        region(a_row, 17, "Left-Hippocampus", -4.2, 1.1),
        region(a_row, 53, "Right-Hippocampus", -0.3, 1.1),
        region(a_row, 17, "Left-Hippocampus", -2.0, 1.1, months=12.0),
        region(a_row, 17, "Left-Hippocampus", -9.0, 1.1, months=36.0, kind="extrapolated"),
    ]
    answer = answer_of(rows)
    assert answer.months == 24
    assert answer.changed == "Changed beyond their 90 % intervals: left hippocampus −4.2 ± 1.1 %."
    assert answer.unchanged == ("1 of 2 regions may as well not have changed: it lies within its interval.")
    assert answer.wholes == (
        "Brain tissue (PBVC): −1.6 ± 0.2 % at month 24, −0.8 ± 0.1 % a year.",
        "Whole mask, ventricles included: −1.3 ± 0.2 % at month 24, −0.7 ± 0.1 % a year.",
    )


def test_the_second_sentence_never_stays_away(a_row):
    whole = region(a_row, 0, "brain", -0.1, 0.25)
    assert answer_of([whole, region(a_row, 17, "Left-Hippocampus", -4.2, 1.1)]).unchanged == ALL_CHANGED
    assert answer_of([whole]).unchanged == NO_REGIONS
    assert answer_of([whole]).changed == (
        "The whole mask may as well not have changed: −0.1 ± 0.2 % lies within its 90 % interval."
    )
    assert answer_of([whole]).wholes[0].endswith("% a year, which may as well be none.")


def test_without_error_bars_nothing_is_said_to_have_changed(a_row):
    rows = [region(a_row, 0, "brain", -3.0, None), region(a_row, 17, "Left-Hippocampus", -4.2, None)]
    answer = answer_of(rows)
    assert answer.changed == "With these settings the error of the changes is not known."
    assert answer.unchanged == "What has not changed cannot be told."
    assert answer.wholes == ("Whole mask, ventricles included: −3.0 % at month 24; its error is not known.",)


def test_a_table_without_a_month_of_a_scan_has_no_answer(a_row):
    assert answer_of([region(a_row, 0, "brain", -1.0, 0.2, months=30.0, kind="extrapolated")]) is None


def test_scans_are_told_with_their_intervals_and_dates_where_these_are_known():
    times = scan_times([0.0, 6.0, 18.5], {0.0: date(2020, 5, 1), 18.5: date(2021, 11, 16)})
    assert [(each.name, each.date, each.since_months) for each in times] == [
        ("scan-0", date(2020, 5, 1), None),
        ("scan-1", None, 6.0),
        ("scan-2", date(2021, 11, 16), 12.5),
    ]


def test_scans_match_with_reservations_or_not():
    assert judged([], 0) == Match("green", ())
    assert judged([], 0).text == "The scans match: no check found anything."
    assert judged([], 1).text == "The scans match with reservations: 1 warning to read."
    assert judged(["scan-1 is not explained by the fit"], 3).text == (
        "The scans do not match: do not read the map: scan-1 is not explained by the fit."
    )
