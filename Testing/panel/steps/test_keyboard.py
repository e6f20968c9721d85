"""Every control can be reached by the keyboard, in the order in which it is read."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel
from standin import driving
from standin.values import to_qt

SECTIONS = ("inputs", "settings", "runSection", "cohort", "explore", "regions", "exportSection")
OF_SLICERS_MENUS = {"f", "e", "v", "h"}


@pytest.fixture
def top(panel_with_fakes, fill_in):
    """The panel as Qt sees it, with every section open and two scans in the table."""
    fill_in(panel_with_fakes)
    for section in SECTIONS:
        getattr(panel_with_fakes.ui, f"{section}Button").collapsed = False
    panel_with_fakes.ui.advancedGroup.collapsed = False
    widget = to_qt(panel_with_fakes.parent)
    widget.resize(380, 2600)
    driving.process_events(0.05)
    return widget


def reached_by_tab(top):
    """Return the visible widgets in the order of the Tab key."""
    widget, reached = top.nextInFocusChain(), []
    while widget is not top:
        by_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if by_tab and widget.isVisibleTo(top) and widget.isEnabled() and top.isAncestorOf(widget):
            reached.append(widget)
        widget = widget.nextInFocusChain()
    return reached


def is_read_after(later, earlier, top):
    """Tell whether a widget lies below another one, or right of it, or in it."""
    one, two = (each.mapTo(top, QPoint(0, 0)) for each in (earlier, later))
    below = two.y() >= one.y() + earlier.height() - 4
    return below or two.x() > one.x() or earlier.isAncestorOf(later)


def test_the_tab_key_goes_from_top_to_bottom(top):
    reached = reached_by_tab(top)
    wrong = [
        (earlier.objectName() or type(earlier).__name__, later.objectName() or type(later).__name__)
        for earlier, later in pairwise(reached)
        if not is_read_after(later, earlier, top)
    ]

    assert len(reached) > 40
    assert wrong == []


def test_the_tab_key_goes_through_the_rows_of_the_table(top, panel_with_fakes):
    table = panel_with_fakes.ui.scansTable
    fields = [to_qt(table.cellWidget(row, column)) for row in range(2) for column in range(2)]
    fields = [field.focusProxy() or field for field in fields]
    reached = reached_by_tab(top)
    places = [
        reached.index(each) for each in (to_qt(table), *fields, to_qt(panel_with_fakes.ui.addScanButton))
    ]

    assert places == sorted(places)
    assert not to_qt(table).tabKeyNavigation()


def test_every_label_of_a_field_leads_to_it(top):
    labels = [each for each in top.findChildren(QLabel) if each.text().endswith(":")]
    lost = [each.objectName() for each in labels if each.buddy() is None]

    assert len(labels) > 20
    assert lost == []


def test_a_selector_that_passes_its_focus_on_is_reached_all_the_same(module, running_slicer):
    """Slicer's own selectors do that; those of the stand-in do not."""
    import slicer
    from LongitudinalINRModule.panel.keyboard import reach_by_keyboard

    selector = slicer.qMRMLNodeComboBox()
    outer = to_qt(selector)
    inner = outer.findChild(QComboBox)
    inner.setFocusProxy(outer)
    outer.show()

    entries = reach_by_keyboard(selector)

    assert to_qt(entries) is inner
    assert inner.focusProxy() is None
    assert outer.focusProxy() is inner
    for each in (outer, inner):
        assert each.focusPolicy().value & Qt.FocusPolicy.StrongFocus.value == Qt.FocusPolicy.StrongFocus.value


def test_a_shortcut_of_a_label_leads_to_the_list_of_a_selector(top, panel_with_fakes):
    ui = panel_with_fakes.ui
    label = to_qt(ui.segmentationSelectorLabel)
    assert label.text() == "Brain re&gions:"
    top.window().activateWindow()
    driving.wait_until(top.window().isActiveWindow)
    QTest.keyClick(top, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)

    assert to_qt(ui.segmentationSelector).focusProxy().hasFocus()


def test_shortcuts_of_letters_are_different_and_none_is_of_slicers_menus(top):
    named = [*top.findChildren(QLabel), *top.findChildren(QAbstractButton)]
    letters = [match[1].lower() for each in named if (match := re.search("&(.)", each.text()))]

    assert len(letters) > 10
    assert len(set(letters)) == len(letters)
    assert not OF_SLICERS_MENUS & set(letters)
