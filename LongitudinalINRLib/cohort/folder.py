"""The output folder of a cohort: where everything of it lies.

::

    OUT/
        dataset_description.json, .bidsignore, README.md
        sub-01.html, sub-01/                    a person's page and BIDS derivatives
        people/sub-01/person.json               what is to be done for the person
        people/sub-01/outcome.json              how it ended
        people/sub-01/labels.nii.gz             a segmentation of the baseline, brought onto its grid
        people/sub-01/person.lock               held by the process that is at the person
        people/sub-01/fit/                      the folder of the job, as `fit --output` writes it
        logs/                                   who was left out and why, methods text, scripts
        group/, group.html                      tables, maps and the page of the groups

The state of a cohort is in these files alone: whatever engine works on it may be killed at any moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from LongitudinalINRLib.jobs.folder import JobFolder

PREFIX = "sub-"


class PersonFolder:
    """Where one person is worked on.

    Parameters
    ----------
    path : str or Path
        ``OUT/people/sub-LABEL``.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path).absolute()
        self.plan = self.path / "person.json"
        self.outcome = self.path / "outcome.json"
        self.published = self.path / "published.json"
        self.labels = self.path / "labels.nii.gz"
        self.lock = self.path / "person.lock"

    @cached_property
    def job(self) -> JobFolder:
        """The folder of the person's fit."""
        return JobFolder(self.path / "fit")

    @property
    def participant(self) -> str:
        """The label of the person, without ``sub-``."""
        return self.path.name.removeprefix(PREFIX)

    @property
    def cohort(self) -> CohortFolder:
        """The folder of the whole cohort."""
        return CohortFolder(self.path.parent.parent)


class CohortFolder:
    """The output folder of a cohort.

    Parameters
    ----------
    path : str or Path
        The folder; it need not exist yet.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path).absolute()
        self.description = self.path / "dataset_description.json"
        self.ignored = self.path / ".bidsignore"
        self.people = self.path / "people"
        self.logs = self.path / "logs"
        self.index = self.logs / "index.json"
        self.left_out = self.logs / "left_out.tsv"
        self.citation = self.logs / "CITATION.md"
        self.published = self.logs / "published.json"
        self.group = self.path / "group"
        self.group_people = self.group / "people.tsv"
        self.group_page = self.path / "group.html"

    def person(self, participant: str) -> PersonFolder:
        """Return the folder in which a person, given by the label without ``sub-``, is worked on."""
        return PersonFolder(self.people / f"{PREFIX}{participant}")

    def derivatives(self, participant: str) -> Path:
        """Return the folder of a person's BIDS derivatives."""
        return self.path / f"{PREFIX}{participant}"

    def page(self, participant: str) -> Path:
        """Return where the page of a person is."""
        return self.path / f"{PREFIX}{participant}.html"

    def seen_from_here(self, place: Path) -> str:
        """Return where something lies, relative to this folder: a whole path can carry somebody's name."""
        try:
            return Path(os.path.relpath(place.absolute(), self.path)).as_posix()
        except ValueError:  # another drive of Windows
            return str(place.absolute())

    def participants(self) -> Iterator[str]:
        """Yield the labels, without ``sub-``, of all people with a plan, in their order."""
        if not self.people.is_dir():
            return
        for name in sorted(entry.name for entry in os.scandir(self.people) if entry.is_dir()):
            if name.startswith(PREFIX) and (self.people / name / "person.json").exists():
                yield name.removeprefix(PREFIX)
