"""Work on several scans at once gives what work on one after the other would, and stops as soon."""

from __future__ import annotations

import threading

import pytest
import torch

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.jobs.side_by_side import MOST_AT_ONCE, side_by_side


@pytest.fixture(autouse=True)
def _two_cores():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def never():
    return False


def until_told(should_stop):
    """Work that ends by nothing else."""
    wait = threading.Event()
    while not should_stop():
        wait.wait(0.01)
    raise Cancelled


def test_results_come_in_the_order_of_the_items_whichever_is_done_first():
    last_is_done = threading.Event()

    def work(item, should_stop):
        last_is_done.set() if item == "second" else last_is_done.wait()
        return item

    assert list(side_by_side(work, ["first", "second"], never)) == ["first", "second"]


def test_two_are_at_work_at_once_and_never_more_than_the_cores_that_torch_may_use():
    both = threading.Barrier(2)
    at_work, most = [], []

    def work(item, should_stop):
        at_work.append(item)
        both.wait()
        most.append(len(at_work))
        both.wait()
        at_work.remove(item)

    list(side_by_side(work, range(6), never))
    assert max(most) == 2 <= MOST_AT_ONCE


def test_a_cancelled_job_stops_every_thread():
    begun, cancelled = threading.Barrier(2), threading.Event()
    stopped = []

    def work(item, should_stop):
        begun.wait()
        cancelled.set()
        try:
            until_told(should_stop)
        finally:
            stopped.append(item)

    with pytest.raises(Cancelled):
        list(side_by_side(work, ["one", "other"], cancelled.is_set))
    assert sorted(stopped) == ["one", "other"]


def test_the_first_item_that_failed_is_told_and_stops_those_after_it():
    stopped = []

    def work(item, should_stop):
        if item == 0:
            return item
        if item == 1:
            raise ZeroDivisionError
        try:
            until_told(should_stop)
        finally:
            stopped.append(item)

    made = side_by_side(work, range(20), never)
    assert next(made) == 0
    with pytest.raises(ZeroDivisionError):
        next(made)
    assert len(stopped) <= 2  # those that had begun; the others never did


def test_whoever_turns_away_is_not_waited_for():
    made = side_by_side(lambda item, should_stop: item or until_told(should_stop), [1, 0, 0], never)
    assert next(made) == 1
    made.close()
