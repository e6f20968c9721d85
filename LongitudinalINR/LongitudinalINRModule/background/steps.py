"""Long work in steps, so that the window can answer between them.

A generator does what touches nodes and widgets itself, in the window's own thread, and yields after a little
of it. What it yields is None, to go on after the window had its turn, or a function without arguments that
touches neither: that one runs in another thread, and the generator goes on with what it returned or raised.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[], Any]
Steps = Generator[Work | None, Any, T]


def here(steps: Steps[T], meanwhile: Callable[[], None] = lambda: None) -> T:
    """Do all steps now, in this thread; for scripts.

    Parameters
    ----------
    steps : generator
        The work.
    meanwhile : callable
        Called after each step, for example to let Qt handle events.

    Raises
    ------
    Exception
        What a step raised.
    """
    try:
        work = next(steps)
        while True:
            try:
                answer = work() if work is not None else None
                meanwhile()
            except Exception as error:
                work = steps.throw(error)
            else:
                work = steps.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result
