"""Where and how the people of a cohort are done: the choice, and what it stands for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from LongitudinalINRLib.cohort.engines.child import PERSON
from LongitudinalINRLib.cohort.engines.pool import Heard, LocalPool, Pool
from LongitudinalINRLib.cohort.engines.slurm_options import USUAL_JOB, SlurmOptions
from LongitudinalINRLib.cohort.engines.telling import Tell
from LongitudinalINRLib.jobs.memory import free_memory_bytes
from LongitudinalINRLib.jobs.sharing import usable_cores

EngineName = Literal["local", "dask", "slurm"]

MEMORY_OF_A_PERSON_BYTES = 4e9
"""What a fit at 1 mm takes at most."""

MOST_SLURM_JOBS = 100


@dataclass(frozen=True)
class Engine:
    """Where and how people are done.

    Parameters
    ----------
    name : {"local", "dask", "slurm"}
        Processes on this machine; workers of Dask, on this machine unless `scheduler` is given; or workers of
        Dask in jobs of Slurm.
    jobs : int
        People at once; of Slurm the most. A given `scheduler` has its own number of workers.
    scheduler : str, optional
        Address of a running scheduler of Dask.
    gpu : bool
        Whether each person needs a GPU.
    slurm : SlurmOptions
        What a job of Slurm asks for.
    module : str
        What is run with the folder of a person, as ``python -m``.
    timeout_seconds : float or None
        Longest time of an attempt at a person.
    """

    name: EngineName
    jobs: int
    scheduler: str | None = None
    gpu: bool = False
    slurm: SlurmOptions = USUAL_JOB
    module: str = PERSON
    timeout_seconds: float | None = None

    @contextmanager
    def pool(self, logs: Path, heard: Heard, tell: Tell) -> Iterator[Pool]:
        """Give the place where people are done; at the end nothing of them is left running.

        Parameters
        ----------
        logs : Path
            Folder for the logs of a cluster's jobs.
        heard : callable
            Takes what the processes say, from other threads.
        tell : callable
            Hears where the dashboard is.

        Raises
        ------
        InputError
            The engine cannot be had.
        """
        run = f"longitudinal-inr-{uuid.uuid4().hex[:12]}"
        share = max(1, usable_cores() // self.jobs)
        if self.name == "local":
            local = LocalPool(run, self.jobs, share, heard, self.module, self.timeout_seconds)
            with closing(local) as pool:
                yield pool
            return
        from LongitudinalINRLib.cohort.engines import clusters
        from LongitudinalINRLib.cohort.engines.dask_pool import DaskPool

        slots: int | None = self.jobs
        threads: int | None = share
        if self.name == "slurm":
            threads = self.slurm.cores
            place = clusters.slurm_cluster(self.jobs, self.slurm, logs / "slurm", tell)
        elif self.scheduler is None:
            place = clusters.own_cluster(self.jobs, self.gpu, tell)
        else:
            slots = threads = None
            place = clusters.joined_scheduler(self.scheduler, self.gpu, tell)
        with place as client:
            yield DaskPool(
                client,
                run,
                slots,
                threads,
                heard,
                gpu=self.gpu,
                module=self.module,
                timeout_seconds=self.timeout_seconds,
            )


def default_jobs(engine: EngineName, device: str) -> int:
    """Return how many people to do at once.

    On this machine one on its GPU; else one for each core, as long as there is memory for each. In Slurm
    there are as many jobs as people are left, but no more than a site is likely to grant.

    Parameters
    ----------
    engine : {"local", "dask", "slurm"}
        See `Engine`.
    device : str
        What the requests ask for: auto, cpu, cuda or mps.
    """
    if engine == "slurm":
        return MOST_SLURM_JOBS
    if device != "cpu":
        from LongitudinalINRLib.jobs.device import choose_device

        if choose_device("auto") != "cpu":
            return 1
    return max(1, min(usable_cores(), int(free_memory_bytes() / MEMORY_OF_A_PERSON_BYTES)))
