"""Where everything of a simulated cohort lies.

::

    OUT/
        dataset_description.json, README.md, .bidsignore, participants.tsv, participants.json, files.json
        sub-001/ses-M000/anat/sub-001_ses-M000_T1w.nii.gz, .json
        sub-001/ses-M000/sub-001_ses-M000_scans.tsv, sub-001/sub-001_sessions.tsv
        derivatives/simulation/                 the truth
            cohort.json                         what decided the cohort
            people.tsv, blunders.tsv            who is who; with whom something is wrong
            people_slopes.tsv, group_slopes.tsv true change per year and region
            sub-001/sub-001_volumes.tsv         true volumes at each visit
        derivatives/synthseg-simulated/         the true regions of each baseline, if asked for
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from LongitudinalINRLib.cohort.folder import PREFIX


class SimulatedFolder:
    """The BIDS folder of a simulated cohort.

    Parameters
    ----------
    path : str or Path
        The folder; it need not exist yet.
    with_segmentations : bool
        Whether the true regions lie where a segmentation is looked for.
    """

    def __init__(self, path: str | os.PathLike[str], with_segmentations: bool = False):
        self.path = Path(path).absolute()
        self.truth = self.path / "derivatives" / "simulation"
        self.settings = self.truth / "cohort.json"
        self.lock = self.truth / ".lock"
        self.people = self.truth / "people.tsv"
        self.blunders = self.truth / "blunders.tsv"
        self.people_slopes = self.truth / "people_slopes.tsv"
        self.group_slopes = self.truth / "group_slopes.tsv"
        self.segmentations = self.path / "derivatives" / "synthseg-simulated" if with_segmentations else None

    def scans_of(self, participant: str) -> Path:
        """Return the folder of the scans of a person, given by the label without ``sub-``."""
        return self.path / f"{PREFIX}{participant}"

    def truth_of(self, participant: str) -> Path:
        """Return the folder of a person's truth."""
        return self.truth / f"{PREFIX}{participant}"

    def volumes_of(self, participant: str) -> Path:
        """Return the table of a person's true volumes."""
        return self.truth_of(participant) / f"{PREFIX}{participant}_volumes.tsv"

    def segmentation_of(self, participant: str) -> Path:
        """Return the folder of a person's true regions."""
        assert self.segmentations is not None
        return self.segmentations / f"{PREFIX}{participant}"

    def is_done(self, participant: str) -> bool:
        """Tell whether a person is there: the scans appear last."""
        return self.scans_of(participant).is_dir()

    def foreign(self) -> Iterator[str]:
        """Yield the files that are in the way of a new cohort."""
        if os.path.lexists(self.path) and not self.path.is_dir():
            yield "no folder"
        for folder, _, names in os.walk(self.path):
            yield from (name for name in names if Path(folder, name) != self.lock)
