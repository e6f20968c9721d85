"""The maps of groups as they were made, read for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.maps.files import Kind, MapFile, MapFolder, MapsNote
from LongitudinalINRLib.cohort.maps.space import TemplateSpace, template_space
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.nifti import load
from LongitudinalINRLib.imaging.volume import Volume


@dataclass(frozen=True, eq=False)
class GroupMaps:
    """The maps of a cohort's groups.

    Parameters
    ----------
    folder : MapFolder
        Where they lie.
    note : MapsNote
        What there is.
    """

    folder: MapFolder
    note: MapsNote

    @cached_property
    def space(self) -> TemplateSpace:
        """The template."""
        return template_space(self.note.voxel_mm)

    @cached_property
    def mask(self) -> Volume:
        """The voxels of the analysis, bool."""
        read = self.read(self.files("mask")[0])
        return read.with_array(read.array.astype(bool))

    def in_order(self, groups: Sequence[str]) -> GroupMaps:
        """Return the same maps with their groups in this order."""
        known = {group: self.note.groups[group] for group in groups if group in self.note.groups}
        return GroupMaps(self.folder, self.note.model_copy(update={"groups": {**known, **self.note.groups}}))

    @property
    def contrasts(self) -> list[tuple[str, str]]:
        """The groups that were compared, each with its reference."""
        return [(file.group, file.reference) for file in self.files("t")]

    def files(self, kind: Kind, group: str | None = None, of: str | None = None) -> list[MapFile]:
        """Return the maps of a kind, of a group, of what a p is of, in their order."""
        return [
            file
            for file in self.note.files
            if file.kind == kind and group in (None, file.group) and of in (None, file.of)
        ]

    def jacobian(self, group: str, months: float) -> NDArray[np.float32]:
        """Return the mean |J| of a group, shape of the grid; 1 outside the analysis.

        Raises
        ------
        InputError
            There is no map of the month.
        """
        found = [file for file in self.files("change", group) if file.months == months]
        if not found:
            raise InputError(
                "no-map-of-month",
                f"There is no mean map at month {months:g}.",
                expected="one of the months " + ", ".join(f"{month:g}" for month in self.note.months),
                found=f"{months:g}",
                advice="Make the maps again with this month among those asked for.",
            )
        percent = np.asarray(self.read(found[0]).array, np.float32)
        return np.where(self.mask.array, 1.0 + percent / 100.0, 1.0).astype(np.float32)

    def read(self, file: MapFile) -> Volume:
        """Read one of the maps."""
        return load(self.folder.path / file.path)[0]


def open_maps(cohort: CohortFolder) -> GroupMaps:
    """Open the maps of a cohort's groups.

    Raises
    ------
    InputError
        None were made.
    """
    folder = MapFolder(cohort.group / "maps")
    note = folder.read()
    if note is None:
        raise InputError(
            "no-group-maps",
            f"{cohort.path.name} holds no maps of groups.",
            expected=f"{folder.note.relative_to(cohort.path)}, as the group level writes it",
            found="no such file",
            advice="Run the group level first.",
        )
    return GroupMaps(folder, note)
