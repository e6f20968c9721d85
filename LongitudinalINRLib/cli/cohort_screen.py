"""What the person sees while a cohort is worked on: counts, the rate, when it ends, and who is at work."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TextIO, cast

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from LongitudinalINRLib.cli.screen import Forgiving, cell
from LongitudinalINRLib.cohort.engines.telling import Ended, Planned, Said, Told, Working
from LongitudinalINRLib.jobs.failures import CANCELLED, DONE
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import STAGES

MOST_ROWS = 12
SECONDS_BETWEEN_LINES = 60.0
_ENDS_FOR_THE_RATE = 200
_CODES = {
    1: "a defect",
    2: "bad input",
    3: "cancelled",
    4: "out of memory",
    6: "fitted, but derivatives or page not written",
    8: "the machine refused",
}


class CohortScreen:
    """Shows what an engine tells: a live table on a terminal, plain lines elsewhere.

    Parameters
    ----------
    stream : TextIO
        Where to.
    clock : callable
        Seconds; for tests.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic):
        self.console = Console(file=cast(TextIO, Forgiving(stream)), highlight=False)
        self._clock = clock
        self._began = clock()
        self._said = self._began
        self._people = self._done = self._failed = 0
        self._at_work: dict[str, Working] = {}
        self._ends: deque[float] = deque([self._began], maxlen=_ENDS_FOR_THE_RATE)
        self._live: Live | None = None

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Keep the table on the screen while inside."""
        if not self.console.is_terminal:
            yield
            return
        with Live(
            console=self.console, get_renderable=self._drawing, refresh_per_second=4, transient=True
        ) as self._live:
            yield
        self._live = None

    def show(self, told: Told) -> None:
        """Show one event."""
        match told:
            case Planned():
                self._people, self._done, self._failed = told.people, told.done, told.bad
                self._line(self._counts())
            case Working():
                self._at_work[told.participant] = told
            case Ended():
                self._end(told)
            case Said():
                mark = "[yellow]Warning:[/] " if told.warning else ""
                self._print(f"{mark}{escape(one_line(told.message))}")

    def _end(self, ended: Ended) -> None:
        self._at_work.pop(ended.participant, None)
        if not ended.again and ended.code != CANCELLED:
            self._ends.append(self._clock())
            self._done += ended.code == DONE
            self._failed += ended.code != DONE
        if ended.code not in (DONE, CANCELLED) or ended.again:
            what = _CODES.get(ended.code, f"exit code {ended.code}")
            then = "; will be tried again" if ended.again else ""
            self._print(f"sub-{escape(one_line(ended.participant))}: [red]{what}[/]{then}")
        now = self._clock()
        if self._live is None and (now - self._said >= SECONDS_BETWEEN_LINES or not self._left):
            self._said = now
            self._line(self._counts())

    @property
    def _left(self) -> int:
        return self._people - self._done - self._failed

    def _line(self, text: str) -> None:
        """Print what a terminal has in its table."""
        if self._live is None:
            self._print(text)

    def _print(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)

    def _counts(self) -> str:
        counts = f"{self._done} of {self._people} people done, {self._failed} failed, {self._left} left"
        return ", ".join(filter(None, [counts, self._pace()]))

    def _pace(self) -> str:
        """Return the rate, and when it will have brought all to an end."""
        ends = len(self._ends) - 1
        seconds = self._clock() - self._ends[0]
        if not ends or seconds <= 0 or not self._left:
            return ""
        per_hour = 3600 * ends / seconds
        at = datetime.now() + timedelta(hours=self._left / per_hour)
        when = "%H:%M" if self._left / per_hour < 20 else "%a %d %b %H:%M"
        return f"{per_hour:.{0 if per_hour >= 10 else 1}f} an hour, ends about {at.strftime(when)}"

    def _drawing(self) -> RenderableType:
        rows = Table.grid(padding=(0, 2))
        working = list(self._at_work.values())
        for person in working[:MOST_ROWS]:
            rows.add_row(
                cell(f"sub-{person.participant}"),
                STAGES.get(person.stage, person.stage),
                ProgressBar(1.0, person.fraction, width=20),
                f"{person.fraction:.0%}",
            )
        if len(working) > MOST_ROWS:
            rows.add_row(Text(f"and {len(working) - MOST_ROWS} more", style="dim"))
        whole = Table.grid()  # a bar alone does not end its line
        whole.add_row(ProgressBar(max(1, self._people), self._done + self._failed, width=60))
        return Group(whole, Text(f"{self._counts()}, {len(working)} at work"), rows)
