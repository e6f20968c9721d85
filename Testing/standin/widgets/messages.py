"""CTK's message box, which Slicer's own functions open."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from standin.widgets.builder import plays


@plays("ctkMessageBox")
class MessageBox(QMessageBox):
    """A message box that can be told not to come again."""
