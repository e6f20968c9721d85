"""What one person's fit becomes in the cohort's folder: BIDS Derivatives and a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from LongitudinalINRLib.cohort.derivatives import sidecars
from LongitudinalINRLib.cohort.derivatives.names import PersonNames
from LongitudinalINRLib.cohort.derivatives.page import put_page
from LongitudinalINRLib.cohort.derivatives.regions import regions_json, regions_tsv
from LongitudinalINRLib.cohort.derivatives.shelf import Shelf
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.plan import PersonPlan, read_plan
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.writing import write_transform
from LongitudinalINRLib.jobs.results import Result, open_result
from LongitudinalINRLib.jobs.stages.maps import map_file
from LongitudinalINRLib.jobs.stages.outlines import note_of

Tell = Callable[[str], None]


def publish(folder: PersonFolder, warnings: Sequence[str] = (), tell: Tell = lambda _: None) -> list[Path]:
    """Write the derivatives of a person whose fit is done, and remove those that are not wanted any more.

    Volumes are second names of the job's files: nothing is stored twice where the file system knows hard
    links. No file that somebody changed or put there is overwritten or removed (see `ownership`).

    Parameters
    ----------
    folder : PersonFolder
        Holds a plan and a finished job.
    warnings : sequence of str
        Told during the job; the page shows them beside those that the fit's account holds.
    tell : callable
        Takes a sentence about a file of ours that somebody had changed: it is kept under another name.

    Returns
    -------
    list of Path
        What the cohort's folder now holds of the person.

    Raises
    ------
    InputError
        The result is damaged, or somebody else's file has a name that is needed.
    """
    plan = read_plan(folder)
    result = open_result(folder.job.path)
    names = PersonNames(folder, plan)
    shelf = Shelf(folder.cohort.path, folder.published, tell)
    _put_volumes(shelf, names, plan, result)
    _put_regions(shelf, names, plan, result)
    _put_alignments(shelf, names, plan, result)
    put_page(shelf, names, plan, result, warnings)
    shelf.clear()
    return shelf.put


def _put_volumes(shelf: Shelf, names: PersonNames, plan: PersonPlan, result: Result) -> None:
    job, request = result.folder, result.request
    mask = names.in_baseline("brain", "mask")
    shelf.json(mask, sidecars.of_mask(plan, result.account.mask))
    shelf.link(job.mask, mask)
    note = note_of(job, request)
    if note is not None and note.used:
        regions = names.in_baseline(note.source, "dseg")
        shelf.json(regions, sidecars.of_segmentation(plan, note.summary))
        shelf.link(job.labels, regions)
    for months in request.map_months:
        for name in set(sidecars.PUBLISHED_MAPS) & set(request.outputs.maps):
            path = names.map(months, sidecars.PUBLISHED_MAPS[name][0])
            shelf.json(path, sidecars.of_map(plan, name, months, result.model.kind(months)))
            shelf.link(map_file(job, name, months), path)


def _put_regions(shelf: Shelf, names: PersonNames, plan: PersonPlan, result: Result) -> None:
    path = names.table("longitudinal", "regions")
    text = regions_tsv(result.folder.regions)
    shelf.text(path, text)
    shelf.json(path, regions_json(sidecars.sources_of(plan), text.split("\n", 1)[0].split("\t")))


def _put_alignments(shelf: Shelf, names: PersonNames, plan: PersonPlan, result: Result) -> None:
    for scan, alignment in zip(plan.scans[1:], result.alignments.values(), strict=True):
        path = names.transform(scan.months)
        shelf.json(path, sidecars.of_transform(plan, scan, alignment))
        shelf.content(path, _itk_text(alignment))


def _itk_text(alignment: Alignment) -> bytes:
    """Return an alignment as the file of an ITK transform."""
    with TemporaryDirectory() as folder:  # ITK writes to a path alone
        path = Path(folder) / "alignment.tfm"
        write_transform(alignment.matrix, path)
        return path.read_bytes()
