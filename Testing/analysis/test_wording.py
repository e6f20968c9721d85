import math

from LongitudinalINRLib.analysis.wording import (
    centile_text,
    duration,
    flattened,
    grouped,
    is_still,
    share,
    signed,
)


def test_what_rounds_to_zero_reads_as_zero_without_a_sign():
    assert [signed(value) for value in (0.04, -0.04, 0.0, -0.06)] == ["0.0", "0.0", "0.0", "−0.1"]
    assert [is_still(value) for value in (0.04, -0.06, None)] == [True, False, False]


def test_undefined_numbers_read_as_a_dash():
    assert [signed(None), signed(math.nan), share(math.nan)] == ["–", "–", "–"]


def test_shares_counts_and_durations_read_as_people_write_them():
    assert share(0.871) == "87 %"
    assert grouped(1553825) == "1\u202f553\u202f825"
    assert [duration(95.2), duration(5400)] == ["95 seconds", "90 minutes"]


def test_nested_settings_become_lines():
    settings = {"align": "rigid", "weights": {"alpha": 20.0, "beta": {"x": None}}}
    assert list(flattened(settings)) == [
        ("align", "rigid"),
        ("weights.alpha", "20.0"),
        ("weights.beta.x", "None"),
    ]


def test_centiles_at_the_ends_of_what_norms_know_stand_for_all_beyond():
    assert centile_text(12.3, 5.0, 31.0) == "12 (5 or less to 31)"
    assert centile_text(97.5, 97.5, 97.5) == "97.5 or more"
    assert centile_text(50.2) == "50"
    assert centile_text(None, None, None) == "–"
