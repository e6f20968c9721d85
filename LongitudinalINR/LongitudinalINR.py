"""The classes that Slicer looks for; what they do is in LongitudinalINRModule."""

from __future__ import annotations

import slicer
from LongitudinalINRModule.library_path import add_library_path
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)

add_library_path()

from LongitudinalINRModule.logic import LongitudinalINRLogic  # noqa: E402 (needs the library's path)

__all__ = ["LongitudinalINR", "LongitudinalINRLogic", "LongitudinalINRTest", "LongitudinalINRWidget"]


class LongitudinalINR(ScriptedLoadableModule):
    """What the module says about itself."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = "Longitudinal INR"
        parent.categories = ["Neuroimaging", "Registration"]
        parent.dependencies = ["Sequences", "SampleData"]
        parent.contributors = ["The LongitudinalINR developers"]
        parent.helpText = (
            "Continuous maps of local brain volume change from one person's MRI scans. "
            "Choose the scans and their months, press Run, then drag the time slider. "
            "Research use only, not a medical device."
        )
        parent.acknowledgementText = (
            "The method: Shuaibu, Gibb, Wijeratne, Simpson, Capturing Longitudinal Changes in Brain "
            "Morphology Using Temporally Parameterized Neural Displacement Fields, MIDL 2025, "
            '<a href="https://arxiv.org/abs/2504.09514">arXiv:2504.09514</a>.'
        )
        slicer.app.connect("startupCompleted()", self.offerSampleData)
        slicer.app.connect("startupCompleted()", self.registerLayouts)

    def offerSampleData(self):
        """Offer the simulated subject in the Sample Data module."""
        from LongitudinalINRModule.sampledata.registration import register_sample_data

        self.sampleData = register_sample_data()

    def registerLayouts(self):
        """Let Slicer understand bundles that were saved in a layout of this module, before it is opened."""
        from LongitudinalINRModule.display import comparison_layout, result_layout

        manager = slicer.app.layoutManager()
        if manager is not None:  # there is none without a main window
            for each in (comparison_layout, result_layout):
                each.register_layout(manager.layoutLogic().GetLayoutNode())


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
        """Walk through all of the panel with a small subject; what the scene held is gone then."""
        from LongitudinalINRModule.selftest.journey import walk_through

        self.setUp()
        walk_through(self.delayDisplay)
        self.tearDown()
