"""Every person's change at every voxel of the template: `cohort.zarr`, and `cohort.tsv`, who is in which row.

People are appended a shard at a time; a row counts once `cohort.tsv` names it. Killed at any moment, the next
run goes on after the last row that is named.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.maps.change import Change
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder
from LongitudinalINRLib.ownership import Manifest

PEOPLE_A_SHARD = 16
VOXELS_A_CHUNK = 16_384
"""Together half a megabyte of float16 before compression."""

YEARLY, LOG_JACOBIAN = "yearly_log_jacobian", "log_jacobian"
_KIND = "change of a cohort"


class ChangeStore:
    """The change of all people, on the disk, as float16: 0.05 % of a value is below any error of it.

    Parameters
    ----------
    folder : Path
        ``OUT/group/maps``.
    voxels : int
        Of the template's brain.
    months : sequence of float
        Of the maps of |J|; may be empty.
    about : dict
        What else has to be the same for rows to be kept, as JSON values.
    """

    def __init__(self, folder: Path, voxels: int, months: Sequence[float], about: dict[str, Any]):
        self._path, self._index = folder / "cohort.zarr", folder / "cohort.tsv"
        self._manifest = Manifest(folder)
        make_folder(folder)
        if not self._manifest.exists:
            self._manifest.start()
        self._voxels, self.months = voxels, tuple(float(month) for month in months)
        wanted = {"kind": _KIND, "months": list(self.months), "voxels": voxels, **about}
        self._group = self._opened(json.loads(json.dumps(wanted)))
        self._rows: dict[str, tuple[int, str]] = self._read_index()

    def has(self, participant: str, digest: str) -> bool:
        """Tell whether a person is in it, with the change of this fit and registration."""
        return participant in self._rows and self._rows[participant][1] == digest

    def write(self, people: Sequence[tuple[str, str, Change]]) -> None:
        """Write the change of some people, each given by label, digest and change."""
        rows = dict(self._rows)
        for participant, digest, _ in people:
            row = rows[participant][0] if participant in rows else len(rows)
            rows[participant] = (row, digest)
        for name, values in self._arrays.items():
            if values.shape[0] < len(rows):
                values.resize((len(rows), *values.shape[1:]))
            stack = np.stack([_values(change, name) for _, _, change in people]).astype(np.float16)
            for at, part in _runs([rows[participant][0] for participant, _, _ in people]):
                values[at] = stack[part]
        self._rows = rows
        self._manifest.write_bytes(self._index, self._index_text().encode())

    def blocks(
        self, participants: Sequence[str], name: str = YEARLY, month: float | None = None
    ) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Yield the values of some people, a part of the voxels at a time.

        Parameters
        ----------
        participants : sequence of str
            Of the rows, in this order.
        name : str
            `YEARLY` or `LOG_JACOBIAN`.
        month : float, optional
            Of `LOG_JACOBIAN`.

        Yields
        ------
        slice, ndarray of shape (N, B)
            Which voxels, and the values.
        """
        rows = np.array([self._rows[participant][0] for participant in participants])
        values = self._arrays[name]
        for start in range(0, self._voxels, VOXELS_A_CHUNK):
            part = slice(start, min(start + VOXELS_A_CHUNK, self._voxels))
            every = values[:, part] if month is None else values[:, self.months.index(month), part]
            yield part, np.asarray(every)[rows].astype(np.float32)

    def table(self, participants: Sequence[str]) -> NDArray[np.float32]:
        """Return the yearly log|J| of some people at all voxels, shape (N, V)."""
        found = np.empty((len(participants), self._voxels), np.float32)
        for part, values in self.blocks(participants):
            found[:, part] = values
        return found

    @property
    def _arrays(self) -> dict[str, Any]:
        return {name: self._group[name] for name in (YEARLY, LOG_JACOBIAN) if name in self._group}

    def _opened(self, wanted: dict[str, Any]) -> Any:
        import zarr

        if self._path.exists():
            try:
                group = zarr.open_group(str(self._path), mode="r+")
                found = dict(group.attrs)
            except Exception:  # whatever it says of a folder that is not its own
                found = {}
            if found == wanted:
                return group
            if found.get("kind") != _KIND:
                raise InputError(
                    "output-taken",
                    f"{self._path.name} was not written by this program, or is damaged.",
                    expected="the change of a cohort",
                    found="a folder that holds something else",
                    advice="Move it to another place, and run the group level again.",
                )
            shutil.rmtree(self._path)
        self._manifest.refuse_taken([self._index])
        self._manifest.remove([self._index])
        group = zarr.open_group(str(self._path), mode="w")
        _make(group, YEARLY, (0, self._voxels))
        if self.months:
            _make(group, LOG_JACOBIAN, (0, len(self.months), self._voxels))
        group.attrs.update(wanted)  # last: a folder without it was not finished
        return group

    def _read_index(self) -> dict[str, tuple[int, str]]:
        if self._manifest.state(self._index) != "ours":  # absent, or not as it was written
            return {}
        with self._index.open(encoding="utf-8", newline="") as lines:
            table = list(csv.DictReader(lines, delimiter="\t"))
        return {line["participant_id"]: (row, line["of"]) for row, line in enumerate(table)}

    def _index_text(self) -> str:
        stream = io.StringIO()
        table = csv.writer(stream, delimiter="\t", lineterminator="\n")
        table.writerow(["participant_id", "of"])
        table.writerows((participant, digest) for participant, (_, digest) in self._rows.items())
        return stream.getvalue()


def _make(group: Any, name: str, shape: tuple[int, ...]) -> None:
    """Make an array of float16: zarr 3 joins chunks to shards; zarr 2, for Python 3.10, has none."""
    between = (1,) * (len(shape) - 2)
    chunks = (PEOPLE_A_SHARD, *between, min(VOXELS_A_CHUNK, shape[-1]))
    if not hasattr(group, "create_array"):
        group.create_dataset(name, shape=shape, chunks=chunks, dtype="float16", fill_value=np.nan)
        return
    whole = -(-shape[-1] // chunks[-1]) * chunks[-1]
    shards = (PEOPLE_A_SHARD, *between, whole)
    group.create_array(name, shape=shape, chunks=chunks, shards=shards, dtype="float16", fill_value=np.nan)


def _values(change: Change, name: str) -> NDArray[np.float32]:
    return change.yearly if name == YEARLY else change.log_jacobian


def _runs(rows: list[int]) -> Iterator[tuple[slice, slice]]:
    """Yield rows of the array that follow each other, and where they come from."""
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end] != rows[end - 1] + 1:
            yield slice(rows[start], rows[end - 1] + 1), slice(start, end)
            start = end
