"""People on the workers of Dask."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, cast

from LongitudinalINRLib.cohort.engines.child import PERSON
from LongitudinalINRLib.cohort.engines.on_worker import person_on_worker, stop_on_worker
from LongitudinalINRLib.cohort.engines.pool import End, Heard, drained

if TYPE_CHECKING:
    from distributed import Client, Future

_SECONDS_BETWEEN_COUNTS = 5.0


class DaskPool:
    """The workers of a scheduler.

    Parameters
    ----------
    client : Client
        Of the scheduler.
    run : str
        Name of the run; also the topic of what its processes tell.
    slots : int or None
        How many people at once the cluster grows to; None where it is the number of threads of its workers.
    threads : int or None
        For each person; None where those on one worker share its cores.
    heard : callable
        Called from another thread.
    gpu : bool
        Whether each person takes one of the resource ``GPU``.
    module : str
        What is run with the folder of a person.
    timeout_seconds : float, optional
        See `do_person`.
    task : callable
        What is run on the worker, by name.
    """

    def __init__(
        self,
        client: Client,
        run: str,
        slots: int | None,
        threads: int | None,
        heard: Heard,
        *,
        gpu: bool = False,
        module: str = PERSON,
        timeout_seconds: float | None = None,
        task: Callable[[str, str, int | None, str, float | None], int] = person_on_worker,
    ):
        self._client = client
        self._run = run
        self._slots = slots
        self._counted, self._found = -_SECONDS_BETWEEN_COUNTS, 0
        self._arguments = {
            "run": run,
            "threads": threads,
            "module": module,
            "timeout_seconds": timeout_seconds,
        }
        self._task = task
        self._resources = {"GPU": 1} if gpu else None
        self._futures: dict[str, Future[int]] = {}
        self._finished: SimpleQueue[str] = SimpleQueue()
        client.subscribe_topic(run, lambda event: heard(*event[1]))

    @property
    def slots(self) -> int:
        """How many people the workers do at once, or will once they are there."""
        if self._slots is not None:
            return self._slots
        now = time.monotonic()
        if now - self._counted >= _SECONDS_BETWEEN_COUNTS:
            self._counted, self._found = now, sum(self._client.nthreads().values())
        return self._found

    def submit(self, folders: Sequence[str]) -> None:
        """Queue people: many in one message cost the scheduler a third of as many messages."""
        futures = self._client.map(
            self._task, folders, pure=False, resources=self._resources, **self._arguments
        )
        self._futures.update(zip(folders, futures, strict=True))
        for folder, future in zip(folders, futures, strict=True):
            future.add_done_callback(partial(self._put, folder))

    def ended(self, seconds: float) -> list[End]:
        """Return how people ended since the last call."""
        ended = {folder: self._futures.pop(folder) for folder in drained(self._finished, seconds)}
        well = [folder for folder, future in ended.items() if future.status == "finished"]
        codes = dict(zip(well, self._client.gather([ended[folder] for folder in well]), strict=True))
        return [(folder, codes[folder] if folder in codes else _loss(ended[folder])) for folder in ended]

    def take_back(self, folders: Iterable[str]) -> None:
        """Let some people not begin; of one that has begun, the end is not waited for any more."""
        self._client.cancel([self._futures[folder] for folder in folders])

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint."""
        self._client.run(stop_on_worker, self._run, wait=True, on_error="ignore")

    def _put(self, folder: str, _: Future[int]) -> None:
        self._finished.put(folder)


def _loss(future: Future[int]) -> BaseException | None:
    if future.status == "error":
        return cast(BaseException, future.exception())
    return None
