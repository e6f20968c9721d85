"""Numbers per region, in `regions.csv` and `trajectories.csv`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from LongitudinalINRLib.analysis.region_row import RegionRow, write_regions
from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.analysis.trajectories import TrajectoryPoint, write_trajectories
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps

Row = TypeVar("Row", RegionRow, TrajectoryPoint)


def write_regions_of(job: Job, result: Result) -> RegionAnalysis:
    """Measure the regions at the months of the maps, and write both tables."""
    months = job.request.map_months
    analysis = analyse_regions(
        result.model,
        result.scans.labels,
        months,
        result.mask,
        result.valid,
        maps=WrittenMaps(job.folder, months),
        residual=result.residual,
        scanner=result.scanner_error,
        should_stop=job.reporter.should_stop,
    )
    analysis = named(analysis, job.request.region_names)
    for warning in analysis.warnings:
        job.reporter.warn(warning)
    write_regions(analysis.rows, job.folder.regions, job.folder.manifest.writing)
    write_trajectories(analysis.trajectories, job.folder.trajectories, job.folder.manifest.writing)
    return analysis


def named(analysis: RegionAnalysis, names: Mapping[int, str] | None) -> RegionAnalysis:
    """Return the analysis with the regions called by the names that the request gives."""
    if not names:
        return analysis
    return replace(
        analysis, rows=_renamed(analysis.rows, names), trajectories=_renamed(analysis.trajectories, names)
    )


def _renamed(rows: Sequence[Row], names: Mapping[int, str]) -> list[Row]:
    return [replace(row, region=names.get(row.label, row.region)) for row in rows]
