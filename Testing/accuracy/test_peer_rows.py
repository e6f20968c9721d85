"""A pairwise method is scored twice: from scan to scan, and regressed over all scans."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.accuracy import peer_runs
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.peers.in_time import REGRESSED
from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.imaging.volume import Volume

SHAPE = (12, 12, 12)
GROWTH = 0.01
STEPS = {12.0: 1.0, 24.0: 3.0}


@pytest.fixture
def subject():
    labels = np.zeros(SHAPE, np.int16)
    labels[1:-1, 1:-1, 1:-1] = 17
    scan = Volume(np.ones(SHAPE, np.float32), np.eye(4))
    months = (0.0, *STEPS)
    return Prepared(
        "someone",
        dict.fromkeys(months, scan),
        dict.fromkeys(months, Volume(labels, np.eye(4))),
        dict.fromkeys(STEPS, np.eye(4)),
        dict.fromkeys(months, scan),
    )


def test_regressed_rows_come_from_the_same_fields_drawn_into_one_line(subject, tmp_path, monkeypatch):
    def found(subject, month, peer, folder):
        assert (peer, folder) == ("quick", tmp_path / "peers")
        count = len(peer_runs._asked_voxels(subject))
        return np.tile(STEPS[month] * GROWTH * np.eye(3), (count, 1, 1)), 5.0

    monkeypatch.setattr(peer_runs, "_registered", found)
    spec = SubjectSpec("someone", "", 1, months=(0.0, *STEPS), kinds=("observed",))
    slope = sum(month * step for month, step in STEPS.items()) / sum(month**2 for month in STEPS)
    for method, steps in (
        ("quick", STEPS),
        ("quick" + REGRESSED, {month: slope * month for month in STEPS}),
    ):
        rows = peer_runs.peer_rows(spec, subject, tmp_path, method)
        assert [(row.method, row.score.months, row.seconds) for row in rows] == [
            (method, 12.0, 10.0),
            (method, 24.0, 10.0),
        ]
        wanted = [100.0 * ((1.0 + GROWTH * steps[month]) ** 3 - 1.0) for month in STEPS]
        assert [row.score.found_percent[17] for row in rows] == pytest.approx(wanted)
