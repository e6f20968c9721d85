"""Numbers per region, in `regions.csv` and `trajectories.csv`."""

from __future__ import annotations

from LongitudinalINRLib.analysis.region_row import write_regions
from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.analysis.trajectories import write_trajectories
from LongitudinalINRLib.jobs.beside_norms import beside_own_norms
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps


def write_regions_of(job: Job, result: Result) -> RegionAnalysis:
    """Measure the regions at the months of the maps, and write both tables."""
    months = job.request.map_months
    analysis = analyse_regions(
        result.model,
        result.scans.labels,
        months,
        result.mask,
        result.valid,
        names=job.request.region_names,
        maps=WrittenMaps(result),
        residual=result.residual,
        scanner=result.scanner_error,
        should_stop=job.reporter.should_stop,
    )
    analysis = beside_own_norms(result, analysis)
    for warning in analysis.warnings:
        job.reporter.warn(warning)
    write_regions(analysis.rows, job.folder.regions, job.folder.manifest.writing)
    write_trajectories(analysis.trajectories, job.folder.trajectories, job.folder.manifest.writing)
    return analysis
