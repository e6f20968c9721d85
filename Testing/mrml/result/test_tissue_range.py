from __future__ import annotations

import numpy as np
import pytest
from LongitudinalINRModule.display.map_display import MapDisplay
from LongitudinalINRModule.jobs.loading import load_maps, remove_result
from LongitudinalINRModule.result.quantities import INTERVAL, JACOBIAN, LOG_JACOBIAN, RATE
from LongitudinalINRModule.result.result_check import check_result
from LongitudinalINRModule.result.tissue_range import (
    kept_half_range,
    readable,
    tissue_percent,
    tissue_percents,
)

from LongitudinalINRLib.errors import InputError


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0.02, 1.0), (0.9, 1.0), (1.0, 1.0), (1.01, 2.0), (5.6, 6.0), (8.0, 8.0), (8.1, 10.0), (11.0, 20.0)],
)
def test_ranges_are_numbers_that_are_easily_read_and_not_smaller_than_the_data(percent, expected):
    assert readable(percent) == expected


def test_a_range_never_exceeds_what_the_slider_offers():
    assert readable(350.0) == 100.0


@pytest.fixture
def shrinking_brain():
    """Tissue that shrinks by up to 4 %, a twentieth of fluid that grows by half, and much around it."""
    values = np.ones(4000, np.float32)
    values[:1900] = 1.0 - np.linspace(0.001, 0.04, 1900, dtype=np.float32)
    values[1900:1980] = 1.5
    return values


def test_tissue_decides_and_fluid_goes_beyond_the_end(shrinking_brain):
    assert tissue_percent(JACOBIAN, shrinking_brain, shrinking_brain != 1.0) == 4.0


def test_all_maps_of_a_month_get_the_range_of_their_own_units(shrinking_brain):
    maps = {
        "jacobian": shrinking_brain,
        "rate": (shrinking_brain - 1.0) / 36.0,
        "interval": np.where(shrinking_brain != 1.0, 0.025, 0.0).astype(np.float32),
    }
    assert tissue_percents(maps) == {"jacobian": 4.0, "log-jacobian": 4.0, "rate": 2.0, "interval": 3.0}


def test_where_nothing_was_measured_or_changed_no_range_is_told():
    unchanged = np.ones(10, np.float32)
    assert tissue_percents({"jacobian": unchanged, "rate": unchanged - 1.0}) == {}
    assert tissue_percent(RATE, unchanged - 1.0, unchanged == 1.0) is None


def test_a_result_is_shown_with_the_range_of_its_last_scan(a_result):
    # 19 % in the ventricle and -16 % in the hippocampus at month 24, rates of 5.5 and -4.6 % a year.
    assert kept_half_range(a_result, JACOBIAN) == pytest.approx(0.20)
    assert kept_half_range(a_result, LOG_JACOBIAN) == pytest.approx(np.log(1.2))
    assert kept_half_range(a_result, RATE) == pytest.approx(6.0 / 1200.0)
    assert kept_half_range(a_result, INTERVAL) is None  # which was not loaded
    assert MapDisplay(a_result.proxy("jacobian"), JACOBIAN).neutral_half_width == pytest.approx(0.02)


def test_a_range_that_was_chosen_holds_for_the_next_result_too(scene, a_result, files, a_baseline):
    MapDisplay(a_result.proxy("jacobian"), JACOBIAN).set_range(0.3, 0.0)
    remove_result(a_result)
    other = load_maps(scene, files, a_baseline)
    assert MapDisplay(other.proxy("jacobian"), JACOBIAN).half_range == 0.3


@pytest.mark.parametrize("text", ["", "wide", "0", "-3", "1e9", "nan"])
def test_a_damaged_range_in_a_bundle_is_refused(a_result, text):
    a_result.browser.SetAttribute("LongitudinalINR.TissuePercent.rate", text)
    with pytest.raises(InputError, match="damaged"):
        check_result(a_result)
