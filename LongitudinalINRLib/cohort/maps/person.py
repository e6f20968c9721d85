"""A person's place in the template: the step after the fit, and what it leaves in the person's folder."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from LongitudinalINRLib.analysis.figures.planes import values_at
from LongitudinalINRLib.analysis.points import voxel_centres_mm
from LongitudinalINRLib.atlas.carry import LEAST_LIKENESS, LEAST_MASK_DICE, mask_dice
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.maps.engines import NAMES, Engine, register
from LongitudinalINRLib.cohort.maps.placement import Placement
from LongitudinalINRLib.cohort.maps.reach import reached
from LongitudinalINRLib.cohort.maps.space import SPACE, TemplateSpace, template_space
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import sha256_of, write_bytes, write_text
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import BASELINE
from LongitudinalINRLib.jobs.results import Result, open_result
from LongitudinalINRLib.json_model import Document, Seconds, Sha256, read_document

LEAST_COVERED_SHARE = 0.95
"""Of the template's brain; below, too much of a person's brain was out of a scan's view."""

_LARGEST_BYTES = 100_000
_EVERY = 2  # voxels of the template are looked at for the quality


class InTemplate(Document):
    """How a person's baseline was brought to the template: the content of ``template.json``.

    Parameters
    ----------
    space : str
        The template.
    engine : str
        What registered them.
    of : str
        SHA-256 of the scan, the brain mask, the field of view and the engine: the same need not be done again.
    placement : str
        SHA-256 of ``template.npz``; empty where the registration found nothing.
    mask_dice, likeness : float
        Overlap and correlation of both brains after the registration; 0 where it found nothing.
    covered_share : float
        Of the template's voxels, those for which every scan of the person has data.
    seconds : float
        How long it took.
    """

    space: str
    engine: str
    of: Sha256
    placement: str
    mask_dice: float
    likeness: float
    covered_share: float
    seconds: Seconds

    @property
    def reason(self) -> str:
        """Why the person cannot be in the maps of groups; empty where nothing is against it."""
        limits = (
            (self.mask_dice, LEAST_MASK_DICE, "overlap of the brain with the template's"),
            (self.likeness, LEAST_LIKENESS, "likeness of the brain to the template"),
            (self.covered_share, LEAST_COVERED_SHARE, "share of the template's brain with data in every scan"),
        )
        failed = (f"{what} {value:.2f}, below {least:g}" for value, least, what in limits if value < least)
        return next(failed, "")


_KIND = TypeAdapter(InTemplate)


def note_path(person: PersonFolder) -> Path:
    """Return where what is told about a person's registration lies."""
    return person.path / "template.json"


def placement_path(person: PersonFolder) -> Path:
    """Return where a person's registration lies."""
    return person.path / "template.npz"


def carry_to_template(
    person: PersonFolder,
    engine: Engine = "demons",
    should_stop: Callable[[], bool] = lambda: False,
    space: TemplateSpace | None = None,
) -> InTemplate:
    """Register a person's baseline to the template; what was done already is not done again.

    Parameters
    ----------
    person : PersonFolder
        With a finished fit. The baseline is read, and has to be there still.
    engine : {"demons", "syn"}
        See `engines.register`.
    should_stop : callable
        Asked at every iteration.
    space : TemplateSpace, optional
        The template, where it was read already.

    Returns
    -------
    InTemplate
        Its `reason` says whether the person can be in the maps.

    Raises
    ------
    Cancelled
        When `should_stop` said so.
    InputError
        The fit is not finished or damaged, the baseline is gone or another, or the engine is not installed.
    """
    known, done = _digest(person.job, engine), read_in_template(person)
    if done is not None and done.of == known:
        return done
    began = time.monotonic()
    result = open_result(person.job.path, device="cpu")
    space = space or template_space()
    try:
        transform, likeness = register(
            engine, result.scans.baseline, result.mask, space.t1, space.brain, should_stop
        )
    except RuntimeError:  # what ITK says of images that have nothing in common
        quality, content = (0.0, 0.0, 0.0), b""
    else:
        placement = Placement.of(transform, space.brain)
        quality, content = (*_quality(placement, result, space), likeness), placement.to_bytes()
        write_bytes(placement_path(person), content)
    overlap, covered, alike = quality
    note = InTemplate(
        space=SPACE,
        engine=NAMES[engine],
        of=known,
        placement=hashlib.sha256(content).hexdigest() if content else "",
        mask_dice=overlap,
        likeness=alike,
        covered_share=covered,
        seconds=round(time.monotonic() - began, 3),
    )
    write_text(note_path(person), note.model_dump_json(indent=1) + "\n")
    return note


def read_in_template(person: PersonFolder) -> InTemplate | None:
    """Return what is known of a person's registration; None where there is none, or it is damaged."""
    note = note_path(person)
    if not note.exists():
        return None
    try:
        found = read_document(note, _KIND, _LARGEST_BYTES)
    except InputError:  # then it is done again
        return None
    placement = placement_path(person)
    whole = not found.placement or (placement.exists() and sha256_of(placement) == found.placement)
    return found if whole else None


def _digest(job: JobFolder, engine: Engine) -> str:
    """Tell one registration from another by everything that decides it."""
    if not job.fit.exists():
        return ""
    scan = read_identity(job.identity)[BASELINE] if job.identity.exists() else ""
    parts = (SPACE, NAMES[engine], scan, sha256_of(job.mask), sha256_of(job.valid))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _quality(placement: Placement, result: Result, space: TemplateSpace) -> tuple[float, float]:
    """Return the overlap of both brains, and the share of the template's brain that has data."""
    coarse = space.mask.with_array(np.zeros(space.mask.shape, bool))
    coarse.array[::_EVERY, ::_EVERY, ::_EVERY] = True
    voxels = np.flatnonzero(coarse.array)
    places_mm = placement(voxel_centres_mm(voxels, coarse.shape, coarse.affine))
    brain = values_at(result.mask, places_mm, order="nearest") > 0.5
    template = space.mask.array.ravel()[voxels].astype(bool)
    _, covered = reached(places_mm[template], result)
    return mask_dice(brain, template), float(covered.mean())
