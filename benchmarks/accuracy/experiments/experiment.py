"""What an experiment is, and what it is run with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.fitting import Fitted, fitted
from benchmarks.accuracy.prepared import Prepared
from LongitudinalINRLib.core.config import FitConfig, preset

Numbers = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """Where an experiment is run, and on whom.

    Parameters
    ----------
    output : Path
        Subjects are kept in its folder ``subjects`` and fits in ``models``.
    people : tuple of Person
        Empty for the experiment's own simulated people.
    quick : bool
        Fewer and cheaper fits: the preset ``preview``.
    device : str
        Where to compute.
    steps : int, optional
        Of the preset ``paper``, in place of its own.
    """

    output: Path
    people: tuple[Person, ...] = ()
    quick: bool = False
    device: str = "cpu"
    steps: int | None = None

    @property
    def config(self) -> FitConfig:
        """How to fit where the experiment asks for nothing else."""
        return preset("preview" if self.quick else "standard")

    def who(self, *own: SubjectSpec) -> tuple[Person, ...]:
        """Return the people of the table, else the experiment's own."""
        return self.people or tuple(Person.simulated(spec) for spec in own)

    def prepared(self, person: Person) -> Prepared:
        """Return a person ready to be fitted."""
        return person.prepared(self.output / "subjects")

    def fitted(
        self,
        subject: Prepared,
        label: str,
        fitted_months: Sequence[float],
        config: FitConfig | None = None,
    ) -> Fitted:
        """Fit a subject, or read the fit of this label back.

        Parameters
        ----------
        subject : Prepared
            Whom.
        label : str
            Names the fit among those of the subject; goes into the name of its file.
        fitted_months : sequence of float
            Follow-ups to fit.
        config : FitConfig, optional
            How; as the setting says by default.
        """
        config = config or self.config
        file = self.output / "models" / f"{subject.name}-{label}-{config.preset}.safetensors"
        return fitted(subject, config, fitted_months, file, self.device)


@dataclass(frozen=True)
class Experiment:
    """One experiment.

    Parameters
    ----------
    name, title : str
        Short name, which names its files, and what it shows.
    run : callable
        Returns its numbers, as JSON values; those under ``rows``, a list of flat dictionaries, are printed
        as a table. Fits are kept by `Setting.fitted`, so that a run that was cut off goes on.
    draw : callable
        Given the numbers, the setting and a folder, draws the figures there and returns their paths. The
        fits that it needs are read back by `Setting.fitted`.
    """

    name: str
    title: str
    run: Callable[[Setting], Numbers]
    draw: Callable[[Numbers, Setting, Path], list[Path]]
