"""A person's line of the table from the person's own folder."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from array import array
from pathlib import Path
from typing import Any

from LongitudinalINRLib.analysis.tables import unguarded
from LongitudinalINRLib.cohort.done import is_done, is_of_plan
from LongitudinalINRLib.cohort.folder import PersonFolder
from LongitudinalINRLib.cohort.overview.row import NO_CHANGES, PersonRow, State
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import read_own_text
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import SAME_MONTH

LARGEST_JSON_BYTES = 1_000_000
LARGEST_TABLE_BYTES = 16_000_000
_DONE, _CANCELLED = 0, 3
_UNREADABLE = "What was written about this person cannot be read; run the cohort again."

Regions = tuple[tuple[str, ...], "array[float]"]


def mark_of(folder: PersonFolder) -> str:
    """Return what changes whenever the person is planned or done anew: one look at two files."""
    return " ".join(_mark(path) for path in (folder.plan, folder.outcome))


def read_person(folder: PersonFolder) -> PersonRow:
    """Read what the table tells about a person, without covariates; damaged files are told, not raised."""
    person, mark = folder.participant, mark_of(folder)
    try:
        plan = _object(folder.plan)
        months = max(float(scan["months"]) for scan in plan["scans"])
    except (InputError, ValueError, TypeError, KeyError):
        return PersonRow(person, "failed", _UNREADABLE, mark=mark)
    waiting = PersonRow(person, "not yet", months=months, mark=mark)
    if not folder.outcome.exists():
        return waiting
    try:
        outcome = _object(folder.outcome)
        code, warnings = int(outcome["code"]), len(outcome.get("warnings", ()))
        state, message = _ended(folder, code, outcome)
        regions, changes = _changes(folder.job.regions) if state == "done" else ((), NO_CHANGES)
    except (InputError, ValueError, TypeError, KeyError):
        state, message, warnings, regions, changes = "failed", _UNREADABLE, 0, (), NO_CHANGES
    return PersonRow(
        person,
        state,
        message,
        months,
        warnings,
        regions=regions,
        changes=changes,
        mark=mark,
    )


def _mark(path: Path) -> str:
    try:
        return str(path.stat().st_mtime_ns)
    except OSError:
        return "0"


def _object(path: Path) -> dict[str, Any]:
    content = json.loads(read_own_text(path, LARGEST_JSON_BYTES))
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} holds no object")
    return content


def _ended(folder: PersonFolder, code: int, outcome: dict[str, Any]) -> tuple[State, str]:
    if not is_of_plan(folder, plan := str(outcome["plan"])):
        return "not yet", ""
    if code == _DONE:
        return ("done" if is_done(folder, plan, code) else "not yet"), ""
    if code == _CANCELLED:
        return "stopped", "It was stopped; run the cohort again to go on."
    told = [str(outcome.get(name, "")) for name in ("message", "found", "advice")]
    message, found, advice = (one_line(text) for text in told)
    return "failed", " ".join(filter(None, (message, found and f"Found: {found}.", advice)))


def _changes(path: Path) -> Regions:
    """Return the names of regions, and percent and half-width of each at the last scan."""
    if not path.exists():
        return (), NO_CHANGES
    rows = list(csv.DictReader(io.StringIO(read_own_text(path, LARGEST_TABLE_BYTES), newline="")))
    observed = [row for row in rows if row["kind"] == "observed"]
    last = max((float(row["months"]) for row in observed), default=0.0)
    at_last = [row for row in observed if abs(float(row["months"]) - last) < SAME_MONTH]
    changes = array("f")
    for row in at_last:
        changes.extend((_number(row["volume_change_percent"]), _number(row.get("interval_points", ""))))
    return tuple(sys.intern(one_line(unguarded(row["region"]))) for row in at_last), changes


def _number(text: str | None) -> float:
    value = float(text) if text else math.nan
    return value if math.isfinite(value) else math.nan
