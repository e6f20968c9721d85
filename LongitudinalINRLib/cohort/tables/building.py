"""From the folders of people to the tables of a cohort, a person at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL
from LongitudinalINRLib.analysis.region_row import RegionRow, read_regions
from LongitudinalINRLib.cohort.bids.left_out import LeftOut, read_left_out
from LongitudinalINRLib.cohort.done import is_done, is_of_plan
from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.folder import PREFIX, CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.outcome import read_outcome
from LongitudinalINRLib.cohort.participants import Covariates, Participants
from LongitudinalINRLib.cohort.plan import read_plan
from LongitudinalINRLib.cohort.tables.change_row import ChangeRow, changes_of
from LongitudinalINRLib.cohort.tables.outliers import with_outliers
from LongitudinalINRLib.cohort.tables.person_row import LEFT_OUT, PersonRow, quality_of, way_of
from LongitudinalINRLib.cohort.tables.storage import GroupTables, batches_of
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.plain_text import one_line


@dataclass(frozen=True)
class Admission:
    """Who is used.

    Parameters
    ----------
    needed : tuple of str
        What must be known of a person: ``group``, ``age_years``, ``sex``, ``site``.
    most_folded_share : float
        Of voxels with |J| <= 0: in the brain, for a person; in a region, for its row.
    """

    needed: tuple[str, ...] = ("group",)
    most_folded_share: float = 0.01


def build_tables(
    cohort: CohortFolder, participants: Participants, admission: Admission | None = None
) -> list[PersonRow]:
    """Write ``changes.parquet``, ``people.parquet`` and, for readers of text, ``people.tsv``.

    Changes are written as people are read, so that memory holds those of a few people and a row for each
    person.

    Parameters
    ----------
    cohort : CohortFolder
        Its people's folders are read.
    participants : Participants
        Who they are.
    admission : Admission
        Who is used.

    Returns
    -------
    list of PersonRow
        All people with a plan and those who were left out of the plans, in the order of their labels.
    """
    require(("pyarrow",))
    tables = GroupTables(cohort)
    tables.begin()
    people: list[PersonRow] = []

    left_out = {one.participant: one for one in read_left_out(cohort.left_out)}

    def changes() -> Iterator[ChangeRow]:
        for label in sorted({*cohort.participants(), *left_out}):
            about = participants.by_label.get(label)
            if label in left_out:
                people.append(_left_out(left_out[label], about))
                continue
            person, rows = _looked_at(cohort.person(label), about, admission or Admission())
            people.append(person)
            yield from rows

    tables.write_parquet(batches_of(changes()), ChangeRow, tables.changes)
    judged = with_outliers(people)
    tables.write_parquet(batches_of(judged), PersonRow, tables.people)
    tables.write_tsv(judged, PersonRow, tables.people_text)
    return judged


def _left_out(one: LeftOut, about: Covariates | None) -> PersonRow:
    who = vars(about or Covariates())
    return PersonRow(f"{PREFIX}{one.participant}", **who, status=LEFT_OUT, reason=one_line(one.message))


def _looked_at(
    folder: PersonFolder, about: Covariates | None, admission: Admission
) -> tuple[PersonRow, Sequence[ChangeRow]]:
    """Return a person and what changed in them; nothing of a person whose job did not end well."""
    who = vars(about or Covariates())
    name = folder.path.name
    try:
        plan, outcome = read_plan(folder), read_outcome(folder)
        if outcome is None or not is_of_plan(folder, outcome.plan):
            return PersonRow(name, **who, status="waiting", reason="not run yet"), ()
        if outcome.code != 0:
            reason = one_line(outcome.message) or f"ended with exit code {outcome.code}"
            return PersonRow(name, **who, status="failed", reason=reason), ()
        if not is_done(folder, outcome.plan, outcome.code):
            return PersonRow(name, **who, status="waiting", reason="the result is gone; run it again"), ()
        rows, account = read_regions(folder.job.regions), read_account(folder.job.fit)
    except (InputError, OSError) as error:
        reason = error.message if isinstance(error, InputError) else os.strerror(error.errno or 0)
        return PersonRow(name, **who, status="failed", reason=one_line(reason)), ()
    sessions = {scan.months: scan.session for scan in plan.scans}
    found = list(changes_of(folder.participant, rows, sessions, admission.most_folded_share))
    reason = _reason(about, rows, found, admission)
    warnings = tuple(dict.fromkeys((*account.warnings, *outcome.warnings)))
    person = PersonRow(
        name,
        **who,
        status="done" if reason else "used",
        reason=reason,
        follow_ups=len(account.scans) - 1,
        last_months=account.scans[-1].months,
        warnings=len(warnings),
        warning_text="\n".join(one_line(warning) for warning in warnings),
        **quality_of(account, rows),
        **way_of(account, plan),
    )
    return person, found


def _reason(
    about: Covariates | None, rows: Sequence[RegionRow], found: Sequence[ChangeRow], admission: Admission
) -> str:
    """Return why a person is not used; empty for one who is."""
    if about is None:
        return "not in participants.tsv"
    brain = [row for row in rows if row.label == BRAIN_LABEL and row.kind == "observed"]
    if any(row.folded_voxels > admission.most_folded_share * row.voxels for row in brain):
        return f"more than {100 * admission.most_folded_share:g} % of the brain is folded"
    if not found:
        return "no region was measured at a follow-up"
    unknown = [name for name in admission.needed if getattr(about, name) is None]
    return f"no {', no '.join(unknown).replace('age_years', 'age')} in participants.tsv" if unknown else ""
