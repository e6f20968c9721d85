from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest


class DataSet:
    """A BIDS folder that a test fills, mostly with empty files."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir()
        self.write("dataset_description.json", '{"Name": "tiny", "BIDSVersion": "1.9.0"}')

    def write(self, name: str, text: str = "") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def scan(self, person: str, session: str | None, entities: str = "") -> str:
        """Add an empty scan, and return its path in the data set."""
        folder, stem = f"sub-{person}", f"sub-{person}"
        if session is not None:
            folder, stem = f"{folder}/ses-{session}", f"{stem}_ses-{session}"
        name = f"{folder}/anat/{stem}{entities}_T1w.nii.gz"
        self.write(name)
        return name

    def sessions(self, person: str, rows: Mapping[str, str], column: str = "acq_time") -> None:
        """Write sessions.tsv of a person."""
        self.table(
            f"sub-{person}/sub-{person}_sessions.tsv",
            ["session_id", column],
            *([f"ses-{label}", cell] for label, cell in rows.items()),
        )

    def table(self, name: str, *rows: list[str]) -> None:
        self.write(name, "".join("\t".join(row) + "\n" for row in rows))

    def person(
        self, person: str, rows: Mapping[str, str] = {"M00": "1900-01-01", "M12": "1901-01-01"}
    ) -> None:
        """Add a person who can be fitted: a scan and a date for each session."""
        for label in rows:
            self.scan(person, label)
        self.sessions(person, rows)


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path / "bids")


@pytest.fixture
def cohort(tmp_path: Path):
    from LongitudinalINRLib.cohort.folder import CohortFolder

    return CohortFolder(tmp_path / "out")


@pytest.fixture
def plan(data_set, cohort):
    """Return a function that plans everybody with some options: the plans, and what goes with them."""
    from LongitudinalINRLib.cohort.bids.options import Options
    from LongitudinalINRLib.cohort.bids.planning import plan_cohort

    def make(**options):
        people = []
        made = plan_cohort(data_set.path, cohort, Options(**options), people.append)
        assert made.people == tuple(person.participant for person in people)
        return people, made

    return make
