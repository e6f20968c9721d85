"""Whom a person is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from LongitudinalINRLib.jobs.request import NormsEntry
from LongitudinalINRLib.words import Sex


@dataclass(frozen=True)
class Norms:
    """Norms of healthy people, made by ``longitudinal-inr norms build``, and who is compared with them.

    Parameters
    ----------
    path : path
        The norms file.
    age_years : float
        Age at the baseline.
    sex : {"F", "M"}
        As the people of the norms were recorded.
    """

    path: str | PathLike[str]
    age_years: float
    sex: Sex

    def entry(self) -> NormsEntry:
        """Return this as a request holds it."""
        from LongitudinalINRLib.jobs.checks import check_age

        check_age(self.age_years)
        return NormsEntry(str(Path(self.path).absolute()), float(self.age_years), self.sex)
