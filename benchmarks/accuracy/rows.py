"""Scores as rows of JSON, a file per subject and method, so that an interrupted run goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.accuracy.cases import Case, cases_of
from benchmarks.accuracy.cohort import Kind, SubjectSpec
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import Estimate, Score, score, sign_consistency
from LongitudinalINRLib.files import write_text


@dataclass(frozen=True)
class Row:
    """One method's score on one subject at one month.

    Parameters
    ----------
    subject, method : str
        Who and how.
    kind : str
        What was asked.
    score : Score
        The score.
    sign_consistency : float or None
        Where every scan was fitted and something changes.
    seconds : float
        For all scans that were fitted, alignment not counted.
    """

    subject: str
    method: str
    kind: Kind
    score: Score
    sign_consistency: float | None
    seconds: float


def rows_of(
    spec: SubjectSpec, subject: Prepared, method: str, case: Case, estimate: Estimate, seconds: float
) -> list[Row]:
    """Score an estimate at every month that a case asks for."""
    signs = None
    if case.kind == "observed" and spec.changes:
        signs = sign_consistency(subject, estimate, case.fitted_months)
    return [
        Row(subject.name, method, case.kind, score(subject, estimate, month), signs, seconds)
        for month in case.asked_months
    ]


def write_rows(rows: Iterable[Row], folder: Path, subject: str, method: str) -> None:
    """Keep the rows of a subject and method."""
    folder.mkdir(parents=True, exist_ok=True)
    file = _file(folder, subject, method)
    write_text(file, json.dumps([asdict(row) for row in rows], indent=1))


def has_rows(folder: Path, spec: SubjectSpec, method: str) -> bool:
    """Tell whether a subject has been scored by a method in all that is asked of it."""
    file = _file(folder, spec.name, method)
    if not file.exists():
        return False
    kept = {row["kind"] for row in json.loads(file.read_text("utf-8"))}
    return kept >= {case.kind for case in cases_of(spec)}


def read_rows(folder: Path, specs: Sequence[SubjectSpec]) -> list[Row]:
    """Read the rows of some subjects, all methods, of the kinds that are asked of each."""
    rows = []
    for spec in specs:
        for file in sorted(folder.glob(f"{spec.name}--*.json")):
            rows += [
                Row(**{**values, "score": _score(values["score"])})
                for values in json.loads(file.read_text("utf-8"))
                if values["kind"] in spec.kinds
            ]
    return rows


def _score(values: dict[str, object]) -> Score:
    by_label = {
        name: {int(label): change for label, change in dict(values[name]).items()}  # type: ignore[call-overload]
        for name in ("found_percent", "true_percent")
    }
    return Score(**{**values, **by_label})  # type: ignore[arg-type]


def _file(folder: Path, subject: str, method: str) -> Path:
    return folder / f"{subject}--{method.lower().replace(',', '').replace(' ', '-')}.json"
