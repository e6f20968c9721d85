"""From a BIDS folder to the plan of each person; people for whom none can be made are left out, and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from LongitudinalINRLib.analysis.atlas import freesurfer_names
from LongitudinalINRLib.cohort.bids.choice import Chosen, choose, differences
from LongitudinalINRLib.cohort.bids.derivatives import Segmentation, folders_of_derivatives, segmentations
from LongitudinalINRLib.cohort.bids.filters import chosen_labels
from LongitudinalINRLib.cohort.bids.index import Note, Person, index, participants_in
from LongitudinalINRLib.cohort.bids.left_out import LeftOut
from LongitudinalINRLib.cohort.bids.names import folder_of
from LongitudinalINRLib.cohort.bids.options import OUTPUTS, Options
from LongitudinalINRLib.cohort.bids.space import why_elsewhere
from LongitudinalINRLib.cohort.bids.times import Timed, age_at, timed
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.participants import NAME, Covariates, read_people
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedLabels, PlannedScan
from LongitudinalINRLib.errors import InputError, LongitudinalError
from LongitudinalINRLib.jobs.checks import check_request
from LongitudinalINRLib.jobs.request import NormsEntry, Request, ScanEntry
from LongitudinalINRLib.jobs.system_failures import system_failure

_REQUEST = TypeAdapter(Request)  # writes a request far faster than `Request.to_json`, of which it is the same


@dataclass(frozen=True)
class CohortPlan:
    """What is to be done for a cohort; the plans themselves went where they were wanted.

    Parameters
    ----------
    people : tuple of str
        Labels of the people that can be fitted.
    scans : int
        Theirs together.
    labels_from : mapping of str to int
        Where their regions come from, and for how many people.
    left_out : tuple of LeftOut
        The others.
    notes : tuple of Note
        What was odd.
    """

    people: tuple[str, ...]
    scans: int
    labels_from: Mapping[str, int]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]

    @property
    def looked_at(self) -> set[str]:
        """Labels of all people that were asked for."""
        return {*self.people, *(one.participant for one in self.left_out)}

    @property
    def warnings(self) -> list[str]:
        """What somebody who compares these people should know."""
        if len(self.labels_from) < 2:
            return []
        named = ", ".join(f"{name} {count}" for name, count in self.labels_from.items())
        return [
            f"Regions come from several sources ({named}): between people, they are not the same regions. "
            "Compare people with one source (--no-derivatives, or segment everybody)."
        ]


def plan_cohort(
    bids_folder: Path, cohort: CohortFolder, options: Options, take: Callable[[PersonPlan], None]
) -> CohortPlan:
    """Decide what is to be done for each person.

    Parameters
    ----------
    bids_folder : Path
        The scans.
    cohort : CohortFolder
        Where the results will lie.
    options : Options
        What is asked.
    take : callable
        Takes each plan as it is made: those of a hundred thousand people are never in memory together.

    Raises
    ------
    InputError
        A label, a table or a folder that was given is not there.
    """
    bids_folder = bids_folder.absolute()
    asked = chosen_labels(options.participants, participants_in(bids_folder), "sub-", "--participant-label")
    found = index(bids_folder, asked)
    sessions = {session.label for person in found.people for session in person.sessions} - {None}
    wanted = chosen_labels(options.sessions, map(str, sessions), "ses-", "--session-label")
    folders = folders_of_derivatives(bids_folder, options.derivatives) if options.use_derivatives else []
    planner = _Planner(bids_folder, cohort, options, wanted, folders)
    if not (bids_folder / "dataset_description.json").is_file():
        planner.notes.append(Note("dataset_description.json", "not there: every BIDS data set has one"))
    people, left_out = [], []
    labels_from: Counter[str] = Counter()
    scans = 0
    for person in found.people:
        plan = planner.plan_or_reason(person)
        if isinstance(plan, LeftOut):
            left_out.append(plan)
            continue
        take(plan)
        people.append(person.label)
        scans += len(plan.scans)
        labels_from[plan.labels_from] += 1
    notes = (*found.notes, *planner.notes)
    return CohortPlan(tuple(people), scans, dict(labels_from.most_common()), tuple(left_out), notes)


class _Planner:
    """Makes plans of people, one after the other."""

    def __init__(
        self,
        bids_folder: Path,
        cohort: CohortFolder,
        options: Options,
        sessions: set[str],
        derivatives: Sequence[Path],
    ):
        self._bids = bids_folder
        self._cohort = cohort
        self._options = options
        self._sessions = sessions
        self._derivatives = derivatives
        self.notes: list[Note] = []
        self._known: Mapping[str, Covariates] = {}
        if options.norms is not None and (bids_folder / NAME).exists():
            try:
                self._known = read_people(bids_folder).by_label
            except InputError as error:
                self.notes.append(Note(NAME, f"{error.found}: nobody gets centiles"))

    def plan_or_reason(self, person: Person) -> PersonPlan | LeftOut:
        """Return the plan of a person, or why there is none: nobody stops the others."""
        try:
            return self.plan(person)
        except LongitudinalError as error:
            return LeftOut.of(person.label, error)
        except OSError as error:
            told = system_failure(error)
            return LeftOut(person.label, told.code, f"{told.message} Found: {told.found}.", told.advice)

    def plan(self, person: Person) -> PersonPlan:
        """Return the plan of a person.

        Raises
        ------
        InputError
            None can be made.
        """
        folder = self._cohort.person(person.label)
        chosen = self._choose(person)
        scans = timed(self._bids, person.label, chosen, self._options.months)
        labels, program = self._labels(person.label, scans[0].chosen)
        request = self._request(person.label, scans, folder if labels else None, differences(chosen))
        check_request(request)
        return PersonPlan(
            participant=person.label,
            bids_folder=str(self._bids),
            scans=tuple(self._planned(scan) for scan in scans),
            labels_from=program or self._options.regions,
            keep=self._options.keep,
            labels=labels,
            template=self._options.template,
            request=_REQUEST.dump_python(request, mode="json"),
        )

    def _choose(self, person: Person) -> list[Chosen]:
        asked = [
            session for session in person.sessions if session.label is None or session.label in self._sessions
        ]
        chosen = choose(asked, self._options.wanted)
        used = {item.session for item in chosen}
        missing = [session for session in asked if session.label not in used]
        what = (
            f"T1w scan with {text}" if (text := self._options.wanted.text) else "T1w scan that can be taken"
        )
        for session in missing:
            self.notes.append(
                Note(folder_of(person.label, session.label), f"no {what}: the session is left out")
            )
        if len(chosen) > 1:
            return chosen
        seen = f"{len(chosen)} of {len(asked)} sessions with a {what}"
        raise InputError(
            "one-scan" if chosen else "no-scan",
            f"sub-{person.label} has {'one scan' if chosen else 'no scan'}, so no change can be measured.",
            expected="two sessions or more with a T1w scan in anat",
            found=seen,
            advice="Add scans of other sessions, or ask for others (--session-label, --acq, --run, --rec).",
        )

    def _labels(self, participant: str, baseline: Chosen) -> tuple[PlannedLabels | None, str]:
        """Return the segmentation of the baseline and whose it is; nothing where there is none that fits."""
        scan = self._bids / baseline.scan.path
        for found in segmentations(self._derivatives, participant, baseline.session, baseline.scan.path):
            why = why_elsewhere(found.path, scan, found.transform)
            if not why:
                return _planned_labels(found), found.program
            self.notes.append(
                Note(f"sub-{participant}", f"{found.program}'s {found.path.name} is not used: {why}")
            )
        return None, ""

    def _request(
        self, participant: str, scans: Sequence[Timed], labelled: PersonFolder | None, notes: Iterable[str]
    ) -> Request:
        options = self._options
        return Request(
            baseline=str(self._bids / scans[0].chosen.scan.path),
            follow_ups=tuple(
                ScanEntry(str(self._bids / scan.chosen.scan.path), scan.months) for scan in scans[1:]
            ),
            labels=None if labelled is None else str(labelled.labels),
            regions=options.regions if labelled is None else "none",
            region_names=None if labelled is None else freesurfer_names(),  # whose numbers these are
            norms=self._norms(participant, scans[0].chosen.session),
            config=options.config,
            align=options.align,
            scanner=options.scanner,
            bias_correction=options.bias_correction,
            device=options.device,
            outputs=OUTPUTS[options.keep],
            notes=tuple(notes),
        )

    def _norms(self, participant: str, session: str | None) -> NormsEntry | None:
        if self._options.norms is None:
            return None
        who = self._known.get(participant, Covariates())
        at_baseline = age_at(self._bids, participant, session)
        age, sex = who.age_years if at_baseline is None else at_baseline, who.sex
        if age is None or sex is None:
            missing = " and ".join(name for name, value in (("age", age), ("sex", sex)) if value is None)
            self.notes.append(Note(f"sub-{participant}", f"no {missing} in {NAME}: no centiles"))
            return None
        return NormsEntry(str(self._options.norms.absolute()), age, sex)

    def _planned(self, scan: Timed) -> PlannedScan:
        chosen = scan.chosen
        return PlannedScan(
            session=chosen.session,
            path=chosen.scan.path,
            months=scan.months,
            months_from=scan.months_from,
            passed_over=tuple(other.path for other in chosen.passed_over),
            stamp=_stamp(self._bids / chosen.scan.path),
        )


def _planned_labels(found: Segmentation) -> PlannedLabels:
    transform = None if found.transform is None else str(found.transform)
    return PlannedLabels(path=str(found.path), transform=transform, stamp=_stamp(found.path))


def _stamp(path: Path) -> str:
    """Return what tells a file from a later one in its place: its size and the time of its last change."""
    status = path.stat()
    return f"{status.st_size} bytes, {status.st_mtime_ns} ns"
