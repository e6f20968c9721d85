"""Where people are worked on, several at once; and the simplest such place: this machine, without Dask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from LongitudinalINRLib.cohort.engines.child import PERSON, do_person, stop

Heard = Callable[[str, str, float], None]
"""Takes the folder of a person, the stage that it is at, and the share of the job that is done."""


class Pool(Protocol):
    """Takes folders of people and answers with exit codes."""

    @property
    def slots(self) -> int:
        """How many people it works on at once at this moment."""
        ...

    def submit(self, folder: str) -> Future[int]:
        """Queue a person; the exception of a future is the loss of whatever worked on it."""
        ...

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint; may be called again."""
        ...


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
    """

    def __init__(self, run: str, slots: int, threads: int, heard: Heard, module: str = PERSON):
        self.slots = slots
        self._run = run
        self._threads = threads
        self._heard = heard
        self._module = module
        self._executor = ThreadPoolExecutor(slots, "person")

    def submit(self, folder: str) -> Future[int]:
        """Queue a person."""

        def hear(stage: str, fraction: float) -> None:
            self._heard(folder, stage, fraction)

        return self._executor.submit(do_person, folder, self._run, self._threads, self._module, hear)

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint."""
        stop(self._run)

    def close(self) -> None:
        """Wait for what is at work: nothing, unless the run was broken off, which ends it first."""
        stop(self._run)
        self._executor.shutdown(cancel_futures=True)
