"""Job folders that hold other files than a worker would write, as if it had."""

from __future__ import annotations

from pathlib import Path

from LongitudinalINRLib.jobs.folder import OPEN_NAMES, JobFolder
from LongitudinalINRLib.jobs.integrity import read_results, write_results
from LongitudinalINRLib.ownership import MANIFEST, Stamp


def as_written(folder: Path) -> None:
    """Let manifest and results of a finished job know its files as they are now."""
    job = JobFolder(folder)
    written = read_results(job)
    told = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    stamps = {name: Stamp.of(path) for name, path in told.items() if name not in (MANIFEST, *OPEN_NAMES)}
    job.manifest.restore(stamps)
    kinds = {kind: [told[name] for name in names if name in told] for kind, names in written.results.items()}
    write_results(job, kinds, written.seconds)
