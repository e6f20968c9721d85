"""What the person sees: progress with the time left, warnings, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.words import STAGES


class Screen:
    """Shows events to a person.

    Parameters
    ----------
    stream : TextIO
        Where to; a bar is drawn on a terminal only.
    """

    def __init__(self, stream: TextIO):
        self.console = Console(file=stream, highlight=False)
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
                self.console.print(f"[yellow]Warning:[/] {escape(event.message)}")
            case events.Failed() | events.Cancelled():
                self.end = event


def show_failure(console: Console, event: events.Failed) -> None:
    """Say what went wrong: expected, found, and what to do."""
    console.print(f"[bold red]Error:[/] {escape(event.message)}")
    for name, text in (("Expected", event.expected), ("Found", event.found), ("What to do", event.advice)):
        if text:
            console.print(f"  [bold]{name}:[/] {escape(text)}")


def time_left(seconds: float | None) -> str:
    """Return a duration for people."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s left" if minutes else f"{rest} s left"
