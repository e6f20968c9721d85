"""What is asked of Slurm for the jobs of a cohort."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from LongitudinalINRLib.errors import InputError

_WALLTIME = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)")


@dataclass(frozen=True)
class SlurmOptions:
    """What is asked of Slurm for each job.

    Parameters
    ----------
    partition, account : str
        Empty: those of the person at that site.
    walltime : str
        Longest time of a job, as ``HH:MM:SS`` or ``D-HH:MM:SS``.
    cores : int
        For one person at a time.
    memory_gb : float
        For one person at a time.
    gpu : bool
        Whether each job takes a GPU (``--gres=gpu:1``).
    directives : tuple of str
        Further options of sbatch, for example ``--qos=long``.
    setup : tuple of str
        Lines of the shell that a site needs before the program, for example ``module load cuda``.

    Raises
    ------
    InputError
        One cannot be an option of sbatch.
    """

    partition: str = ""
    account: str = ""
    walltime: str = "12:00:00"
    cores: int = 2
    memory_gb: float = 6.0
    gpu: bool = False
    directives: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _WALLTIME.fullmatch(self.walltime):
            raise _not_an_option("walltime", "HH:MM:SS or D-HH:MM:SS", self.walltime)
        for name, text in (("partition", self.partition), ("account", self.account)):
            if not text.isprintable() or text.startswith("-"):
                raise _not_an_option(name, "a name", text)
        for text in self.directives:
            if not text.startswith("-") or not text.isprintable():
                raise _not_an_option("directive", "an option of sbatch on one line, as --qos=long", text)
        for text in self.setup:
            if not text.isprintable():
                raise _not_an_option("setup", "one line of the shell", text)
        if self.cores < 1 or self.memory_gb <= 0:
            raise _not_an_option("job", "at least a core and some memory", f"{self.cores}, {self.memory_gb}")

    @property
    def walltime_seconds(self) -> int:
        """The longest time of a job."""
        found = _WALLTIME.fullmatch(self.walltime)
        assert found is not None
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds

    @property
    def memory_mb(self) -> int:
        """Memory of a job as Slurm counts it."""
        return max(1, round(self.memory_gb * 1024))

    def extra_directives(self) -> list[str]:
        """Return the options beyond partition, account, time, cores and memory."""
        return [*(["--gres=gpu:1"] if self.gpu else []), *self.directives]

    def all_directives(self) -> list[str]:
        """Return all options, quoted as Slurm reads them in a script."""
        named = {"partition": self.partition, "account": self.account}
        asked = [f"--{name}={shlex.quote(value)}" for name, value in named.items() if value]
        asked += [f"--time={self.walltime}", f"--cpus-per-task={self.cores}", f"--mem={self.memory_mb}M"]
        return asked + self.extra_directives()


USUAL_JOB = SlurmOptions()


def _not_an_option(name: str, expected: str, found: str) -> InputError:
    return InputError(
        "slurm-option",
        f"The {name} for Slurm cannot be used.",
        expected=expected,
        found=repr(found),
        advice="Look the options of your site up with: sinfo; sacctmgr show assoc user=$USER",
    )
