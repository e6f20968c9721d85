"""Norms of healthy people and who is compared with them, as they stand in the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from LongitudinalINRLib.jobs.request import NormsEntry
from LongitudinalINRLib.words import OLDEST_YEARS, Sex
from LongitudinalINRModule.settings import choices

if TYPE_CHECKING:
    from LongitudinalINRModule.settings.parameters import Parameters


def norms_problem(parameters: Parameters) -> str:
    """Return what is missing or wrong; empty where all three can be used, and where none is given."""
    missing = [
        what
        for what, given in (
            ("file", _path(parameters)),
            ("age", parameters.age.strip()),
            ("sex", parameters.sex is not choices.Sex.not_given),
        )
        if not given
    ]
    if 0 < len(missing) < 3:
        lacks = " and ".join(f"the {what}" for what in missing)
        return f"Norms need a file, an age and a sex: give {lacks} too, or none of them."
    if not missing and _age_years(parameters) is None:
        return f"{parameters.age.strip()} is no age in years, 0 to {OLDEST_YEARS:g}: correct it."
    return ""


def norms_entry(parameters: Parameters) -> NormsEntry | None:
    """Return what a request is given; None where nothing is, or where something is missing or wrong."""
    path, age_years = _path(parameters), _age_years(parameters)
    if not path or age_years is None or parameters.sex is choices.Sex.not_given:
        return None
    return NormsEntry(path, age_years, cast(Sex, parameters.sex.engine_name))


def forget_person(parameters: Parameters) -> None:
    """Leave out age and sex: with the scans of another person they would give wrong centiles."""
    parameters.age, parameters.sex = "", choices.Sex.not_given


def _path(parameters: Parameters) -> str:
    return parameters.normsFile.strip()


def _age_years(parameters: Parameters) -> float | None:
    try:
        age_years = float(parameters.age.strip().replace(",", "."))
    except ValueError:
        return None
    return age_years if 0 <= age_years <= OLDEST_YEARS else None
