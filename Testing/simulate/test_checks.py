"""A simulation that cannot be is refused before it starts."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.settings import with_settings
from LongitudinalINRLib.simulate.subject import simulate_subject


@pytest.mark.parametrize(
    "months", [[], [0], [12, 24], [0, 12, 12], [0, float("nan")], [0, float("inf")], [-6, 0, 12], [0, 1201]]
)
def test_months_must_start_at_zero_and_differ(a_head: tuple[Volume, Volume], months: list[float]) -> None:
    with pytest.raises(InputError) as refusal:
        simulate_subject(*a_head, months)
    assert refusal.value.code == "simulation-months"


@pytest.mark.parametrize(
    "setting",
    [
        {"noise": -0.1},
        {"drift": float("nan")},
        {"shift_mm": -1.0},
        {"turn_degrees": float("inf")},
        {"variation": -0.2},
        {"smoothness_mm": 0.5},
        {"rates_percent_per_year": {17: -100.0}},
    ],
)
def test_settings_without_a_meaning_are_refused(
    a_head: tuple[Volume, Volume], setting: dict[str, float]
) -> None:
    with pytest.raises(InputError) as refusal:
        simulate_subject(*a_head, [0, 12], **setting)
    assert refusal.value.code == "simulation-setting"
    assert refusal.value.expected
    assert refusal.value.advice


def test_a_setting_that_nothing_has_is_a_mistake_of_the_caller(a_head: tuple[Volume, Volume]) -> None:
    with pytest.raises(TypeError, match="sharpness"):
        simulate_subject(*a_head, [0, 12], sharpness=1.0)


def test_a_setting_by_its_name_takes_the_place_of_that_in_the_group() -> None:
    change, scanner = with_settings(
        Change(smoothness_mm=2.0), Scanner(noise=0.1), {"noise": 0.0, "variation": 0.5}
    )
    assert change == Change(smoothness_mm=2.0, variation=0.5)
    assert scanner == Scanner(noise=0.0)


def test_labels_on_another_grid_are_refused(a_head: tuple[Volume, Volume]) -> None:
    t1, labels = a_head
    moved = labels.affine.copy()
    moved[0, 3] += 1.0
    with pytest.raises(InputError) as refusal:
        simulate_subject(t1, Volume(labels.array, moved), [0, 12])
    assert refusal.value.code == "labels-grid"


def test_empty_labels_and_an_empty_scan_are_refused(a_head: tuple[Volume, Volume]) -> None:
    t1, labels = a_head
    with pytest.raises(InputError) as refusal:
        simulate_subject(t1, labels.with_array(np.zeros_like(labels.array)), [0, 12])
    assert refusal.value.code == "labels-empty"
    with pytest.raises(InputError) as refusal:
        simulate_subject(t1.with_array(np.zeros_like(t1.array)), labels, [0, 12])
    assert refusal.value.code == "image-empty"
