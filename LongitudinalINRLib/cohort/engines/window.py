"""Which person is next: a sliding window over those that are left, with retries.

A pool never holds more than a few people for each that it works on: queued at once, 100 000 would choke the
scheduler of Dask.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from LongitudinalINRLib.cohort.engines.child import GRACE_SECONDS
from LongitudinalINRLib.cohort.engines.pool import Pool
from LongitudinalINRLib.cohort.engines.telling import Ended, Tell, Working
from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.jobs.failures import BAD_INPUT, CANCELLED, DEFECT, DONE, OUT_OF_MEMORY

QUEUED_PER_SLOT = 4
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_TO_SPARE = 5.0


@dataclass
class Ends:
    """The folders of people by how they ended in this run; `failed` holds the last exit code."""

    done: list[str] = field(default_factory=list)
    failed: dict[str, int] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)


class Window:
    """Works through people with a pool.

    Parameters
    ----------
    people : iterable of str
        Folders of those that are left.
    retries : int
        How often a person is tried again: after anything but bad input, and once the others are through. One
        whose memory ran out is then tried alone.
    tell : callable
        Called from the thread of `work` alone.
    lost : callable
        Takes the folder and what happened where a worker was lost with the person too often.
    """

    def __init__(
        self, people: Iterable[str], retries: int, tell: Tell, lost: Callable[[str, BaseException], None]
    ):
        self.ends = Ends()
        self._left = iter(people)
        self._again: deque[str] = deque()
        self._alone: deque[str] = deque()
        self._attempts: dict[str, int] = {}
        self._retries = retries
        self._tell = tell
        self._lost = lost
        self._queued: dict[str, Future[int]] = {}
        self._at_work: set[str] = set()
        self._stopping = False
        self._news: SimpleQueue[Working | tuple[str, Future[int]]] = SimpleQueue()

    def heard(self, folder: str, stage: str, fraction: float) -> None:
        """Take a word of a person's process, from any thread."""
        self._news.put(Working(folder, stage, fraction))

    def work(self, pool: Pool, should_stop: Callable[[], bool]) -> None:
        """Work until nobody is left, or until asked to stop and all that was begun has ended."""
        while not should_stop():
            self._fill(pool)
            if not self._queued:
                return
            self._take(_SECONDS_BETWEEN_LOOKS)
        self._stop(pool)

    def _fill(self, pool: Pool) -> None:
        room = QUEUED_PER_SLOT * max(1, pool.slots) - len(self._queued)
        while room > 0 and (folder := self._next()):
            room -= 1
            future = pool.submit(folder)
            self._queued[folder] = future
            future.add_done_callback(partial(self._finished, folder))

    def _finished(self, folder: str, future: Future[int]) -> None:
        self._news.put((folder, future))

    def _next(self) -> str | None:
        folder = next(self._left, None) or (self._again.popleft() if self._again else None)
        if folder is None and self._alone and not self._queued:
            folder = self._alone.popleft()
        return folder

    def _take(self, seconds: float) -> None:
        """Wait for news, and hear all that there are."""
        try:
            self._hear(self._news.get(timeout=seconds))
            while True:
                self._hear(self._news.get_nowait())
        except Empty:
            return

    def _hear(self, news: Working | tuple[str, Future[int]]) -> None:
        if isinstance(news, Working):
            if news.participant in self._queued:
                self._at_work.add(news.participant)
                self._tell(Working(_label(news.participant), news.stage, news.fraction))
            return
        folder, future = news
        self._queued.pop(folder, None)
        began = folder in self._at_work
        self._at_work.discard(folder)
        if future.cancelled():
            if began:
                self.ends.cancelled.append(folder)
            return
        error = future.exception()
        if error is not None:
            self._lost(folder, error)
        self._ended(folder, DEFECT if error else future.result())

    def _ended(self, folder: str, code: int) -> None:
        attempt = self._attempts.pop(folder, 0) + 1
        again = code not in (DONE, BAD_INPUT) and attempt <= self._retries and not self._stopping
        if again:
            self._attempts[folder] = attempt
            (self._alone if code == OUT_OF_MEMORY else self._again).append(folder)
        elif code == DONE:
            self.ends.done.append(folder)
        elif code == CANCELLED:
            self.ends.cancelled.append(folder)
        else:
            self.ends.failed[folder] = code
        self._tell(Ended(_label(folder), code, attempt, again))

    def _stop(self, pool: Pool) -> None:
        """Take back what has not begun, and wait for what has; no longer than it takes to kill it."""
        self._stopping = True
        deadline = time.monotonic() + GRACE_SECONDS + _SECONDS_TO_SPARE
        while self._queued and time.monotonic() < deadline:
            pool.stop()  # again and again: workers may come late
            for folder in self._queued.keys() - self._at_work:
                self._queued[folder].cancel()
            self._take(_SECONDS_BETWEEN_LOOKS)
        self.ends.cancelled += [*self._again, *self._alone, *self._at_work]


def _label(folder: str) -> str:
    return Path(folder).name.removeprefix(PREFIX)
