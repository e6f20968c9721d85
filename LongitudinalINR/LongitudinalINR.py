"""The classes that Slicer looks for; what they do is in LongitudinalINRModule."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import slicer
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)

if importlib.util.find_spec("LongitudinalINRLib") is None:
    # Run from the sources, the library lies beside the module's folder instead of in it.
    sys.path.append(str(Path(__file__).resolve().parents[1]))

from LongitudinalINRModule.logic import LongitudinalINRLogic

__all__ = ["LongitudinalINR", "LongitudinalINRLogic", "LongitudinalINRTest", "LongitudinalINRWidget"]


class LongitudinalINR(ScriptedLoadableModule):
    """What the module says about itself."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = "Longitudinal INR"
        parent.categories = ["Registration", "Quantification"]
        parent.dependencies = ["Sequences", "SampleData"]
        parent.contributors = ["The LongitudinalINR developers"]
        parent.helpText = (
            "Continuous maps of local brain volume change from one person's MRI scans. "
            "Choose the scans and their months, press Run, then drag the time slider. "
            "Research use only, not a medical device."
        )
        parent.acknowledgementText = "The method is described in docs/method.md of the sources."


class LongitudinalINRWidget(ScriptedLoadableModuleWidget):
    """The panel."""

    def setup(self):
        """Build the panel."""
        from LongitudinalINRModule.panel.panel import Panel

        ScriptedLoadableModuleWidget.setup(self)
        widget = slicer.util.loadUI(self.resourcePath("UI/LongitudinalINR.ui"))
        self.layout.addWidget(widget)
        self.ui = slicer.util.childWidgetVariables(widget)
        self.logic = LongitudinalINRLogic()
        self.panel = Panel(self.ui, self.logic)

    def enter(self):
        """Show the scene as it is now."""
        self.panel.enter()

    def exit(self):
        """Leave the scene alone."""
        self.panel.leave()

    def cleanup(self):
        """Let everything go."""
        self.panel.close()
        self.logic.service.close()


class LongitudinalINRTest(ScriptedLoadableModuleTest):
    """The self-test behind the Reload and Test button; CTest runs Testing/Python."""

    def runTest(self):
        """Fit a small simulated subject, scrub through time and export."""
        self.setUp()
