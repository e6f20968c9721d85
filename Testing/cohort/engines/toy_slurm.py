"""A Slurm of two nodes on this machine, in a folder of its own: an installed one is not touched."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel")

# cred_expire: a job that is requeued waits for that long before it begins again; usually two minutes.
_SETTINGS = """
ClusterName=toy
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
KillWait=10
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=1 RealMemory=4000
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=1 RealMemory=4000
PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> list[str]:
    """Return what is not installed here."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Slurm:
    """Asks the toy, and tells on standard output what was said."""

    def ask(self, *command: str) -> str:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
        sys.stdout.write(f"$ {' '.join(command)}\n{answer}")
        return answer

    def jobs(self, *more: str) -> list[tuple[str, str]]:
        """Return number and state of each job and task that has not ended."""
        return [tuple(line.split()) for line in self.ask("squeue", "-hr", "-o", "%i %T", *more).splitlines()]


@contextmanager
def running() -> Iterator[Slurm]:
    """Start the toy, and stop it; `SLURM_CONF` leads to it meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="toy-slurm-"))
    before = os.environ.get("SLURM_CONF")
    try:
        (folder / "state").mkdir()
        (folder / "munge.key").write_bytes(os.urandom(128))
        (folder / "munge.key").chmod(0o600)
        host = socket.gethostname().partition(".")[0]
        settings = _SETTINGS.format(host=host, user=getpass.getuser(), folder=folder, ports=_free_ports(3))
        (folder / "slurm.conf").write_text(settings)
        os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
        with ExitStack() as daemons:
            files = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "log", "seed")]
            daemons.enter_context(
                _daemon("munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *files)
            )
            _wait((folder / "munge.socket").exists)
            daemons.enter_context(_daemon("slurmctld", "-D"))
            daemons.enter_context(_daemon("slurmd", "-D", "-N", "n1"))
            daemons.enter_context(_daemon("slurmd", "-D", "-N", "n2"))
            _wait(lambda: _idle_nodes() == 2)
            yield Slurm()
    finally:
        os.environ.pop("SLURM_CONF")
        if before is not None:
            os.environ["SLURM_CONF"] = before
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _daemon(*command: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _idle_nodes() -> int:
    answer = subprocess.run(["sinfo", "-hN", "-o", "%T"], capture_output=True, text=True, check=False)
    return answer.stdout.split().count("idle")


def _free_ports(count: int) -> list[int]:
    with ExitStack() as open_ones:
        sockets = [open_ones.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def _wait(condition, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the toy does not start"
        time.sleep(0.1)
