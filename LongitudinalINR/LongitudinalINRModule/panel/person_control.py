"""One person of a cohort after the other in Explore."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.overview.row import PersonRow
from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.jobs.arrival import STANDS_IN_ATTRIBUTE
from LongitudinalINRModule.jobs.leaving import take_out
from LongitudinalINRModule.panel.connections import Connections

if TYPE_CHECKING:
    from LongitudinalINRModule.jobs.service import JobService
    from LongitudinalINRModule.panel.explore_section import ExploreSection
    from LongitudinalINRModule.result.result import SceneResult

_NO_SCAN = "The baseline scan is not where it was: the map lies on the brain's mask."


class PersonControl:
    """Brings a person's result into the scene; the person shown before leaves it.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    service : JobService
        Loads results.
    explore : ExploreSection
        Shows them.
    on_shown : callable
        Takes the person who is going to be shown.
    """

    def __init__(
        self, ui: Any, service: JobService, explore: ExploreSection, on_shown: Callable[[PersonRow], None]
    ):
        self._ui, self._service, self._explore, self._on_shown = ui, service, explore, on_shown
        self._people: Sequence[PersonRow] = ()
        self._places: dict[str, int] = {}
        self._folder: Path | None = None
        self._person: PersonRow | None = None
        self._coming: PersonRow | None = None
        self._result: SceneResult | None = None
        self._connections = Connections()
        self._connections.connect(ui.previousPersonButton.clicked, lambda *_: self._go(-1))
        self._connections.connect(ui.nextPersonButton.clicked, lambda *_: self._go(1))
        self._connections.connect(ui.resultSelector.currentNodeChanged, lambda *_: self._tell())
        self._tell()

    def open(self, folder: Path) -> None:
        """Take people from a cohort's folder from now on."""
        if folder != self._folder:
            self._folder, self._person = folder, None

    def look_for(self, person: PersonRow | None, people: Sequence[PersonRow]) -> int | None:
        """Return where a person is among those that the table shows, which are gone through from now on."""
        if people is not self._people:
            self._people = people
            self._places = {each.participant: index for index, each in enumerate(people)}
            self._tell()
        return None if person is None else self._places.get(person.participant)

    def show(self, person: PersonRow) -> None:
        """Bring a person of the cohort into the scene; one who is still on the way is left."""
        if self._folder is None:
            return
        self._person = person
        if self._coming is not None:
            self._service.arriving.stop()
        self._coming = person
        path = CohortFolder(self._folder).person(person.participant).job.path
        steps = self._service.loading_person(path, f"sub-{person.participant}")
        self._ui.exploreButton.collapsed = False
        self._say(f"Loading sub-{person.participant}…", beside_table=True)
        self._service.arriving.start(
            steps,
            lambda result: self._came(person, result),
            lambda error: self._failed(person, error),
            lambda: self._arrived(person),
        )

    def close(self) -> None:
        """Let the widgets go."""
        self._connections.close()

    def _came(self, person: PersonRow, result: SceneResult) -> None:
        before, self._result = self._result, result
        if before is not None and before.scene is not None:
            take_out(before)
        self._arrived(person)
        self._tell()

    def _arrived(self, person: PersonRow) -> None:
        """Wait for a person no longer; another may be on the way by now."""
        if self._coming is person:
            self._coming = None

    def _failed(self, person: PersonRow, error: LongitudinalError) -> None:
        self._arrived(person)
        if person is self._person:
            found = f" Found: {error.found}." if error.found else ""
            self._say(f"⚠ sub-{person.participant}: {error.message}{found} {error.advice}", beside_table=True)

    def _go(self, step: int) -> None:
        person = self._next(step)
        if person is not None:
            self._on_shown(person)
            self.show(person)

    def _next(self, step: int) -> PersonRow | None:
        """Return the next person with a result, in the table's order; None where there is none."""
        at = None if self._person is None else self._places.get(self._person.participant)
        if at is None:
            return None
        beyond = range(at + step, len(self._people) if step > 0 else -1, step)
        return next((self._people[index] for index in beyond if self._people[index].state == "done"), None)

    def _tell(self) -> None:
        """Say who is shown, while it is a person of the cohort."""
        result, person = self._explore.result, self._person
        shown = result is not None and self._result is not None and result.browser is self._result.browser
        if self._coming is not None or person is None:
            self._offer()
            return
        self._ui.personFrame.visible = shown
        if not shown or result is None:
            return
        at = self._places.get(person.participant)
        place = "" if at is None else f"{at + 1} of {len(self._people)}"
        told = ", ".join(filter(None, (person.told.group, person.told.sex, _years(person), place)))
        missing = result.baseline is not None and result.baseline.GetAttribute(STANDS_IN_ATTRIBUTE)
        self._say(
            f"sub-{person.participant}"
            + (f" ({told})" if told else "")
            + (f"\n{_NO_SCAN}" if missing else "")
        )

    def _say(self, text: str, *, beside_table: bool = False) -> None:
        self._ui.personLabel.text = text
        self._ui.cohortPersonLabel.text = text if beside_table else ""
        self._ui.cohortPersonLabel.visible = beside_table
        self._ui.personFrame.visible = True
        self._offer()

    def _offer(self) -> None:
        if self._person is None:
            self._ui.personFrame.visible = False
            return
        self._ui.previousPersonButton.enabled = self._next(-1) is not None
        self._ui.nextPersonButton.enabled = self._next(1) is not None


def _years(person: PersonRow) -> str:
    age = person.told.age_years
    return "" if age is None else f"{age:.0f} years"
