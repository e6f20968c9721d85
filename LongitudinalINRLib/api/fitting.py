"""Fits from Python: the request, the folder and the worker that every front uses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from os import PathLike
from pathlib import Path

from LongitudinalINRLib.api.norms import Norms
from LongitudinalINRLib.api.result import Result, open_result
from LongitudinalINRLib.api.running import run
from LongitudinalINRLib.core.config import PresetName
from LongitudinalINRLib.core.config import preset as settings_of
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.given import given_scans
from LongitudinalINRLib.jobs.integrity import take_over
from LongitudinalINRLib.jobs.places import refuse_nested, refuse_nested_scans
from LongitudinalINRLib.jobs.request import Align, Device, Outputs, Regions, Request, Scanner

PathText = str | PathLike[str]


def fit(
    scans: Sequence[PathText],
    months: Sequence[float] | None = None,
    output: PathText = "longitudinal-inr-result",
    *,
    labels: PathText | None = None,
    regions: Regions | None = None,
    mask: PathText | None = None,
    exclude: PathText | None = None,
    preset: PresetName = "standard",
    align: Align = "rigid",
    scanner: Scanner = "auto",
    maps_at_months: Sequence[float] | None = None,
    allow_far: bool = False,
    same_person: bool = False,
    keep_dates: bool = True,
    norms: Norms | None = None,
    device: Device = "auto",
    report: bool = True,
    overwrite: bool = False,
    progress: bool = True,
) -> Result:
    """Fit the scans of one person.

    The fit runs in a process of its own. Interrupting the cell or script cancels it; its checkpoint stays,
    and the same call goes on from there. After a finished fit, the same call opens its result.

    Parameters
    ----------
    scans : sequence of path
        The baseline first, then the follow-ups: files, or folders of DICOM files, in which ``FOLDER#SERIES``
        names one series by its number or UID. Of several series the only 3D T1-weighted one is taken.
    months : sequence of float, optional
        When each scan was made, in months since the baseline, the baseline's 0 first. Without them the dates
        in the DICOM headers tell.
    output : path
        Folder for the results: new, empty, or with the result of the same call.
    labels : path, optional
        Segmentation on the baseline's grid.
    regions : {"atlas", "synthseg", "fastsurfer", "none"}, optional
        Where regions come from if there are no labels: carried over from an atlas (approximate, the default),
        by a program where it is installed, or ``none``, the whole mask alone.
    mask, exclude : path, optional
        Brain mask, and where scans are not compared, on the baseline's grid.
    preset : {"standard", "preview", "paper"}
        How to fit; ``preview`` is fast.
    align : {"rigid", "rigid-scaled", "affine", "none"}
        How each follow-up is aligned to the baseline.
    scanner : {"auto", "same", "unknown"}
        Whether all scans are of one scanner, for the intervals.
    maps_at_months : sequence of float, optional
        Months of maps and regions; those of the scans by default.
    allow_far : bool
        Whether these may lie farther beyond the last scan than the scans span.
    same_person : bool
        Whether the scans are one person's although their DICOM headers name several.
    keep_dates : bool
        Whether the dates of DICOM headers are kept in the result.
    norms : Norms, optional
        Gives the regions centiles among healthy people.
    device : {"auto", "cpu", "cuda", "mps"}
        Where to compute.
    report : bool
        Whether to write ``report.html``.
    overwrite : bool
        Whether another fit of the same baseline in the folder may be replaced, once the new inputs turn out
        to be usable.
    progress : bool
        Whether to show how far the fit is, and its warnings.

    Returns
    -------
    Result
        The finished fit, open for questions.

    Raises
    ------
    InputError
        Something cannot be used; nothing is left behind, and a result that was there stays.
    Cancelled
        It was interrupted.
    LongitudinalError
        It failed otherwise.
    """
    _check_months(scans, months)
    times = [None] * len(scans) if months is None else [float(month) for month in months]
    first, *later = (Path(scan) for scan in scans)
    folder = JobFolder(output)
    refuse_nested_scans([first, *later], folder)
    given = given_scans(first, list(zip(times[1:], later, strict=True)), keep_dates)
    request = Request(
        baseline=given.baseline.path,
        follow_ups=given.follow_ups,
        labels=_absolute(labels),
        regions=regions or ("none" if labels else "atlas"),
        mask=_absolute(mask),
        exclude=_absolute(exclude),
        norms=None if norms is None else norms.entry(),
        config=settings_of(preset),
        align=align,
        scanner=scanner,
        device=device,
        outputs=Outputs(
            None if maps_at_months is None else tuple(float(month) for month in maps_at_months),
            report=report,
            allow_far=allow_far,
        ),
        baseline_date=given.baseline.date,
        same_person=same_person,
        notes=given.notes,
    )
    _do(folder, request, overwrite, progress)
    return open_result(folder.path)


def _do(folder: JobFolder, request: Request, overwrite: bool, progress: bool) -> None:
    """Do a job in its folder, or what is left of it; where its input cannot be used, nothing of it stays."""
    from LongitudinalINRLib.jobs.checks import check_request  # numpy, once it is needed

    check_request(request)
    refuse_nested(request, folder)
    made_here = folder.create()
    take_over(folder)
    first = folder.state == "empty"
    if first:
        folder.manifest.write_bytes(folder.request, request.to_json().encode())
    new = request if not first and _is_another(folder, request, overwrite) else None
    try:
        run(folder, progress, new)
    except InputError:
        if first and not folder.alignment.exists():
            folder.discard(keep_folder=not made_here)
        raise


def _is_another(folder: JobFolder, request: Request, overwrite: bool) -> bool:
    """Tell whether the folder holds another fit, which may be replaced only where that is wanted."""
    from LongitudinalINRLib.jobs.validation import read_request_file

    if read_request_file(folder.request) == request:
        return False
    if overwrite:
        return True
    raise InputError(
        "output-other-fit",
        f"The output folder {folder.path.name} holds another fit.",
        expected="a new folder, or one with a fit of the same scans and settings",
        found="a fit of other scans or settings",
        advice="Choose another output, or replace the fit with overwrite=True.",
    )


def _check_months(scans: Sequence[PathText], months: Sequence[float] | None) -> None:
    alone = isinstance(scans, str | PathLike)
    if alone or len(scans) < 2 or (months is not None and len(scans) != len(months)):
        times = "" if months is None else f", {len(months)} months"
        raise InputError(
            "scans-and-months",
            "The scans cannot be used.",
            expected="two scans or more, the baseline first, and as many months, or none where DICOM headers "
            "have the dates",
            found="one path" if alone else f"{len(scans)} scans{times}",
            advice='For example: fit(["t00.nii.gz", "t12.nii.gz"], months=[0, 12]).',
        )
    if months is not None and (
        months[0] != 0 or any(later <= earlier for earlier, later in pairwise(months))
    ):
        raise InputError(
            "scans-and-months",
            "The months cannot be used.",
            expected="0 for the baseline, then the months since, ascending",
            found=", ".join(f"{month:g}" for month in months),
            advice="Sort the scans by their dates and give the months between the first and each.",
        )


def _absolute(path: PathText | None) -> str | None:
    return None if path is None else str(Path(path).absolute())
