"""The learned start of a fit: what is shipped, when it is used, and that it presumes no change."""

from dataclasses import replace

import pytest
import torch

from LongitudinalINRLib.core.config import PRESETS, preset
from LongitudinalINRLib.core.descent import Descent
from LongitudinalINRLib.core.network import DisplacementNetwork
from LongitudinalINRLib.jobs.start import start_of

STANDARD = preset("standard")


def test_the_shipped_start_holds_every_hidden_layer_and_not_the_last():
    start = start_of(STANDARD)
    own = DisplacementNetwork(STANDARD).state_dict()
    assert {name: weights.shape for name, weights in start.items()} == {
        name: weights.shape for name, weights in own.items() if not name.startswith("out.")
    }
    assert all(weights.isfinite().all() for weights in start.values())


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_start_learned_but_for_that_of_the_paper(name):
    assert (start_of(preset(name)) is None) == (name == "paper")


@pytest.mark.parametrize(
    "changed",
    [{"start": "random"}, {"widths": (64, 64, 64)}, {"omega": 20.0}, {"time_encoding": "every-layer"}],
)
def test_another_network_starts_at_random(changed):
    assert start_of(replace(STANDARD, **changed)) is None


def test_a_fit_starts_from_no_change_whoever_the_start_was_learned_on(a_growing_problem):
    start = start_of(STANDARD)
    network = Descent(a_growing_problem, STANDARD, start=start).network
    assert all(torch.equal(network.state_dict()[name], weights) for name, weights in start.items())
    points = 2 * torch.rand(100, 3) - 1
    assert not network(points, torch.tensor([0.5, 1.0])).any()
