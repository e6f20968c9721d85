"""What runs inside a worker of Dask; named by its path, so that nothing of ours is pickled."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from LongitudinalINRLib.cohort.engines.child import do_person, stop
from LongitudinalINRLib.jobs.sharing import usable_cores

if TYPE_CHECKING:
    from distributed import Worker


def person_on_worker(
    folder: str, run: str, threads: int | None, module: str, timeout_seconds: float | None
) -> int:
    """Do a person, with words about it to those who listen to the topic `run`.

    With `threads` None, the people that the worker does at once share the cores that it may use.
    """
    from distributed import get_worker

    worker = get_worker()

    def hear(stage: str, fraction: float) -> None:
        worker.loop.add_callback(worker.log_event, run, [folder, stage, fraction])

    share = threads or max(1, usable_cores() // worker.state.nthreads)
    return do_person(folder, run, share, module, timeout_seconds, hear)


def stop_on_worker(run: str) -> None:
    """End the people of a run on this worker."""
    stop(run)


def dask_setup(worker: Worker) -> None:
    """Leave Ctrl-C to the process that started this worker: it ends the work with checkpoints."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)
