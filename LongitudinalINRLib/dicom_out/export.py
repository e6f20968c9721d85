"""A result into a folder of DICOM files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import highdicom as hd
import numpy as np
from pydicom import Dataset

from LongitudinalINRLib import __version__
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.dicom_out.captures import Captures, make_capture
from LongitudinalINRLib.dicom_out.content import APPROXIMATE_OUTLINES, Content
from LongitudinalINRLib.dicom_out.document import drawn_pdf, make_document, read_pdf
from LongitudinalINRLib.dicom_out.headers import refuse_other_patient
from LongitudinalINRLib.dicom_out.measurements import make_report
from LongitudinalINRLib.dicom_out.parametric_map import MapValues, beyond_range, make_map
from LongitudinalINRLib.dicom_out.segmentation import Segments, make_segmentation
from LongitudinalINRLib.dicom_out.source import Source
from LongitudinalINRLib.dicom_out.study import RESEARCH_USE, Target, maker
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.words import month_label

REPORT_PDF = "report.pdf"


@dataclass(frozen=True, eq=False)
class Made:
    """An object that is ready to be written.

    Parameters
    ----------
    name : str
        Of its file, relative to the output folder, with / between its parts.
    dataset : Dataset
        The object.
    """

    name: str
    dataset: Dataset


class Export:
    """The objects of one result.

    Parameters
    ----------
    content : Content
        The result.
    baseline : Source
        The baseline's series.
    voxels : Volume
        Its voxels.
    follow_ups : tuple of Source
        Series of follow-ups; the latest one's study is where readers look.
    same_person : bool
        Whether it is stated that the series are of one person, though their headers differ.
    values : str
        How |J| is stored.
    """

    def __init__(
        self,
        content: Content,
        baseline: Source,
        voxels: Volume,
        follow_ups: tuple[Source, ...] = (),
        *,
        same_person: bool = False,
        values: MapValues = "float",
    ):
        self._content, self._baseline, self._voxels, self._values = content, baseline, voxels, values
        sources = (baseline, *follow_ups)
        firsts = [source.first for source in sources]
        self.differing = refuse_other_patient([source.person for source in sources], same_person)
        home = max(reversed(firsts), key=_when) if follow_ups else baseline.first
        images = tuple(
            {image.SOPInstanceUID: image for source in sources for image in source.images}.values()
        )
        self.target = Target(home, images, self._remarks())
        self._series = 0
        self._pdf = read_pdf(content.result.folder.path / REPORT_PDF)

    def objects(self, tell: Callable[[str], None] = lambda _: None) -> Iterator[Made]:
        """Make one object after the other; `tell` takes what was left out and why."""
        yield from self._maps(tell)
        segmentations = list(self._segmentations())
        if self._content.regions is None:
            tell("The segmentation is not where the fit found it: its regions are told without their voxels.")
        for name, made in zip(("whole", "regions"), segmentations, strict=False):
            yield Made(f"segmentation_{name}.dcm", made.dataset)
        report = make_report(self.target, self._baseline, self._content, segmentations, self._next_series())
        yield self._adopted("measurements.dcm", report)
        yield from self._captures()
        yield from self._document(tell)

    def _maps(self, tell: Callable[[str], None]) -> Iterator[Made]:
        series_uid, number = hd.UID(), self._next_number()
        for instance, (months, volume) in enumerate(self._content.jacobians(), start=1):
            frames = self._baseline.frames_of(volume).astype(np.float32, copy=False)
            if beyond := beyond_range(frames, self._values):
                tell(f"Month {months:g}: {beyond} voxels lie beyond what 16 bit hold, and are at its end.")
            series = maker(number, series_uid, hd.UID(), instance)
            made = make_map(self._baseline, frames, months, self._content.kind(months), self._values, series)
            yield self._adopted(f"jacobian_{month_label(months)}mo.dcm", made)

    def _segmentations(self) -> Iterator[Segments]:
        whole = self._baseline.frames_of(self._content.whole).astype(np.uint8, copy=False)
        pooled = [BRAIN_LABEL, TISSUE_LABEL] if TISSUE_LABEL in self._content.names else [BRAIN_LABEL]
        bits = np.stack([(whole & (1 << bit)) > 0 for bit in range(len(pooled))], axis=-1)
        yield self._segments(bits, pooled, "whole brain")
        if self._content.regions is not None:
            frames = self._baseline.frames_of(self._content.regions)
            labels = [label for label in self._content.names if label not in (BRAIN_LABEL, TISSUE_LABEL)]
            if labels:
                counted = np.where(np.isin(frames, labels), frames, 0)
                yield self._segments(counted, labels, self._content.regions_word)

    def _segments(self, frames: Any, labels: list[int], what: str) -> Segments:
        made = make_segmentation(self._baseline, frames, labels, self._content, what, self._next_series())
        self.target.adopt(made.dataset)
        return made

    def _captures(self) -> Iterator[Made]:
        captures = Captures(self._content, self._voxels)
        for months in self._content.map_months:
            series_uid, number = hd.UID(), self._next_number()
            for instance, picture in enumerate(captures.pictures(months), start=1):
                series = maker(number, series_uid, hd.UID(), instance)
                made = make_capture(picture, months, self.target, series)
                yield self._adopted(f"captures_{month_label(months)}mo/{instance:03d}.dcm", made)

    def _document(self, tell: Callable[[str], None]) -> Iterator[Made]:
        try:
            pdf = self._pdf or drawn_pdf(self._content, self._voxels, tell)
        except InputError as error:
            tell(f"No PDF goes along, for there is no {REPORT_PDF} and it cannot be drawn: {error.message}")
            return
        yield self._adopted("report.dcm", make_document(pdf, self.target, self._next_series()))

    def _adopted(self, name: str, made: Dataset) -> Made:
        self.target.adopt(made)
        return Made(name, made)

    def _next_number(self) -> int:
        self._series += 1
        return self._series

    def _next_series(self) -> dict[str, Any]:
        return maker(self._next_number(), hd.UID(), hd.UID(), 1)

    def _remarks(self) -> str:
        account = self._content.result.account
        months = ", ".join(f"{scan.months:g}" for scan in account.scans)
        remarks = (
            f"LongitudinalINR {__version__}: |J| of a deformation that was fitted to T1 scans at months "
            f"{months} (fit {account.key[:16]}). {RESEARCH_USE}."
        )
        if self._content.approximate:
            remarks += f" {APPROXIMATE_OUTLINES}: nobody drew them on this scan."
        if self.differing:
            remarks += (
                f" The series differ in {', '.join(self.differing)}; whoever made this stated that they are "
                "of one person."
            )
        return remarks


def _when(image: Dataset) -> str:
    return f"{image.StudyDate or image.get('AcquisitionDate', '')} {image.StudyTime or ''}"
