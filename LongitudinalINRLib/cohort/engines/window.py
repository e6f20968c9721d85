"""Which person is next: a sliding window over those that are left, with retries.

A pool never holds more than a few people for each that it works on: queued at once, 100 000 would choke the
scheduler of Dask.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from LongitudinalINRLib.cohort.engines.child import GRACE_SECONDS
from LongitudinalINRLib.cohort.engines.pool import Pool, drained
from LongitudinalINRLib.cohort.engines.telling import Ended, Tell, Working
from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.jobs.failures import BAD_INPUT, CANCELLED, DEFECT, DONE, NOT_PUBLISHED, OUT_OF_MEMORY

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
        self._queued: set[str] = set()
        self._at_work: set[str] = set()
        self._words: SimpleQueue[Working] = SimpleQueue()
        self._stopping = False

    def heard(self, folder: str, stage: str, fraction: float) -> None:
        """Take a word of a person's process, from any thread."""
        self._words.put(Working(folder, stage, fraction))

    def work(self, pool: Pool, should_stop: Callable[[], bool]) -> None:
        """Work until nobody is left, or until asked to stop and all that was begun has ended."""
        while not should_stop():
            self._fill(pool)
            if not self._queued:
                return
            self._hear(pool, _SECONDS_BETWEEN_LOOKS)
        self._stop(pool)

    def _fill(self, pool: Pool) -> None:
        slots = max(1, pool.slots)
        if len(self._queued) > (QUEUED_PER_SLOT - 1) * slots:  # later, several in one go
            return
        room = QUEUED_PER_SLOT * slots - len(self._queued)
        folders = list(islice(iter(self._next, None), room))
        if folders:
            self._queued.update(folders)
            pool.submit(folders)
        elif self._alone and not self._queued:
            self._queued.add(self._alone[0])
            pool.submit([self._alone.popleft()])

    def _next(self) -> str | None:
        return next(self._left, None) or (self._again.popleft() if self._again else None)

    def _hear(self, pool: Pool, seconds: float) -> None:
        """Wait for news for some seconds, and take all that there are."""
        ends = pool.ended(seconds)
        for word in drained(self._words, 0.0):
            if word.participant in self._queued:
                self._at_work.add(word.participant)
                self._tell(replace(word, participant=_label(word.participant)))
        for folder, end in ends:
            self._queued.discard(folder)
            begun = folder in self._at_work
            self._at_work.discard(folder)
            if isinstance(end, int):
                self._end(folder, end)
            elif end is not None:
                self._lost(folder, end)
                self._end(folder, DEFECT)
            elif begun:
                self._end(folder, CANCELLED)

    def _end(self, folder: str, code: int) -> None:
        attempt = self._attempts.pop(folder, 0) + 1
        for_good = code in (DONE, BAD_INPUT, NOT_PUBLISHED)  # what is in the way there, somebody has to move
        again = not for_good and attempt <= self._retries and not self._stopping
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
        pool.take_back(self._queued - self._at_work)
        deadline = time.monotonic() + GRACE_SECONDS + _SECONDS_TO_SPARE
        while self._queued and time.monotonic() < deadline:
            pool.stop()  # again and again: workers may come late
            self._hear(pool, _SECONDS_BETWEEN_LOOKS)
        self.ends.cancelled += [*self._again, *self._alone, *self._queued & self._at_work]


def _label(folder: str) -> str:
    return Path(folder).name.removeprefix(PREFIX)
