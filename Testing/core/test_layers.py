import sys
import threading

import torch

from LongitudinalINRLib.core.config import FitConfig
from LongitudinalINRLib.core.layers import linear
from LongitudinalINRLib.core.network import DisplacementNetwork


def test_a_layer_has_the_weights_that_torch_draws_from_the_same_seed():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        usual = torch.nn.Linear(5, 3)
    own = linear(5, 3, torch.Generator().manual_seed(7))
    assert torch.equal(own.weight, usual.weight)
    assert torch.equal(own.bias, usual.bias)


def test_first_weights_neither_use_nor_move_the_random_state_that_threads_share():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = DisplacementNetwork(FitConfig(seed=3)).state_dict()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    second = DisplacementNetwork(FitConfig(seed=3)).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_first_weights_are_the_same_while_another_thread_draws_random_numbers():
    config = FitConfig(widths=(16, 16, 16))
    alone = DisplacementNetwork(config).state_dict()
    ended = threading.Event()

    def draw():
        while not ended.is_set():
            torch.rand(3)

    other = threading.Thread(target=draw)
    usual_interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    other.start()
    try:
        beside = [DisplacementNetwork(config).state_dict() for _ in range(20)]
    finally:
        ended.set()
        other.join()
        sys.setswitchinterval(usual_interval)
    assert all(torch.equal(alone[name], weights[name]) for weights in beside for name in alone)
