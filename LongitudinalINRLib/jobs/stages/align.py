"""Aligning each follow-up to the baseline, once: a saved alignment of the same scans is taken again."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.imaging.alignment import Alignment, align
from LongitudinalINRLib.imaging.exclusion import compared_brain
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.alignments import alignment_from_json, alignment_to_json
from LongitudinalINRLib.jobs.documents.alignment import read_alignments
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.side_by_side import ShouldStop, side_by_side

# The rest of the stage makes the intensities comparable (`problem.build_problem`).
SHARE_OF_STAGE = 0.8


def align_series(job: Job, mask: Volume) -> dict[float, Alignment]:
    """Return the alignment of each follow-up, by month.

    Parameters
    ----------
    job : Job
        The request at work.
    mask : Volume
        Brain on the baseline's grid.
    """
    saved = _saved(job)
    brain = compared_brain(mask, job.scans.exclude)
    names = {months: f"scan-{index}" for index, months in enumerate(job.scans.follow_ups, start=1)}
    keys = {name: job.alignment_key(name) for name in names.values()}
    known = {name for name, key in keys.items() if name in saved and saved[name]["key"] == key}

    def one(months: float, should_stop: ShouldStop) -> Alignment:
        scan = job.scans.follow_ups[months]
        return align(scan, job.scans.baseline, brain, job.request.align, should_stop)

    wanted = [months for months, name in names.items() if name not in known]
    made = side_by_side(one, wanted, job.reporter.should_stop)
    alignments = {}
    with closing(made):
        for number, (months, name) in enumerate(names.items(), start=1):
            if name in known:
                alignment = alignment_from_json(saved[name])
            else:
                alignment = next(made)
                saved[name] = {"key": keys[name], **alignment_to_json(alignment)}
                job.folder.manifest.write_bytes(job.folder.alignment, json_text(saved).encode())
            for warning in alignment.warnings:
                job.reporter.warn(f"{name} (month {months:g}): {warning}")
            alignments[months] = alignment
            job.reporter.progress(SHARE_OF_STAGE * number / len(names))
    return alignments


def _saved(job: Job) -> dict[str, dict[str, Any]]:
    """Return the alignments of an earlier run by name; none where their file is damaged."""
    file = job.folder.alignment
    if not file.exists():
        return {}
    try:
        refuse_damaged(job.folder, [file])
        return {name: entry.model_dump(mode="json") for name, entry in read_alignments(file).items()}
    except InputError:
        job.reporter.warn(f"{file.name} is damaged: the follow-ups are aligned again.")
        return {}
