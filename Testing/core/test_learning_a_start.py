"""Learning the start of a fit, on a tiny problem."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.start import learn
from benchmarks.start.brains import Brains, _pose, _posed
from LongitudinalINRLib.core.interpolation import trilinear


def test_a_posed_head_shows_the_same_tissue_at_the_posed_points(a_growing_problem):
    pose = _pose(np.random.default_rng(3))
    posed = _posed(a_growing_problem, pose)
    points_mm = 3 * torch.rand(50, 3, dtype=torch.float64)
    moved_mm = points_mm @ torch.from_numpy(pose[:3, :3]).T
    assert (moved_mm - points_mm).abs().max() > 0.1
    for image, other in [
        (a_growing_problem.baseline, posed.baseline),
        (a_growing_problem.follow_ups[0].image, posed.follow_ups[0].image),
    ]:
        torch.testing.assert_close(trilinear(image, points_mm)[0], trilinear(other, moved_mm)[0])


def test_the_start_moves_with_every_person_and_holds_no_last_layer(a_growing_problem, monkeypatch):
    monkeypatch.setattr(learn, "INNER_STEPS", 3)
    monkeypatch.setattr(learn, "POINTS", 64)
    told = []
    weights = learn.learned(Brains([a_growing_problem]), 2, lambda person, similarity: told.append(person))
    plain = learn.hidden(learn.DisplacementNetwork(learn.preset("standard")).state_dict())
    assert told == [0, 1]
    assert weights.keys() == plain.keys()
    assert not any(name.startswith("out.") for name in weights)
    assert all((weights[name] - plain[name]).abs().max() > 0 for name in ("first.weight", "hidden.0.weight"))
