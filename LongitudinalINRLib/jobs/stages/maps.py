"""The maps that were asked for, one file for each kind and month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from LongitudinalINRLib.analysis.regions import GridMaps
from LongitudinalINRLib.files import make_folder
from LongitudinalINRLib.imaging.formats.nifti import load
from LongitudinalINRLib.imaging.resampling import inside
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.words import MAPS_OF_SCANS, SAME_MONTH, MapName, map_file_name


def map_file(folder: JobFolder, name: str, months: float) -> Path:
    """Return the path of a map."""
    return folder.maps / map_file_name(name, months)


def write_maps(job: Job, result: Result) -> list[Path]:
    """Write every map that was asked for and return their paths; those of an interrupted run are kept."""
    make_folder(job.folder.maps, 0o700)
    state = job.folder.manifest.state
    months = job.request.map_months
    files = [{name: map_file(job.folder, name, month) for name in _names(job, month)} for month in months]
    missing = [[name for name, file in named.items() if state(file) != "ours"] for named in files]
    result.voxel_maps.expect([month for month, names in zip(months, missing, strict=True) if names])
    writing: Future[None] | None = None
    with ThreadPoolExecutor(1) as writer:  # compresses a month while the next is computed
        for index, month in enumerate(months):
            maps = predict(result, month, missing[index], should_stop=job.reporter.should_stop)
            if writing is not None:
                writing.result()  # or raise what went wrong; no more than one month waits
            writing = writer.submit(_write, job, maps, files[index])
            job.reporter.progress((index + 1) / len(months))
            job.reporter.check_stop()
        if writing is not None:
            writing.result()
    return [file for named in files for file in named.values()]


def _write(job: Job, maps: Mapping[MapName, Volume], files: Mapping[MapName, Path]) -> None:
    for name, volume in maps.items():
        write_volume(volume, files[name], job.folder.manifest.writing)


def planned_maps(job: Job) -> list[Path]:
    """Return the files of all maps that were asked for."""
    months = job.request.map_months
    return [map_file(job.folder, name, month) for month in months for name in _names(job, month)]


def write_valid(job: Job, result: Result) -> None:
    """Write where every follow-up has data."""
    valid = np.ones(result.mask.shape, dtype=np.bool_)
    for months, scan in result.scans.follow_ups.items():
        valid &= inside(scan, result.mask, result.alignments[months].matrix).array.astype(bool)
    write_volume(result.mask.with_array(valid), job.folder.valid, job.folder.manifest.writing)


class WrittenMaps(Mapping[float, GridMaps]):
    """The |J| maps of a result that are written, by month: as they were made, or read when asked for.

    Parameters
    ----------
    result : Result
        A fit.
    """

    def __init__(self, result: Result):
        self._result = result
        self._months = [
            month
            for month in result.request.map_months
            if map_file(result.folder, "jacobian", month).exists()
        ]

    def __getitem__(self, months: float) -> GridMaps:
        if months not in self._months:
            raise KeyError(months)
        if (made := self._result.voxel_maps.kept(months)) is not None:
            return GridMaps(*(self._result.mask.with_array(values.numpy()) for values in made))
        folder = self._result.folder
        jacobian, rate = (map_file(folder, name, months) for name in ("jacobian", "rate"))
        refuse_damaged(folder, (jacobian, rate))
        return GridMaps(_read(jacobian), _read(rate) if rate.exists() else None)

    def __iter__(self) -> Iterator[float]:
        return iter(self._months)

    def __len__(self) -> int:
        return len(self._months)


def _names(job: Job, month: float) -> list[MapName]:
    has_scan = any(abs(seen - month) < SAME_MONTH for seen in job.request.months[1:])
    return [name for name in job.request.outputs.maps if has_scan or name not in MAPS_OF_SCANS]


def _read(path: Path) -> Volume:
    return load(path)[0]
