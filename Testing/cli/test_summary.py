"""What a finished fit says first."""

from dataclasses import replace

import pytest

from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.cli.summary import answer, measured_change


@pytest.fixture
def row(a_result):
    """Return a function that makes a row of the regions' table."""
    (some, *_) = read_regions(a_result / "regions.csv")

    def make(label, months, kind, change, interval=0.24, **more):
        yearly = change / months * 12 if months else float("nan")
        return replace(
            some,
            label=label,
            months=float(months),
            kind=kind,
            volume_change_percent=change,
            interval_points=interval,
            mean_percent_per_year=yearly,
            **more,
        )

    return make


def test_tissue_comes_before_the_whole_mask_at_the_last_scan_and_every_number_has_its_interval(row):
    rows = [
        row(label, months, kind, change * months / 24)
        for months, kind in ((0, "observed"), (12, "observed"), (24, "observed"), (36, "extrapolated"))
        for label, change in ((0, -1.3), (-1, -1.57), (4, 16.4))
    ]
    assert answer(rows) == [
        "Brain tissue, month 24: −1.6 ± 0.2 % (−0.8 ± 0.1 % a year)",
        "Whole mask, ventricles included, month 24: −1.3 ± 0.2 % (−0.7 ± 0.1 % a year)",
    ]


def test_without_an_interval_no_rate_is_said_as_if_it_were_known(row):
    assert answer([row(0, 24, "observed", -1.3, None)]) == [
        "Whole mask, ventricles included, month 24: −1.3 % (its error is not known)"
    ]


def test_centiles_stand_behind_the_rate_where_norms_were_given(row):
    known = row(0, 24, "observed", -1.3, centile=12.3, centile_low=5.0, centile_high=31.0)
    assert answer([known])[0].endswith("(−0.7 ± 0.1 % a year, centile 12 (5 or less to 31))")


@pytest.mark.parametrize(("interval", "shown"), [(7.79, "+18.2 ± 7.8 %"), (None, "+18.2 %")])
def test_a_change_is_shown_with_its_interval_where_that_is_known(row, interval, shown):
    assert measured_change(row(4, 24, "observed", 18.21, interval)) == shown
