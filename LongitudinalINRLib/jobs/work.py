"""A job from its request to its results: the stages in their order."""

from __future__ import annotations

import time
from pathlib import Path

from LongitudinalINRLib.analysis.blur import with_blur_free
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.imaging.exclusion import excluded_ml
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.device import choose_device
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import identify
from LongitudinalINRLib.jobs.integrity import read_results, refuse_damaged, write_results
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.memory import give_back_free_memory
from LongitudinalINRLib.jobs.persons import check_person
from LongitudinalINRLib.jobs.places import refuse_nested
from LongitudinalINRLib.jobs.progress import Reporter
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import Result, load_result
from LongitudinalINRLib.jobs.same_inputs import refuse_changed, refuse_other_subject
from LongitudinalINRLib.jobs.scans import Scans
from LongitudinalINRLib.jobs.stages.align import align_series
from LongitudinalINRLib.jobs.stages.appearance import warn_of_appearance
from LongitudinalINRLib.jobs.stages.fit import fit_or_resume
from LongitudinalINRLib.jobs.stages.maps import planned_maps, write_maps, write_valid
from LongitudinalINRLib.jobs.stages.model import has_model, save_model
from LongitudinalINRLib.jobs.stages.outlines import find_regions, wants_regions
from LongitudinalINRLib.jobs.stages.problem import build_problem
from LongitudinalINRLib.jobs.stages.quality import warn_of_quality
from LongitudinalINRLib.jobs.stages.regions import write_regions_of
from LongitudinalINRLib.jobs.stages.series import read_series, refuse_norms_of_other_regions
from LongitudinalINRLib.jobs.stages.sides import warn_of_sides


def work(
    folder: JobFolder,
    request: Request,
    reporter: Reporter,
    *,
    replaces: bool = False,
    same_subject: bool = False,
    checkpoint_seconds: float = 30.0,
) -> events.Done:
    """Do a job, going on where an earlier run of it was interrupted.

    Parameters
    ----------
    folder : JobFolder
        Takes the results.
    request : Request
        What is asked, checked.
    reporter : Reporter
        Takes progress and warnings; knows whether to stop.
    replaces : bool
        Whether the request is a new one that takes the place of what the folder holds, which must be of the
        same subject; it does so once its inputs turn out to be usable. Otherwise it is the folder's own, and
        its inputs must be the same as before.
    same_subject : bool
        Whether a new request is known to be of the same subject, even if its baseline is another scan.
    checkpoint_seconds : float
        Time between checkpoints of the fit.

    Returns
    -------
    Done
        The paths of the results.

    Raises
    ------
    LongitudinalError
        The inputs cannot be used, the job was cancelled, memory ran out, or the fit failed.
    """
    began = time.monotonic()
    folder.manifest.on_kept = reporter.warn
    device = choose_device(request.device)
    refuse_nested(request, folder)
    if not replaces:
        refuse_damaged(folder, [folder.request, folder.identity])
    identity = identify(request, folder, reporter.should_stop)
    if not replaces:
        refuse_changed(folder, identity)
    elif not same_subject:
        refuse_other_subject(folder, identity)
    person, differing = check_person(request, folder)
    for word in (*request.notes, *differing):
        reporter.warn(word)
    scans = Scans(folder, request, reporter.warn, identity)
    job = Job(folder, request, identity, scans, reporter, person, checkpoint_seconds)
    _enter(reporter, "series")
    reporter.check_stop()
    mask = read_series(job)
    _take_over(job, mask, replaces)
    find_regions(job, mask)
    refuse_norms_of_other_regions(job)  # those of regions that were only now found
    maps = _answered(job, _fitted(job, mask, device))
    reporter.finish()
    return _close(job, maps, time.monotonic() - began)


def _enter(reporter: Reporter, stage: str) -> None:
    """Enter a stage without what the one before has freed."""
    give_back_free_memory()
    reporter.begin(stage)


def _take_over(job: Job, mask: Volume, replaces: bool) -> None:
    """Make the folder this job's, now that its inputs can be used."""
    folder = job.folder
    maps = planned_maps(job)
    planned = [*([folder.request] if replaces else []), *_written_once(job), *maps]
    folder.manifest.refuse_taken(planned)
    if not has_model(job):
        folder.clear_outputs()
    elif replaces:  # other questions to the same fit
        folder.clear_answers(maps)
    folder.manifest.remove([folder.results])
    folder.manifest.claim(planned)
    if replaces:
        folder.manifest.write_bytes(folder.request, job.request.to_json().encode())
    folder.manifest.write_bytes(folder.identity, json_text(job.identity).encode())
    write_volume(mask, folder.mask, folder.manifest.writing)


def _written_once(job: Job) -> tuple[Path, ...]:
    folder = job.folder
    outlines = (folder.labels, folder.labels_note) if wants_regions(job.request) else ()
    before_fit = (folder.identity, folder.mask, *outlines, folder.alignment, folder.checkpoint)
    model = (folder.model_weights, folder.model_description, folder.fit, folder.valid)
    report = [folder.report] if job.request.outputs.report else []
    return (*before_fit, *model, folder.regions, folder.trajectories, *report, folder.results)


def _fitted(job: Job, mask: Volume, device: str) -> Result:
    reporter = job.reporter
    _enter(reporter, "align")
    alignments = align_series(job, mask)
    if not has_model(job):
        problem = build_problem(job, mask, alignments)
        compared = problem.compared()
        warn_of_sides(job, compared)
        appearance = warn_of_appearance(job, compared)
        _enter(reporter, "fit")
        fitted = fit_or_resume(job, with_blur_free(problem, appearance), device)
        _enter(reporter, "model")  # nobody is asked whether to stop before the fit is saved
        quality = warn_of_quality(job, fitted.model, compared)
        left_out_ml = excluded_ml(mask, job.scans.exclude)
        save_model(job, fitted, alignments, quality, appearance, left_out_ml, device)
    return load_result(job.folder, job.request, job.scans, device)


def _answered(job: Job, result: Result) -> list[Path]:
    """Write maps, tables and report of a fit, and return the maps."""
    reporter = job.reporter
    _enter(reporter, "maps")
    reporter.check_stop()
    write_valid(job, result)
    maps = write_maps(job, result)
    _enter(reporter, "regions")
    analysis = write_regions_of(job, result)
    _enter(reporter, "report")
    if job.request.outputs.report:
        from LongitudinalINRLib.jobs.stages import report  # Pillow and jinja2, only where needed

        report.write_report_of(result, analysis, reporter.should_stop)
    return maps


def _close(job: Job, maps: list[Path], seconds: float) -> events.Done:
    """Say that the job is finished, in a file too, and delete the copies of the scans."""
    folder = job.folder
    kinds = {
        "model": [folder.model_weights, folder.model_description],
        "fit": [folder.fit],
        "maps": sorted(maps),
        "mask": [folder.mask],
        "valid": [folder.valid],
        **({"labels": [folder.labels]} if folder.labels.exists() and wants_regions(job.request) else {}),
        "regions": [folder.regions],
        "trajectories": [folder.trajectories],
        "report": [
            path for path in (folder.report, folder.report_pdf) if folder.manifest.state(path) == "ours"
        ],
    }
    folder.manifest.remove([folder.checkpoint])  # of a run that ended between its model and this
    write_results(folder, kinds, round(seconds, 3))
    folder.delete_inputs()
    written = read_results(folder)
    return events.Done(written.results, written.seconds)
