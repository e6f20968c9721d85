"""The input volumes of a job, each read once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from LongitudinalINRLib.analysis.norms.files import read_norms
from LongitudinalINRLib.analysis.norms.model import Norms
from LongitudinalINRLib.imaging.exclusion import excluded_from
from LongitudinalINRLib.imaging.mask import mask_from
from LongitudinalINRLib.imaging.reading import load, read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request

Reader = Callable[[Path, str | None], tuple[Volume, list[str]]]


class Scans:
    """What the paths of a request lead to.

    Parameters
    ----------
    folder : JobFolder
        Where the paths are relative to.
    request : Request
        Names the files.
    warn : callable
        Takes what a reader has to say, with files called by their place in the series (`scan-1`): a name of a
        file can carry a person's name.
    identity : mapping of str to str, optional
        SHA-256 of the inputs by these names: what was replaced since is refused when it is read.
    """

    def __init__(
        self,
        folder: JobFolder,
        request: Request,
        warn: Callable[[str], None] = lambda _: None,
        identity: Mapping[str, str] | None = None,
    ):
        self._folder = folder
        self._identity = identity or {}
        self._request = request
        self._warn = warn

    @cached_property
    def baseline(self) -> Volume:
        """The earliest scan; its grid is the space of every result."""
        return self._read(read_volume, self._request.baseline, "scan-0")

    @cached_property
    def follow_ups(self) -> dict[float, Volume]:
        """Later scans by month, ascending."""
        ordered = sorted(self._request.follow_ups, key=lambda scan: scan.months)
        return {
            scan.months: self._read(read_volume, scan.path, f"scan-{index}")
            for index, scan in enumerate(ordered, start=1)
        }

    @cached_property
    def labels(self) -> Volume | None:
        """The segmentation that was given, else the regions that the job found, on the baseline's grid."""
        if self.given_labels is not None or self._request.regions == "none":
            return self.given_labels
        found = self._folder.labels
        return read_labels(found)[0] if found.exists() else None  # the job wrote it on the baseline's grid

    @cached_property
    def given_labels(self) -> Volume | None:
        """The segmentation that was given, on the baseline's grid."""
        if self._request.labels is None:
            return None
        return on_grid(self._read(read_labels, self._request.labels, "labels"), self.baseline)

    @cached_property
    def mask(self) -> Volume | None:
        """The brain mask that was given, else the one of the labels, on the baseline's grid."""
        if self._request.mask is not None:
            return mask_from(self._read(read_labels, self._request.mask, "mask"), self.baseline)
        return None if self.given_labels is None else mask_from(self.given_labels, self.baseline)

    @cached_property
    def exclude(self) -> Volume | None:
        """Where the scans are not compared, bool, on the baseline's grid."""
        if self._request.exclude is None:
            return None
        return excluded_from(self._read(read_labels, self._request.exclude, "exclude"), self.baseline)

    @cached_property
    def follow_up_labels(self) -> dict[float, Volume]:
        """Segmentations of follow-ups by month, each on its scan's grid."""
        return {
            scan.months: on_grid(
                self._read(read_labels, scan.path, f"labels-{self._request.months.index(scan.months)}"),
                self.follow_ups[scan.months],
            )
            for scan in self._request.follow_up_labels
        }

    @cached_property
    def norms(self) -> Norms | None:
        """Norms of healthy people."""
        entry = self._request.norms
        if entry is None:
            return None
        return read_norms(self._folder.resolve(entry.path), self._identity.get("norms"))

    def _read(self, reader: Reader, path: str, name: str) -> Volume:
        file = self._folder.resolve(path)
        volume, warnings = reader(file, self._identity.get(name))
        for warning in warnings:
            self._warn(warning.replace(file.name, name))
        return volume


def read_grid(path: Path) -> Volume:
    """Read an image whose voxels give a grid; their values do not matter.

    Raises
    ------
    InputError
        The file is not an image in space.
    """
    volume, _ = load(path)
    return volume
