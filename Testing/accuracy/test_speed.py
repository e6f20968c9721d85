"""The benchmark of speed: what it times computes the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.accuracy.prepared import Prepared
from benchmarks.speed.steps import regulariser_seconds
from benchmarks.speed.to_accuracy import course, seconds_to
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.imaging.volume import Volume


def test_streams_and_plain_autograd_do_the_same_work():
    small = replace(preset("standard"), widths=(16, 16))
    found = regulariser_seconds(small, "cpu", points=20, times=3, repeats=2)
    assert found["difference"] < 1e-4
    assert found["streams"] > 0
    assert found["autograd"] > 0


def test_a_fit_is_scored_along_its_way_to_the_last_step():
    shape, months = (24, 24, 24), (0.0, 12.0)
    blocks = np.kron(np.arange(27).reshape(3, 3, 3), np.ones((8, 8, 8)))
    scan = Volume((blocks % 5).astype(np.float32), np.eye(4))
    labels = scan.with_array(np.where(blocks % 2, 17, 53).astype(np.int16))
    truth = scan.with_array(np.ones(shape))
    subject = Prepared(
        "someone",
        dict.fromkeys(months, scan),
        dict.fromkeys(months, labels),
        {12.0: np.eye(4)},
        dict.fromkeys(months, truth),
    )
    small = replace(preset("preview"), widths=(8, 8), steps=5, similarity_points=200, derivative_points=20)
    found = course(subject, small, 12.0, "cpu", every=2)
    assert [row["step"] for row in found] == [2, 4, 5]
    assert seconds_to(100.0, found) == found[0]["seconds"] > 0
    assert seconds_to(-1.0, found) is None
