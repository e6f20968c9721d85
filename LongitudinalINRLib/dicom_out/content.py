"""What a result has to say: its maps, its regions as they were measured, and the table of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.tables import read_table
from LongitudinalINRLib.analysis.tissue import with_tissue
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.nifti import load
from LongitudinalINRLib.imaging.reading import read_labels
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import map_file
from LongitudinalINRLib.jobs.stages.outlines import note_of
from LongitudinalINRLib.words import TimeKind, time_kind

APPROXIMATE_OUTLINES = "Approximate regions, carried over from an average brain"
"""At most 64 characters, for elements that hold no more."""


@dataclass(frozen=True)
class Measured:
    """One row of ``regions.csv``: the numbers that a report of measurements takes.

    Parameters
    ----------
    region, label : str, int
        As in the table.
    months : float
        Since the baseline.
    kind : str
        Observed, interpolated or extrapolated.
    numbers : dict of str to float
        Those columns that hold a number.
    """

    region: str
    label: int
    months: float
    kind: TimeKind
    numbers: dict[str, float]


@dataclass(frozen=True, eq=False)
class Content:
    """A finished fit, to be said in DICOM.

    Parameters
    ----------
    result : Result
        The fit.
    map_months : tuple of float
        Months after the baseline that it holds a map of |J| for.
    rows : tuple of Measured
        Of those months, in the table's order.
    names : dict of int to str
        Of every measured region.
    regions : Volume or None
        Labels on the baseline's grid, 0 where a voxel did not count; None where the segmentation is gone.
    whole : Volume
        On the baseline's grid, bit 0: the mask as it was measured; bit 1: all tissue.
    """

    result: Result
    map_months: tuple[float, ...]
    rows: tuple[Measured, ...]
    names: dict[int, str]
    regions: Volume | None
    whole: Volume

    @cached_property
    def approximate(self) -> bool:
        """Whether the regions were carried over from an average brain, wherever they are read from now."""
        note = note_of(self.result.folder, self.result.request)
        return note is not None and note.approximate and note.used

    @property
    def regions_word(self) -> str:
        """What descriptions of series call the regions."""
        return "approximate regions" if self.approximate else "regions"

    def is_approximate(self, label: int) -> bool:
        """Tell whether the outlines of a region are; the whole mask is found without them."""
        return self.approximate and label != BRAIN_LABEL

    def jacobian(self, months: float) -> Volume:
        """Read the map of a month, |J| as float32."""
        path = map_file(self.result.folder, "jacobian", months)
        refuse_damaged(self.result.folder, [path])
        return load(path)[0]

    def jacobians(self) -> Iterator[tuple[float, Volume]]:
        """Read one map after the other."""
        return ((months, self.jacobian(months)) for months in self.map_months)

    def kind(self, months: float) -> TimeKind:
        """Tell whether a month has a scan."""
        return time_kind(months, self.result.model.observed_months)


def read_content(result: Result, labels: Path | None = None) -> Content:
    """Read what a finished fit wrote.

    Parameters
    ----------
    result : Result
        The fit.
    labels : Path, optional
        The segmentation, if it is not where the fit found it any more.

    Raises
    ------
    InputError
        The fit is not finished, wrote no map of |J|, or a file is damaged.
    """
    folder = result.folder
    refuse_damaged(folder, [folder.regions, folder.valid])
    months = tuple(
        month
        for month in result.request.map_months
        if month > 0 and map_file(folder, "jacobian", month).exists()
    )
    if not months or not folder.regions.exists():
        raise InputError(
            "no-maps",
            f"{folder.path.name} holds nothing to export.",
            expected="a finished fit with maps of |J| after the baseline and regions.csv",
            found=f"{len(months)} such maps, {'no' if not folder.regions.exists() else 'a'} regions.csv",
            advice="Finish it with: resume; or fit again with --maps-at.",
        )
    rows = tuple(_measured(row) for row in read_table(folder.regions) if float(row["months"]) > 0)
    names = {row.label: row.region for row in rows}
    segmentation = _segmentation(result, labels)
    counted = RegionSet.from_labels(segmentation, result.mask, result.valid)
    regions, whole = _voxels(counted, names)
    return Content(result, months, rows, names, regions if segmentation is not None else None, whole)


def _measured(row: dict[str, str]) -> Measured:
    texts = ("region", "label", "months", "kind", "within_noise", "interval_scanner")
    numbers = {name: float(cell) for name, cell in row.items() if name not in texts and cell}
    kind: TimeKind = row["kind"]  # type: ignore[assignment]
    return Measured(row["region"], int(row["label"]), float(row["months"]), kind, numbers)


def _segmentation(result: Result, labels: Path | None) -> Volume | None:
    if labels is not None:
        return on_grid(read_labels(labels)[0], result.mask)
    asked = result.request.labels
    if asked is not None and not result.folder.resolve(asked).exists():
        return None
    segmentation = result.scans.labels  # given, or found by the fit itself
    return None if segmentation is None else Volume(segmentation.array, result.mask.affine)


def _voxels(counted: RegionSet, names: dict[int, str]) -> tuple[Volume, Volume]:
    """Return the labels of the counted voxels, and the whole mask with all tissue."""
    known = {label: names.get(label, str(label)) for label in counted.labels}
    divided = with_tissue(counted, known)[0] if TISSUE_LABEL in names else counted
    labels = np.zeros(counted.grid.shape, np.int32)
    labels.ravel()[divided.voxels] = np.array(divided.labels)[divided.codes]
    whole = np.zeros(counted.grid.shape, np.uint8)
    whole.ravel()[divided.voxels] = 1 | (np.isin(divided.codes, divided.tissue) << 1).astype(np.uint8)
    labels[labels == BRAIN_LABEL] = 0
    return counted.grid.with_array(labels), counted.grid.with_array(whole)
