"""What the person sees: progress with the time left, warnings, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from LongitudinalINRLib.cli.streams import parts_of
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import STAGES


class Screen:
    """Shows events to a person.

    Parameters
    ----------
    stream : TextIO
        Where to; a bar is drawn on a terminal only.
    """

    def __init__(self, stream: TextIO):
        self.console = Console(file=cast(TextIO, Forgiving(stream)), highlight=False)
        self._bar = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]:<14}"),
            TextColumn("[dim]{task.fields[losses]}"),
            console=self.console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, left="", losses="")
        self.end: events.Failed | events.Cancelled | None = None

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Keep the bar on the screen while inside."""
        if not self.console.is_terminal:
            yield
            return
        with self._bar:
            yield

    def show(self, event: events.Event) -> None:
        """Show one event; how a job failed is kept in `end`, to be said once the bar is gone."""
        match event:
            case events.Progress():
                self._bar.update(
                    self._task,
                    completed=event.fraction,
                    description=STAGES[event.stage],
                    left=time_left(event.seconds_left),
                    losses="  ".join(f"{name} {value:.3g}" for name, value in event.losses.items()),
                )
            case events.Warning():
                self.console.print(f"[yellow]Warning:[/] {escape(one_line(event.message))}")
            case events.Failed() | events.Cancelled():
                self.end = event


def failure_shown(event: events.Failed) -> str:
    """Return what went wrong, with colours where standard error is a terminal."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with console.capture() as captured:
        for title, text in parts_of(event):
            style = "bold red" if title == "Error:" else "bold"
            console.print(f"[{style}]{title}[/] {escape(text)}")
    return captured.get()


def table_shown(table: Table) -> str:
    """Return a table as standard output shows it."""
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def cell(text: str) -> Text:
    """Return text from outside for a cell of a table: nothing in it is taken for a style."""
    return Text(one_line(text))


def time_left(seconds: float | None) -> str:
    """Return a duration for people."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s left" if minutes else f"{rest} s left"


class Forgiving:
    """A stream on which the work does not depend: once it cannot be written, nothing more is."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self._lost = False

    def write(self, text: str) -> int:
        """Write, where that is possible."""
        if not self._lost:
            try:
                return self._stream.write(text)
            except OSError:
                self._lost = True
        return len(text)

    def flush(self) -> None:
        """Flush, where that is possible."""
        if not self._lost:
            try:
                self._stream.flush()
            except OSError:
                self._lost = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
