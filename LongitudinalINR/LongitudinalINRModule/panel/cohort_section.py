"""The people of a cohort: sorted and filtered, and each of them brought into Explore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qt
import slicer

from LongitudinalINRLib.cohort.overview.row import PersonRow
from LongitudinalINRLib.errors import LongitudinalError
from LongitudinalINRModule.background.stepper import Stepper
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.cohort.choice import Choice, chosen, groups_of, regions_of_people
from LongitudinalINRModule.cohort.reading import reading_people
from LongitudinalINRModule.panel.cohort_table import PEOPLE_A_PAGE, CohortTable
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.person_control import PersonControl

if TYPE_CHECKING:
    from LongitudinalINRModule.jobs.service import JobService
    from LongitudinalINRModule.panel.explore_section import ExploreSection

_ALL_GROUPS = "All groups"


class CohortSection:
    """Shows who is in the output folder of a cohort.

    Attributes
    ----------
    reading : Stepper
        Reads people and fills the table while the window answers.
    person : PersonControl
        Brings one of them into the scene.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    service : JobService
        Loads results.
    explore : ExploreSection
        Shows them.
    """

    def __init__(self, ui: Any, service: JobService, explore: ExploreSection):
        self._ui = ui
        self._folder: Path | None = None
        self._rows: list[PersonRow] = []
        self._found: list[PersonRow] = []
        self._choice = Choice()
        self._chosen: PersonRow | None = None
        self._page = 0
        self._filling_choices = False
        self.reading = Stepper()
        self.person = PersonControl(ui, service, explore, self._choose)
        self._table = CohortTable(ui.cohortTable, self._choose, self._want, self.sort)
        self._connections = Connections()
        for signal, act in (
            (ui.openCohortButton.clicked, self._open),
            (ui.cohortAgainButton.clicked, self._read_again),
            (ui.cohortRegionComboBox.currentIndexChanged, self._filter),
            (ui.cohortGroupComboBox.currentIndexChanged, self._filter),
            (ui.cohortSearchEdit.textChanged, self._filter),
            (ui.cohortWarnedBox.toggled, self._filter),
            (ui.cohortChangedBox.toggled, self._filter),
            (ui.cohortPageBackButton.clicked, lambda *_: self._turn(-1)),
            (ui.cohortPageOnButton.clicked, lambda *_: self._turn(1)),
            (ui.showPersonButton.clicked, self._show_chosen),
        ):
            self._connections.connect(signal, act)
        ui.cohortFrame.visible = ui.cohortAgainButton.visible = False
        self._say("Results of many people, made with longitudinal-inr bids.")

    def show(self, folder: Path) -> None:
        """Read a cohort and show its people, while the window answers."""
        self._start(self._showing(folder))

    def close(self) -> None:
        """Let everything go."""
        self.reading.close()
        self.person.close()
        self._table.close()
        self._connections.close()

    def _open(self) -> None:
        parent, title = slicer.util.mainWindow(), "Open the output folder of a cohort"
        folder = qt.QFileDialog.getExistingDirectory(parent, title)
        if folder:
            self.show(Path(folder))

    def _read_again(self) -> None:
        if self._folder is not None:
            self.show(self._folder)

    def _show_chosen(self) -> None:
        if self._chosen is not None:
            self._want(self._chosen)

    def _start(self, steps: Steps[None]) -> None:
        """Do steps instead of those that are being done: what was wanted before is wanted no more."""
        self.reading.stop()
        self.reading.start(steps, lambda _: None, self._failed)

    def _failed(self, error: LongitudinalError) -> None:
        self._ui.cohortFrame.enabled = True
        self._say(f"⚠ {error.message} Found: {error.found}. {error.advice}")

    def _showing(self, folder: Path) -> Steps[None]:
        self._say("Reading the people…")
        self._ui.cohortFrame.enabled = False
        rows = yield from reading_people(folder, lambda count, of: self._say(f"Read {count} of {of} people…"))
        before = self._chosen.participant if self._chosen is not None and folder == self._folder else None
        self._chosen = next((row for row in rows if row.participant == before), None)
        self._folder, self._rows = folder, rows
        self.person.open(folder)
        groups, regions = yield lambda: (groups_of(rows), regions_of_people(rows))
        self._offer(groups, regions)
        self._ui.cohortFrame.visible = self._ui.cohortAgainButton.visible = True
        self._ui.cohortFrame.enabled = True
        self._say(_summary(folder, rows))
        yield from self._filtering(self._choice)

    def _offer(self, groups: Sequence[str], regions: Sequence[str]) -> None:
        ui = self._ui
        before = ui.cohortRegionComboBox.currentText, ui.cohortGroupComboBox.currentText
        self._filling_choices = True
        try:
            for box, texts in (
                (ui.cohortRegionComboBox, regions),
                (ui.cohortGroupComboBox, [_ALL_GROUPS, *groups]),
            ):
                box.clear()
                box.addItems(list(texts))
            for box, text in zip((ui.cohortRegionComboBox, ui.cohortGroupComboBox), before, strict=True):
                box.setCurrentIndex(max(box.findText(text), 0))
        finally:
            self._filling_choices = False
        ui.cohortGroupComboBox.enabled = bool(groups)
        self._choice = self._asked()

    def _asked(self) -> Choice:
        ui = self._ui
        at = ui.cohortGroupComboBox.currentIndex
        return replace(
            self._choice,
            text=ui.cohortSearchEdit.text,
            group=ui.cohortGroupComboBox.currentText if at > 0 else None,
            region=ui.cohortRegionComboBox.currentText,
            warned=ui.cohortWarnedBox.checked,
            changed=ui.cohortChangedBox.checked,
        )

    def _filter(self, *_: object) -> None:
        if self._rows and not self._filling_choices:
            self._start(self._filtering(self._asked()))

    def sort(self, column: int) -> None:
        """Sort people by a column; by the same one again, the other way round."""
        again = column == self._choice.column
        descending = not self._choice.descending if again else False
        self._start(self._filtering(replace(self._asked(), column=column, descending=descending)))

    def _filtering(self, choice: Choice) -> Steps[None]:
        self._choice = choice
        self._found = yield partial(chosen, self._rows, choice)
        self._table.show_order(choice.column, descending=choice.descending)
        at = self.person.look_for(self._chosen, self._found)
        yield from self._filling((at or 0) // PEOPLE_A_PAGE)

    def _turn(self, pages: int) -> None:
        self._start(self._filling(self._page + pages))

    def _filling(self, page: int) -> Steps[None]:
        start, count, ui = page * PEOPLE_A_PAGE, len(self._found), self._ui
        self._page = page
        people = self._found[start : start + PEOPLE_A_PAGE]
        ui.cohortPagesFrame.visible = count > PEOPLE_A_PAGE or count < len(self._rows)
        shown = f"{start + 1}–{start + len(people)} of {count}" if people else "Nobody"
        ui.cohortPageLabel.text = shown + (f" ({len(self._rows)} in all)" if count < len(self._rows) else "")
        ui.cohortPageBackButton.enabled = page > 0
        ui.cohortPageOnButton.enabled = start + PEOPLE_A_PAGE < count
        yield from self._table.filling(people, self._choice.region)
        self._mark()

    def _choose(self, person: PersonRow | None) -> None:
        """Mark a person as the one that is looked at, on the page that the person is on."""
        self._chosen = person
        at = self.person.look_for(person, self._found)
        if at is not None and at // PEOPLE_A_PAGE != self._page:
            self._start(self._filling(at // PEOPLE_A_PAGE))
        else:
            self._mark()

    def _mark(self) -> None:
        at = self.person.look_for(self._chosen, self._found)
        self._table.select(None if at is None else self._found[at])
        self._ui.showPersonButton.enabled = at is not None
        self._ui.cohortPersonLabel.text = "" if self._chosen is None else _told(self._chosen)
        self._ui.cohortPersonLabel.visible = bool(self._ui.cohortPersonLabel.text)

    def _want(self, person: PersonRow) -> None:
        self._choose(person)
        if person.state == "done":
            self.person.show(person)

    def _say(self, text: str) -> None:
        self._ui.cohortMessageLabel.text = text


def _summary(folder: Path, rows: Sequence[PersonRow]) -> str:
    counts = {state: sum(row.state == state for row in rows) for state in ("failed", "stopped", "not yet")}
    left = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    done = sum(row.state == "done" for row in rows)
    return f"{folder.name}: {len(rows)} people, {done} done" + (f", {left}." if left else ".")


def _told(person: PersonRow) -> str:
    """Say what is to be known of a person before the result is asked for."""
    if person.state == "not yet":
        return f"{person.participant}: not done yet; run the cohort again."
    return f"⚠ {person.participant}: {person.message}" if person.message else ""
