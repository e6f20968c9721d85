"""Where people are worked on, several at once; and the simplest such place: this machine, without Dask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from LongitudinalINRLib.cohort.engines.child import PERSON, Hear, do_person, stop

Heard = Callable[[str, str, float], None]
"""Takes the folder of a person, the stage that it is at, and the share of the job that is done."""

End = tuple[str, int | BaseException | None]
"""The folder of a person; its exit code, how what worked on it was lost, or None where it was taken back."""

Task = Callable[[str, str, int, str, "float | None", Hear], int]

_Item = TypeVar("_Item")


class Pool(Protocol):
    """Takes folders of people and answers with exit codes."""

    @property
    def slots(self) -> int:
        """How many people it works on at once at this moment."""
        ...

    def submit(self, folders: Sequence[str]) -> None:
        """Queue people."""
        ...

    def ended(self, seconds: float) -> list[End]:
        """Return how people ended since the last call; wait for the first, no longer than some seconds."""
        ...

    def take_back(self, folders: Iterable[str]) -> None:
        """Let those of some people not begin who have not begun yet; their end is None."""
        ...

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint; may be called again."""
        ...


def drained(queue: SimpleQueue[_Item], seconds: float) -> list[_Item]:
    """Return all that is in a queue; wait for the first, no longer than some seconds."""
    found = []
    try:
        found.append(queue.get(timeout=seconds))
        while True:
            found.append(queue.get_nowait())
    except Empty:
        return found


class LocalPool:
    """Processes on this machine, each waited for by a thread.

    Parameters
    ----------
    run : str
        Name of the run.
    slots : int
        How many people at once.
    threads : int
        For each of them.
    heard : callable
        Called from other threads.
    module : str
        What is run with the folder of a person.
    timeout_seconds : float, optional
        See `do_person`.
    task : callable
        What a thread does for a person.
    """

    def __init__(
        self,
        run: str,
        slots: int,
        threads: int,
        heard: Heard,
        module: str = PERSON,
        timeout_seconds: float | None = None,
        task: Task = do_person,
    ):
        self.slots = slots
        self._run = run
        self._heard = heard
        self._arguments = (run, threads, module, timeout_seconds)
        self._task = task
        self._executor = ThreadPoolExecutor(slots, "person")
        self._futures: dict[str, Future[int]] = {}
        self._finished: SimpleQueue[str] = SimpleQueue()

    def submit(self, folders: Sequence[str]) -> None:
        """Queue people."""
        for folder in folders:
            hear = partial(self._heard, folder)
            future = self._executor.submit(self._task, folder, *self._arguments, hear)
            self._futures[folder] = future
            future.add_done_callback(partial(self._put, folder))

    def ended(self, seconds: float) -> list[End]:
        """Return how people ended since the last call."""
        return [(folder, self._end(folder)) for folder in drained(self._finished, seconds)]

    def take_back(self, folders: Iterable[str]) -> None:
        """Let those of some people not begin who have not begun yet."""
        for folder in folders:
            self._futures[folder].cancel()

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint."""
        stop(self._run)

    def close(self) -> None:
        """Wait for what is at work: nothing, unless the run was broken off, which ends it first."""
        stop(self._run)
        self._executor.shutdown(cancel_futures=True)

    def _put(self, folder: str, _: Future[int]) -> None:
        self._finished.put(folder)

    def _end(self, folder: str) -> int | BaseException | None:
        future = self._futures.pop(folder)
        return None if future.cancelled() else future.exception() or future.result()
