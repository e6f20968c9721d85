"""People on the workers of Dask."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, cast

from LongitudinalINRLib.cohort.engines.child import PERSON
from LongitudinalINRLib.cohort.engines.on_worker import person_on_worker, stop_on_worker
from LongitudinalINRLib.cohort.engines.pool import Heard

if TYPE_CHECKING:
    from distributed import Client

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
        task: Callable[[str, str, int | None, str], int] = person_on_worker,
    ):
        self._client = client
        self._run = run
        self._slots = slots
        self._counted, self._found = -_SECONDS_BETWEEN_COUNTS, 0
        self._arguments = (run, threads, module)
        self._task = task
        self._executor = client.get_executor(pure=False, resources={"GPU": 1} if gpu else None)
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

    def submit(self, folder: str) -> Future[int]:
        """Queue a person."""
        return cast("Future[int]", self._executor.submit(self._task, folder, *self._arguments))

    def stop(self) -> None:
        """Ask every process at work to end with a checkpoint."""
        self._client.run(stop_on_worker, self._run, wait=True, on_error="ignore")
