"""One export from beginning to end: read, make, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.dicom_out.content import read_content
from LongitudinalINRLib.dicom_out.export import REPORT_PDF, Export
from LongitudinalINRLib.dicom_out.headers import refuse_other_patient
from LongitudinalINRLib.dicom_out.output import OutputFolder, Stored, key_of
from LongitudinalINRLib.dicom_out.parametric_map import MapValues
from LongitudinalINRLib.dicom_out.same_scan import refuse_other_scan
from LongitudinalINRLib.dicom_out.source import read_source
from LongitudinalINRLib.files import sha256_of
from LongitudinalINRLib.imaging.dicom.choice import choose_series
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.dicom.series import load_dicom, series_digest
from LongitudinalINRLib.jobs.results import open_result


@dataclass(frozen=True)
class Order:
    """What is to be exported.

    Parameters
    ----------
    result : Path
        Output folder of a fit.
    baseline : Path
        Folder with the DICOM series of the baseline, in it or below it, or `FOLDER#SERIES`.
    follow_ups : tuple of Path
        Folders with series of follow-ups.
    output : Path
        Folder for the objects.
    labels : Path, optional
        The segmentation, if it is not where the fit found it.
    same_person : bool
        Whether series whose patients differ are stated to be of one person.
    values : str
        How |J| is stored.
    """

    result: Path
    baseline: Path
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
    order = _located(order, tell)
    folder = OutputFolder(order.output)
    sources = [read_source(path) for path in (order.baseline, *order.follow_ups)]
    differing = refuse_other_patient([source.person for source in sources], order.same_person)
    result = open_result(order.result, "cpu", tell)
    key = key_of(_parts(order, result.folder.results))
    stored = folder.stored(key)
    if stored is None:
        content = read_content(result, order.labels)
        sources[0].frames_of(result.mask)  # or refuse another grid, before any voxel is read
        voxels = load_dicom(order.baseline)[0]
        if unseen := refuse_other_scan(result, sources[0], voxels):
            tell(unseen)
        made = Export(
            content,
            sources[0],
            voxels,
            tuple(sources[1:]),
            same_person=order.same_person,
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


def _located(order: Order, tell: Callable[[str], None]) -> Order:
    """Return the order with the series that are meant, searched for as the fit searches for its scans."""

    def found(path: Path) -> Path:
        place = series_place(path)
        if place is None:
            return path  # what is wrong with it is told by whatever reads it
        chosen = choose_series(place)
        if chosen.word:
            tell(chosen.word)
        return chosen.path

    return replace(order, baseline=found(order.baseline), follow_ups=tuple(map(found, order.follow_ups)))


def _parts(order: Order, results: Path) -> dict[str, Any]:
    pdf = results.parent / REPORT_PDF
    return {
        "version": __version__,
        "result": sha256_of(results) if results.exists() else "",
        "series": [series_digest(path) for path in (order.baseline, *order.follow_ups)],
        "labels": sha256_of(order.labels) if order.labels is not None and order.labels.is_file() else "",
        "pdf": sha256_of(pdf) if pdf.is_file() else "",
        "same_person": order.same_person,
        "values": order.values,
    }
