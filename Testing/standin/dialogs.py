"""Modal dialogs: recorded and answered by the test, never left waiting for somebody."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEventLoop, QProcess, QThread
from PySide6.QtWidgets import QDialog, QMenu

from standin.values import to_qt

_STATIC = {
    "QMessageBox": {"question", "information", "warning", "critical", "about"},
    "QFileDialog": {"getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"},
    "QInputDialog": {"getText", "getInt", "getDouble", "getItem", "getMultiLineText"},
    "QColorDialog": {"getColor"},
}
_BLOCKING = {
    QProcess: {"waitForFinished", "waitForStarted", "waitForReadyRead", "waitForBytesWritten", "execute"},
    QThread: {"wait"},
    QEventLoop: {"exec"},
}


@dataclass(frozen=True)
class Shown:
    """A dialog that was shown, and what it said then: the object itself may be gone.

    Parameters
    ----------
    what
        The dialog, or the name of the static function that shows one.
    arguments
        What the static function or ``exec_`` was called with.
    text, details
        The message of a message box and its details, the title of another dialog, the texts of a static one.
    """

    what: Any
    arguments: tuple[Any, ...]
    text: str
    details: str = ""


shown: list[Shown] = []
blocking_calls: list[str] = []
_answers: deque[Any] = deque()
_open = 0


def answer(*answers: Any) -> None:
    """Give the answers to the next dialogs: a value to return, or a function of the dialog that drives it."""
    _answers.extend(answers)


def forget() -> None:
    """Forget what was shown, the answers left and the blocking calls."""
    shown.clear()
    _answers.clear()
    blocking_calls.clear()


def unused_answers() -> int:
    """Return how many answers no dialog has asked for."""
    return len(_answers)


def waiting() -> bool:
    """Say whether a dialog is open: what its caller asked to delete later stays until it is closed."""
    return _open > 0


def note_blocking(wrapper: Any, name: str) -> None:
    """Keep a record of calls that freeze the window while they wait."""
    for kind, names in _BLOCKING.items():
        if name in names and isinstance(wrapper._binding, kind):
            blocking_calls.append(f"{type(wrapper).__name__}.{name}")


def is_modal(binding: Any) -> bool:
    """Say whether ``exec_`` of this object would wait for the user."""
    return isinstance(binding, (QDialog, QMenu))


def run(wrapper: Any, *arguments: Any) -> Any:
    """Show a dialog, let the test answer, and return its result."""
    global _open  # noqa: PLW0603
    text = getattr(wrapper, "text", "") or getattr(wrapper, "windowTitle", "")
    shown.append(Shown(wrapper, arguments, text, getattr(wrapper, "detailedText", "")))
    reply = _next(wrapper)
    if not callable(reply):
        return reply
    dialog = to_qt(wrapper)
    dialog.show()
    _open += 1
    try:
        result = reply(wrapper)
    finally:
        _open -= 1
    dialog.hide()
    return result if result is not None or isinstance(dialog, QMenu) else dialog.result()


def is_static_dialog(cls: Any, name: str) -> bool:
    """Say whether a static function shows a dialog and waits."""
    return name in _STATIC.get(cls._plain.__name__, ())


def static_dialog(cls: Any, name: str) -> Callable[..., Any]:
    """Return a function that records its call and gives the test's answer."""

    def show(*arguments: Any) -> Any:
        texts = " ".join(each for each in arguments if isinstance(each, str))
        shown.append(Shown(f"{cls.__name__}.{name}", arguments, texts))
        reply = _next(f"{cls.__name__}.{name}")
        return reply(*arguments) if callable(reply) else reply

    return show


def _next(what: Any) -> Any:
    if not _answers:
        raise AssertionError(f"{what} waits for the user, and the test gave no answer: {shown[-1].text}")
    return _answers.popleft()
