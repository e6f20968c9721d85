"""Work on several scans at once, for what leaves Python while it computes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import torch

MOST_AT_ONCE = 4
"""Each holds a few copies of its scan."""

_SECONDS_BETWEEN_LOOKS = 0.1

Given = TypeVar("Given")
Made = TypeVar("Made")

ShouldStop = Callable[[], bool]


def side_by_side(
    work: Callable[[Given, ShouldStop], Made], items: Iterable[Given], should_stop: ShouldStop
) -> Generator[Made, None, None]:
    """Do a work on each item in threads, no more than the cores that torch may use; yield in their order.

    Parameters
    ----------
    work : callable
        Takes an item, and a function to ask whether to stop: it raises `Cancelled` where that says so.
    items : iterable
        What is to be worked on.
    should_stop : callable
        Tells whether the job was cancelled; asked in every thread.

    Raises
    ------
    Exception
        What the work on the first item that failed raised, once its predecessors are done. The others are
        stopped first, as they are when whoever takes the results fails.
    """
    given_up = threading.Event()

    def asked() -> bool:
        return given_up.is_set() or should_stop()

    with ThreadPoolExecutor(min(MOST_AT_ONCE, torch.get_num_threads())) as pool:
        futures = [pool.submit(work, item, asked) for item in items]
        try:
            for future in futures:
                yield _result(future)
        finally:
            given_up.set()
            pool.shutdown(cancel_futures=True)


def _result(future: Future[Made]) -> Made:
    # Not one long wait: on Windows no signal is handled, so no Ctrl-C is heard, until a wait is over.
    while not wait([future], _SECONDS_BETWEEN_LOOKS).done:
        pass
    return future.result()
