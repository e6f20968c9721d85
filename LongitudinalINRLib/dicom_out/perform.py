"""One export from beginning to end: read, make, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.export import REPORT_PDF, Export
from LongitudinalINRLib.dicom_out.headers import refuse_other_patient
from LongitudinalINRLib.dicom_out.output import OutputFolder, Stored, key_of
from LongitudinalINRLib.dicom_out.parametric_map import MapValues
from LongitudinalINRLib.dicom_out.same_scan import refuse_other_scan
from LongitudinalINRLib.dicom_out.series_of_fit import Series, series_for, stated_by_fit
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.files import sha256_of
from LongitudinalINRLib.imaging.dicom.series import load_dicom, series_digest
from LongitudinalINRLib.jobs.results import open_result


@dataclass(frozen=True)
class Order:
    """What is to be exported.

    Parameters
    ----------
    result : Path
        Output folder of a fit.
    baseline : Path or None
        Folder with the DICOM series of the baseline, in it or below it, or `FOLDER#SERIES`; None for the one
        that the fit was made from.
    output : Path
        Folder for the objects.
    follow_ups : tuple of Path
        Folders with series of follow-ups; empty for those that the fit was made from.
    labels : Path, optional
        The segmentation, if it is not where the fit found it.
    same_person : bool
        Whether series whose patients differ are stated to be of one person; a fit's statement counts too.
    values : str
        How |J| is stored.
    """

    result: Path
    baseline: Path | None
    output: Path
    follow_ups: tuple[Path, ...] = ()
    labels: Path | None = None
    same_person: bool = False
    values: MapValues = "float"


def export(order: Order, tell: Callable[[str], None] = lambda _: None) -> tuple[OutputFolder, list[Stored]]:
    """Make the objects of a result and write them, unless they are there already.

    Parameters
    ----------
    order : Order
        What is asked for.
    tell : callable
        Takes what the person should know.

    Raises
    ------
    InputError
        Something that was given cannot be used; nothing is written then.
    """
    folder = OutputFolder(order.output)
    result = open_result(order.result, "cpu", tell)
    series = series_for(result.folder, result.request, order.baseline, order.follow_ups, tell)
    sources = [read_source(path) for path in (series.baseline, *series.follow_ups)]
    same_person = order.same_person or stated_by_fit(result.folder)
    differing = refuse_other_patient([source.person for source in sources], same_person)
    if differing and not order.same_person:
        tell(
            f"The series differ in {', '.join(differing)}: that they are one person's was stated for the fit."
        )
    key = key_of(_parts(order, series, same_person, result.folder.results))
    stored = folder.stored(key)
    if stored is None:
        content = read_content(result, order.labels)
        sources[0].frames_of(result.mask)  # or refuse another grid, before any voxel is read
        voxels = load_dicom(series.baseline)[0]
        if unseen := refuse_other_scan(result, sources[0], voxels):
            tell(unseen)
        made = Export(
            content,
            sources[0],
            voxels,
            tuple(sources[1:]),
            same_person=same_person,
            values=order.values,
        )
        about = {
            "made_by": f"LongitudinalINR {__version__}",
            "study": str(made.target.home.StudyInstanceUID),
            "patients_differ_in": differing,
            "stated_to_be_one_person": bool(differing),
        }
        stored = folder.write(key, made.objects(tell), about)
    return folder, stored


def _parts(order: Order, series: Series, same_person: bool, results: Path) -> dict[str, Any]:
    pdf = results.parent / REPORT_PDF
    return {
        "version": __version__,
        "result": sha256_of(results) if results.exists() else "",
        "series": [series_digest(path) for path in (series.baseline, *series.follow_ups)],
        "labels": sha256_of(order.labels) if order.labels is not None and order.labels.is_file() else "",
        "pdf": sha256_of(pdf) if pdf.is_file() else "",
        "same_person": same_person,
        "values": order.values,
    }
