"""Which scans a method is given, and what it is then asked for."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.accuracy.cohort import Kind, SubjectSpec


@dataclass(frozen=True)
class Case:
    """A selection of a subject's follow-ups.

    Parameters
    ----------
    kind : str
        What is asked: the months that were fitted, one between them, or one after them.
    fitted_months, asked_months : tuple of float
        Follow-ups that the method sees, and months that it is scored at.
    """

    kind: Kind
    fitted_months: tuple[float, ...]
    asked_months: tuple[float, ...]


def cases_of(spec: SubjectSpec) -> list[Case]:
    """Return the cases of a subject: all scans; one between left out; the last left out."""
    months = tuple(month for month in spec.months if month > 0)
    cases = [Case("observed", months, months)]
    if len(months) > 1:
        middle = months[(len(months) - 1) // 2] if len(months) > 2 else months[0]
        cases.append(Case("interpolated", _without(months, middle), (middle,)))
    if len(months) > 1 and spec.extrapolates:
        cases.append(Case("extrapolated", months[:-1], months[-1:]))
    return [case for case in cases if case.kind in spec.kinds]


def _without(months: tuple[float, ...], left_out: float) -> tuple[float, ...]:
    return tuple(month for month in months if month != left_out)
