"""The files of the maps of groups: names, and what stands beside each map."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import StringConstraints, TypeAdapter

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.maps.space import SPACE, TemplateSpace
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import json_text, make_folder
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.json_model import Document, Months, read_document
from LongitudinalINRLib.ownership import Manifest
from LongitudinalINRLib.words import month_label

Kind = Literal["mask", "change", "yearly", "count", "difference", "t", "log_p"]
LARGEST_NOTE_BYTES = 64_000_000

MODULATION = (
    "log|J| of each person was asked of the person's model at the places of the template's voxels and "
    "carried over as it is, without modulation: it is not multiplied by the Jacobian of the registration to "
    "the template."
)


class MapFile(Document):
    """One of the maps.

    Parameters
    ----------
    path : str
        Relative to the folder of the maps.
    kind : str
        ``mask``: the voxels of the analysis; ``change``: mean change of a group at a month, percent;
        ``yearly``: mean change of a group at the last scans, percent a year; ``count``: people with data at
        each voxel; ``difference``: of two groups, 100 log|J| a year; ``t``; ``log_p``: -log10 p.
    group, reference : str
        Empty where the map is of nobody in particular, or of one group.
    months : float or None
        Of a mean change.
    of : str
        What a -log10 p is of (see `voxels.VoxelTest`); empty for other maps.
    """

    path: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]*(\.nii\.gz)?$")]
    kind: Kind
    group: str = ""
    reference: str = ""
    months: Months | None = None
    of: str = ""


class MapsNote(Document):
    """What there is in the folder of the maps: the content of ``maps.json``.

    Parameters
    ----------
    space : str
        The template.
    voxel_mm : float
        Edge of the maps' voxels.
    months : tuple of float
        Of the mean changes, ascending.
    months_of_models : tuple of float
        Those at which the models were asked; at the others change is taken to be even.
    groups : dict of str to int
        People in the maps by group.
    left_out : dict of str to str
        Why people of the cohort are not in them, by label without ``sub-``.
    free : dict of str to int
        Degrees of freedom of the comparisons that were made, by ``GROUP - REFERENCE``.
    untested : dict of str to str
        Why groups were not compared, by ``GROUP - REFERENCE``.
    notes : tuple of str
        How the maps were made, for a methods text.
    files : tuple of MapFile
        The maps.
    """

    space: str
    voxel_mm: float
    months: tuple[Months, ...]
    months_of_models: tuple[Months, ...]
    groups: dict[str, int]
    left_out: dict[str, str]
    free: dict[str, int]
    untested: dict[str, str]
    notes: tuple[str, ...]
    files: tuple[MapFile, ...]


_KIND = TypeAdapter(MapsNote)


class MapFolder:
    """``OUT/group/maps``, whose manifest knows what this program wrote there.

    Parameters
    ----------
    path : Path
        The folder; it need not exist.
    groups : iterable of str
        Which groups files may be of.
    """

    def __init__(self, path: Path, groups: Iterable[str] = ()):
        self.path = path
        self.note = path / "maps.json"
        self.clusters = path / "clusters.tsv"
        self.manifest = Manifest(path)
        self._written: list[MapFile] = []
        self._names = _entities(sorted(groups))

    def begin(self) -> None:
        """Make the folder ready to be written to."""
        make_folder(self.path)
        if not self.manifest.exists:
            self.manifest.start()

    def write(
        self, about: MapFile, space: TemplateSpace, values: NDArray[np.generic], units: str, **more: Any
    ) -> None:
        """Write a map of the template's voxels, shape (V,), and its JSON; its path is made here."""
        stem = self._stem(about, float(space.mask.voxel_sizes_mm[0]))
        write_volume(space.volume(values), self.path / f"{stem}.nii.gz", self.manifest.writing)
        told = {"Group": about.group, "Reference": about.reference, "Months": about.months}
        sidecar = {name: value for name, value in told.items() if value not in ("", None)}
        about_all = {"SpatialReference": SPACE, "Units": units, "Modulation": MODULATION}
        made_by = {"GeneratedBy": [{"Name": "LongitudinalINR", "Version": __version__}]}
        content = json_text({**sidecar, **about_all, **more, **made_by})
        self.manifest.write_bytes(self.path / f"{stem}.json", content.encode())
        self._written.append(about.model_copy(update={"path": f"{stem}.nii.gz"}))

    def finish(self, note: MapsNote) -> MapsNote:
        """Write what there is, and remove the maps that an earlier run wrote and this one did not."""
        before = self._before()
        told = note.model_copy(update={"files": tuple(self._written)})
        gone = [self.path / name for name in before - {file.path for file in told.files}]
        beside = [path.with_name(path.name.replace(".nii.gz", ".json")) for path in gone]
        self.manifest.remove([*gone, *beside])
        self.manifest.write_bytes(self.note, (told.model_dump_json(indent=1) + "\n").encode())
        return told

    def read(self) -> MapsNote | None:
        """Return what there is; None where nothing was made.

        Raises
        ------
        InputError
            ``maps.json`` is damaged.
        """
        return read_document(self.note, _KIND, LARGEST_NOTE_BYTES) if self.note.exists() else None

    def _before(self) -> set[str]:
        try:
            note = self.read()
        except InputError:  # of another version, or damaged: its maps stay
            return set()
        return set() if note is None else {file.path for file in note.files}

    def _stem(self, about: MapFile, voxel_mm: float) -> str:
        space = f"space-{SPACE}_res-{voxel_mm:g}".replace(".", "p")
        if about.kind == "mask":
            return f"{space}_desc-brain_mask"
        if about.reference:
            pair = f"contrast-{self._names[about.group]}Minus{self._names[about.reference]}_{space}"
            return f"{pair}_desc-{about.of}_logp" if about.of else f"{pair}_{about.kind}"
        group = f"group-{self._names[about.group]}_{space}"
        if about.months is None:
            return f"{group}_desc-yearly_change"
        label = month_label(about.months).removesuffix(".0").replace(".", "p")
        return f"{group}_desc-month{label}_{about.kind}"


def _entities(groups: Iterable[str]) -> dict[str, str]:
    """Return groups as parts of BIDS names: letters and digits alone, each of its own."""
    names: dict[str, str] = {}
    for group in groups:
        plain = re.sub(r"[^A-Za-z0-9]", "", group) or "group"
        taken = {name.lower() for name in names.values()}
        number = next(n for n in range(1, len(names) + 2) if _numbered(plain, n).lower() not in taken)
        names[group] = _numbered(plain, number)
    return names


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"
