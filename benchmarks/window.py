"""The window as a person meets it: how long it could not answer a click."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_SECONDS = 600.0


class Window:
    """The main thread: remembers the longest time that it could not answer a click.

    Attributes
    ----------
    began : float
        When the last thing to `do` began.
    longest_ms : float
        Since the start, or since `forget`; a pass of the event loop counts as one.
    longest_processor_ms : float
        The same in time that this thread worked: what other programs take from the machine does not count.
    processor_ms : float
        What this thread worked during the last thing to `do`.
    """

    def __init__(self) -> None:
        self.began = 0.0
        self.longest_ms = self.longest_processor_ms = self.processor_ms = 0.0

    def do(self, act: Callable[[], object]) -> None:
        """Do something in the main thread, and take its time."""
        self.began, worked = time.perf_counter(), time.thread_time()
        act()
        self.processor_ms = 1000.0 * (time.thread_time() - worked)
        self.longest_processor_ms = max(self.longest_processor_ms, self.processor_ms)
        self.longest_ms = max(self.longest_ms, 1000.0 * (time.perf_counter() - self.began))

    def work_until(self, reached: Callable[[], object]) -> None:
        """Let the event loop work until something is reached."""
        from standin.application import work

        end = time.perf_counter() + LONGEST_SECONDS
        while not reached():
            began, worked = time.perf_counter(), time.thread_time()
            if began > end:
                raise SystemExit(f"waited {LONGEST_SECONDS:g} s in vain")
            work()
            self.longest_processor_ms = max(self.longest_processor_ms, 1000.0 * (time.thread_time() - worked))
            self.longest_ms = max(self.longest_ms, 1000.0 * (time.perf_counter() - began))
            time.sleep(0.002)

    def forget(self) -> None:
        """Begin anew."""
        self.longest_ms = self.longest_processor_ms = 0.0
