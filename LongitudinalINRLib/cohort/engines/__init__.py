"""Engines that work on the people of a cohort: this machine, Dask, Slurm.

All state lies in the folders of the people. An engine starts a process for each, hears its exit code, and may
be killed at any moment.
"""

from LongitudinalINRLib.cohort.engines.engine import Engine, EngineName, default_jobs
from LongitudinalINRLib.cohort.engines.running import run
from LongitudinalINRLib.cohort.engines.sbatch import max_array_size, submit
from LongitudinalINRLib.cohort.engines.slurm_array import write_array
from LongitudinalINRLib.cohort.engines.slurm_options import SlurmOptions
from LongitudinalINRLib.cohort.engines.summary import Summary, summary_so_far
from LongitudinalINRLib.cohort.engines.telling import Ended, Planned, Said, Tell, Told, Working

__all__ = [
    "Ended",
    "Engine",
    "EngineName",
    "Planned",
    "Said",
    "SlurmOptions",
    "Summary",
    "Tell",
    "Told",
    "Working",
    "default_jobs",
    "max_array_size",
    "run",
    "submit",
    "summary_so_far",
    "write_array",
]
