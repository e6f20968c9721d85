"""Schedulers of Dask: our own with workers on this machine or in Slurm, or one that is there already.

Our own ones listen on the loopback alone, or speak TLS.
"""

from __future__ import annotations

import logging
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from LongitudinalINRLib.cohort.engines.sbatch import try_script
from LongitudinalINRLib.cohort.engines.slurm_options import SlurmOptions
from LongitudinalINRLib.cohort.engines.telling import Said, Tell
from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder

if TYPE_CHECKING:
    from distributed import Client
    from distributed.deploy.cluster import Cluster

LOOPBACK = "127.0.0.1"
_DASK = ("distributed",)
_SLURM = ("distributed", "dask_jobqueue")
_DASHBOARD_PORT = 8787
_ON_WORKER = "LongitudinalINRLib.cohort.engines.on_worker"
_MOST_WORKER_PROCESSES = 4
_SECONDS_TO_CONNECT = 30
_LIFETIME_SPARED_SECONDS = 180
_SETTINGS = {
    # A worker that dies takes those that wait on it along; our own retries come on top.
    "distributed.scheduler.allowed-failures": 1,
    # What Dask presumes before the first person is done: so that an adaptive cluster grows at once.
    "distributed.scheduler.default-task-durations": {"person_on_worker": "10m"},
    "distributed.admin.low-level-log-length": 1000,
    "distributed.worker.memory.terminate": False,
}


@contextmanager
def own_cluster(jobs: int, gpu: bool, tell: Tell) -> Iterator[Client]:
    """Give a scheduler with workers on this machine.

    The work is in processes of its own, so that a worker only waits: a few processes of several threads are
    the lightest that survive the loss of one, which is started again.
    """
    require(_DASK)
    import dask
    from distributed import LocalCluster

    workers = next(n for n in range(min(jobs, _MOST_WORKER_PROCESSES), 0, -1) if jobs % n == 0)
    with dask.config.set(_SETTINGS), _quiet():
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=jobs // workers,
            processes=True,
            host=LOOPBACK,
            dashboard_address=_dashboard(),
            memory_limit=0,  # it would be the worker's own, not that of the people's processes
            preload=[_ON_WORKER],
            resources={"GPU": jobs // workers} if gpu else None,
        )
        with _joined(cluster, tell) as client:
            yield client


@contextmanager
def slurm_cluster(jobs: int, options: SlurmOptions, logs: Path, tell: Tell) -> Iterator[Client]:
    """Give a scheduler on this machine whose workers are jobs of Slurm, as many as there is work for.

    What Dask listens on is reached by other machines: it speaks TLS, with certificates for this run.

    Parameters
    ----------
    jobs : int
        The most at once; each does one person at a time.
    options : SlurmOptions
        What each job asks for.
    logs : Path
        A folder that the nodes see too.
    tell : callable
        Hears where the dashboard is.

    Raises
    ------
    InputError
        Slurm is not here, or does not take such a job.
    """
    require(_SLURM)
    import dask
    from dask_jobqueue import SLURMCluster

    _refuse_quoted(logs)
    make_folder(logs, 0o700)
    lifetime = options.walltime_seconds - _LIFETIME_SPARED_SECONDS
    with dask.config.set(_SETTINGS), _quiet():
        cluster = SLURMCluster(
            queue=options.partition or None,
            account=options.account or None,
            walltime=options.walltime,
            cores=1,
            processes=1,
            job_cpu=options.cores,
            memory=f"{options.memory_mb}MiB",
            job_extra_directives=options.extra_directives(),
            job_script_prologue=list(options.setup),
            log_directory=str(logs),
            shared_temp_directory=str(logs),
            worker_extra_args=[
                *("--preload", _ON_WORKER),
                *(["--lifetime", f"{lifetime}s"] if lifetime > _LIFETIME_SPARED_SECONDS else []),
                *(["--resources", "GPU=1"] if options.gpu else []),
            ],
            scheduler_options={"dashboard_address": _dashboard()},
            **_secured(tell),
        )
        with _joined(cluster, tell) as client:
            try_script(cluster.job_script())
            cluster.adapt(minimum_jobs=0, maximum_jobs=jobs)
            yield client


@contextmanager
def joined_scheduler(address: str, gpu: bool, tell: Tell) -> Iterator[Client]:
    """Give the scheduler at an address, ``tcp://`` or ``tls://`` (certificates as Dask's settings say).

    Raises
    ------
    InputError
        None answers there, or none of its workers offers a GPU though one is needed.
    """
    require(_DASK)
    from distributed import Client

    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname:
        raise _no_scheduler(address, "an address of another kind")
    if parts.scheme == "tcp" and parts.hostname not in (LOOPBACK, "localhost", "::1"):
        tell(Said(f"{address} is not encrypted, and takes work from anybody. Use tls://", warning=True))
    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise _no_scheduler(address, str(error) or type(error).__name__) from error
    with client:
        _refuse_without_gpu(client, gpu)
        tell(Said(f"Dashboard: {client.dashboard_link}"))
        yield client


@contextmanager
def _joined(cluster: Cluster, tell: Tell) -> Iterator[Client]:
    from distributed import Client

    with cluster, Client(cluster, set_as_default=False) as client:
        if link := client.dashboard_link:
            tell(Said(f"Dashboard: {link}"))
        yield client


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask says of itself off the screen: what matters is told by our own events."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _dashboard() -> str:
    """Return an address for the dashboard, on another port where the usual one is taken."""
    try:
        socket.create_server((LOOPBACK, _DASHBOARD_PORT)).close()
    except OSError:
        return f"{LOOPBACK}:0"
    return f"{LOOPBACK}:{_DASHBOARD_PORT}"


def _secured(tell: Tell) -> dict[str, Any]:
    """Return what makes a scheduler that other machines reach speak TLS, with certificates for this run."""
    from distributed.security import Security

    try:
        return {"protocol": "tls://", "security": Security.temporary()}
    except ImportError:
        advice = "pip install cryptography lets scheduler and workers encrypt what they say."
        tell(Said(f"The scheduler can be reached by anybody on this network. {advice}", warning=True))
        return {}


def _refuse_without_gpu(client: Client, gpu: bool) -> None:
    workers = client.scheduler_info()["workers"].values()
    if gpu and not any(worker.get("resources", {}).get("GPU") for worker in workers):
        raise InputError(
            "no-gpu-worker",
            "No worker of the scheduler offers a GPU.",
            expected="workers started with: dask worker ADDRESS --nthreads 1 --resources GPU=1",
            found=f"{len(workers)} workers without",
            advice="Start the workers so, or choose --device cpu.",
        )


def _refuse_quoted(logs: Path) -> None:
    if shlex.quote(str(logs)) == str(logs):
        return
    raise InputError(
        "slurm-path",
        "The output folder has a name that Dask cannot give to Slurm.",
        expected="a path without spaces, quotes and other signs that a shell takes for its own",
        found=repr(str(logs)),
        advice="Choose another output folder, or write a job array, which can.",
    )


def _no_scheduler(address: str, found: str) -> InputError:
    return InputError(
        "no-scheduler",
        f"There is no scheduler at {address}.",
        expected="the address of a running `dask scheduler`, as tcp://HOST:8786 or tls://HOST:8786",
        found=found,
        advice="Leave --scheduler out to have one started here.",
    )
