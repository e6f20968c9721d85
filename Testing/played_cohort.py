"""A cohort's folder with people that nobody was fitted for."""

from __future__ import annotations

import json
from pathlib import Path

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import Outcome, write_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedScan, digest_of, write_plan

COLUMNS = "region,label,months,kind,volume_change_percent,interval_points"


class PlayedCohort:
    """Writes what the participant level would have written.

    Parameters
    ----------
    root : Path
        Gets the BIDS folder and the output folder.
    """

    def __init__(self, root: Path):
        self.bids = root / "bids"
        self.folder = CohortFolder(root / "out")
        self.bids.mkdir()
        self._told = ["participant_id\tgroup\tage\tsex"]

    def add(self, participant, group="n/a", age="n/a", sex="n/a", months=24.0):
        """Plan a person; return the person's folder."""
        person = self.folder.person(participant)
        scans = tuple(
            PlannedScan(session=f"M{at:02.0f}", path=f"{at}", months=at, months_from="given")
            for at in (0.0, months)
        )
        plan = PersonPlan(
            participant=participant,
            bids_folder=str(self.bids),
            scans=scans,
            labels_from="none",
            keep="model",
            request={},
        )
        write_plan(plan, person)
        self._told.append(f"sub-{participant}\t{group}\t{age}\t{sex}")
        (self.bids / "participants.tsv").write_text("\n".join(self._told) + "\n")
        self.folder.logs.mkdir(exist_ok=True)
        index = {"bids_folder": self.folder.seen_from_here(self.bids)}
        self.folder.index.write_text(json.dumps(index))
        return person

    def end(self, person, code=0, *, warnings=(), **told):
        """Say how it ended."""
        plan = PersonPlan.model_validate_json(person.plan.read_text())
        if code == 0:
            person.job.path.mkdir(exist_ok=True)
            person.job.results.touch()
            person.job.model_weights.touch()
        write_outcome(Outcome(plan=digest_of(plan), code=code, warnings=tuple(warnings), **told), person)

    def measure(self, person, months=24.0, **percents):
        """Let regions have changed: percent and half-width of each."""
        person.job.path.mkdir(exist_ok=True)
        lines = [COLUMNS]
        for at, share in ((0.0, 0.0), (months, 1.0), (months + 12.0, 1.5)):
            kind = "extrapolated" if at > months else "observed"
            for label, (name, (percent, half_width)) in enumerate(percents.items()):
                words = name.replace("_", " ")
                lines.append(f"{words},{label},{at},{kind},{share * percent},{share * half_width}")
        person.job.regions.write_text("\n".join(lines) + "\n")
