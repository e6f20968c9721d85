"""Which structures the fits of a cohort cannot tell from their neighbours, and what is said about that.

On a simulated cohort of voxels of 2 mm, fitted with `preview`, caudates of patients grew by 1 % a year
where they shrank by 0.8, beside lateral ventricles that grew by 6: the displacement is smooth over some
millimetres, and a structure as thin as that takes on the change of its neighbour (docs/cohorts-groups.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, display_name, freesurfer_names
from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder
from LongitudinalINRLib.cohort.tables.person_row import PersonRow
from LongitudinalINRLib.errors import InputError

COARSE_VOXEL_MM = 1.5
QUICK_PRESET = "preview"

DOUBTFUL_LABELS = (5, 10, 11, 13, 14, 15, 18, 26, 28, 44, 49, 50, 52, 54, 58, 60)
"""FreeSurfer's: inferior lateral, third and fourth ventricles, thalamus, caudate, pallidum, amygdala,
accumbens, ventral DC. Each lies at a ventricle or is thin; it was read wrong by a third of its change
and more, or by its sign, or was not tried. The hippocampus, read too low with its own sign, is not here."""

ALWAYS_DOUBTFUL_LABELS = (11, 13, 50, 52)
"""Caudate and pallidum: in a sharp brain of 1 mm, fitted with `standard`, they read 0 for -0.7 and -0.6 for
-0.1 percent a year, where third ventricle and thalamus were read as well as the hippocampus."""


@dataclass(frozen=True)
class Resolution:
    """How finely the people of a cohort were fitted.

    Parameters
    ----------
    people : int
        Who are used.
    quick : int
        Fitted with `preview`.
    coarse : int
        Fitted on voxels of 1.5 mm or more.
    voxel_mm : float
        The largest, as the edge of a cube.
    """

    people: int
    quick: int
    coarse: int
    voxel_mm: float

    @property
    def doubtful(self) -> frozenset[str]:
        """Names, as people read them, of the regions that are not to be trusted."""
        names = freesurfer_names()
        labels = DOUBTFUL_LABELS if self.quick or self.coarse else ALWAYS_DOUBTFUL_LABELS
        return frozenset(display_name(label, names[label]) for label in labels)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about it."""
        return (_note(self),)


def resolution_of(cohort: CohortFolder, people: Iterable[PersonRow]) -> Resolution:
    """Look with which preset, and on which voxels, people were fitted.

    Parameters
    ----------
    cohort : CohortFolder
        Holds their results.
    people : iterable of PersonRow
        Those who are used.
    """
    found = [(person.preset, _voxel_mm(cohort, person.participant_id)) for person in people]
    return Resolution(
        len(found),
        sum(preset == QUICK_PRESET for preset, _ in found),
        sum(voxel_mm >= COARSE_VOXEL_MM for _, voxel_mm in found),
        max((voxel_mm for _, voxel_mm in found), default=0.0),
    )


def _voxel_mm(cohort: CohortFolder, participant_id: str) -> float:
    """Return the edge of a cube of the volume of a person's voxels; 0 where it is not known."""
    try:
        rows = read_regions(cohort.person(participant_id.removeprefix(PREFIX)).job.regions)
    except (InputError, OSError):  # gone since the tables were made
        return 0.0
    brain = next((row for row in rows if row.label == BRAIN_LABEL and row.voxels), None)
    voxel_ml = brain.baseline_volume_ml / brain.voxels if brain else 0.0
    return round(float((1000.0 * voxel_ml) ** (1 / 3)), 3)


def _note(found: Resolution) -> str:
    how = []
    if found.quick:
        how.append(f"{found.quick} with the preset {QUICK_PRESET}")
    if found.coarse:
        largest = f"up to {found.voxel_mm:.2g} mm"
        how.append(f"{found.coarse} on voxels of {COARSE_VOXEL_MM:g} mm or more ({largest})")
    if not how:
        return (
            "Caudate and pallidum take on part of the change of ventricle and putamen beside them, which "
            "intervals do not know: they are marked † and not taken for the clearest difference."
        )
    return (
        f"How finely the {found.people} people were fitted: {', '.join(how)}. Small structures and "
        "neighbours of ventricles are not to be trusted at this resolution: caudate, thalamus, pallidum, "
        "accumbens, ventral DC and third ventricle take on the change of what lies beside them, even with "
        "the opposite sign; amygdala and hippocampus are underestimated. Intervals do not know this. Regions "
        "marked † are not taken for the clearest difference."
    )
