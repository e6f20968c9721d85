"""Drive a panel as a user does: click, type, drag, wait, look."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QSlider, QWidget

from standin.application import work
from standin.values import to_qt


def process_events(seconds: float = 0.0) -> None:
    """Let Qt work, at least once and for so long."""
    end = time.monotonic() + seconds
    work()
    while time.monotonic() < end:
        work()
        time.sleep(0.002)


def wait_until(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Let Qt work until a condition holds; return what it returned.

    Raises
    ------
    AssertionError
        When it does not hold in time.
    """
    end = time.monotonic() + seconds
    while True:
        work()
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {condition}")
        time.sleep(0.002)


def click(widget: Any, button: str = "left") -> None:
    """Click the middle of a widget; refuse where a user could not."""
    target = _reachable(widget)
    place = (
        target.rect().center()
        if target.metaObject().className() != "ctkCollapsibleButton"
        else QPoint(30, 10)
    )
    if target.inherits("QCheckBox") or target.inherits("QRadioButton"):
        place = QPoint(8, target.height() // 2)
    QTest.mouseClick(target, getattr(Qt.MouseButton, f"{button.capitalize()}Button"), pos=place)
    process_events()


def type_text(widget: Any, text: str, *, enter: bool = True) -> None:
    """Replace what is in a field by typing."""
    target = _reachable(widget)
    field = target if isinstance(target, (QLineEdit, QAbstractSpinBox)) else _inner(target, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    if enter:
        QTest.keyClick(field, Qt.Key.Key_Return)
    process_events()


def drag_slider(widget: Any, share: float, steps: int = 5) -> None:
    """Drag a slider's handle to a share, 0 to 1, of its range."""
    target = _reachable(widget)
    slider = target if isinstance(target, QSlider) else _inner(target, QSlider)
    start = slider.sliderPosition()
    goal = round(slider.minimum() + share * (slider.maximum() - slider.minimum()))
    slider.setSliderDown(True)
    for step in range(1, steps + 1):
        slider.setSliderPosition(round(start + (goal - start) * step / steps))
        process_events()
    slider.setSliderDown(False)
    process_events()


def choose(widget: Any, text: str) -> None:
    """Choose an entry of a combo box or a node selector by its text."""
    target = _reachable(widget)
    box = target if isinstance(target, QComboBox) else _inner(target, QComboBox)
    index = box.findText(text)
    if index < 0:
        raise AssertionError(f"no entry {text!r}; there are {[box.itemText(i) for i in range(box.count())]}")
    box.setCurrentIndex(index)
    box.activated.emit(index)
    process_events()


def grab(widget: Any, path: Path) -> Path:
    """Write a picture of a widget as PNG."""
    process_events()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not to_qt(widget).grab().save(str(path)):
        raise OSError(f"could not write {path}")
    return path


def _reachable(widget: Any) -> QWidget:
    target: QWidget = to_qt(widget)
    if not target.isVisible():
        raise AssertionError(f"{widget} cannot be used: it is not visible")
    if not target.isEnabled():
        raise AssertionError(f"{widget} cannot be used: it is disabled")
    return target


def _inner(widget: QWidget, kind: type) -> Any:
    found = widget.findChild(kind)
    if found is None:
        raise AssertionError(f"{widget} holds no {kind.__name__}")
    return found
