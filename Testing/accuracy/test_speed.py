"""The benchmark of speed: what it times computes the same."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.speed.steps import regulariser_seconds
from LongitudinalINRLib.core.config import preset


def test_streams_and_plain_autograd_do_the_same_work():
    small = replace(preset("standard"), widths=(16, 16))
    found = regulariser_seconds(small, "cpu", points=20, times=3, repeats=2)
    assert found["difference"] < 1e-4
    assert found["streams"] > 0
    assert found["autograd"] > 0
