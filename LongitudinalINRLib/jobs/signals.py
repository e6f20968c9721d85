"""Being asked to stop by the system or from the keyboard. Needs the standard library alone."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE_SECONDS = 5.0
"""How long work may go on after the first Ctrl-C without asking whether it should stop."""


@contextmanager
def asked_to_stop(patience_seconds: float = PATIENCE_SECONDS) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into an answer that work can ask for.

    Work that does not ask in time, because it reads a large folder or waits for a device, is interrupted
    where it stands, by a KeyboardInterrupt. A second Ctrl-C or SIGTERM has its usual effect. A signal that
    this process was started to ignore stays ignored. Outside the main thread, where Python handles no
    signals, the answer is always no.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    stop = _Stop(patience_seconds)
    stop.take_signals()
    try:
        yield stop.answer
    finally:
        stop.give_signals_back()


class _Stop:
    """What is known about being asked to stop, and the timer that ends the patience."""

    def __init__(self, patience_seconds: float):
        self._asked = False
        self._overdue = False
        self._usual = {
            number: handler
            for number in (signal.SIGINT, signal.SIGTERM)
            if (handler := signal.getsignal(number) or signal.SIG_DFL) != signal.SIG_IGN
        }
        self._timer = threading.Timer(patience_seconds, self._lose_patience)
        self._timer.daemon = True

    def take_signals(self) -> None:
        for number in self._usual:
            signal.signal(number, self._handle)

    def give_signals_back(self) -> None:
        self._timer.cancel()
        for number, handler in self._usual.items():
            signal.signal(number, handler)

    def answer(self) -> bool:
        """Tell whether to stop; whoever has heard it is not interrupted while it ends its work."""
        if self._asked:
            self._timer.cancel()
        return self._asked

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._overdue:
            self._overdue = False
            raise KeyboardInterrupt
        if self._asked:
            signal.signal(number, self._usual[signal.Signals(number)])
            signal.raise_signal(number)
            return
        self._asked = True
        self._timer.start()

    def _lose_patience(self) -> None:
        """Come back to `_handle` in the main thread, out of any call of the system that it waits in."""
        self._overdue = True
        number = next(iter(self._usual))
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, number)
        else:
            _thread.interrupt_main(number)
