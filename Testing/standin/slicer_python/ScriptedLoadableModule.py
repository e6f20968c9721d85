"""Base classes of scripted modules, as Slicer's module of this name offers them."""

from __future__ import annotations

import importlib
import os
import unittest

import qt
import slicer

__all__ = [
    "ScriptedLoadableModule",
    "ScriptedLoadableModuleLogic",
    "ScriptedLoadableModuleTest",
    "ScriptedLoadableModuleWidget",
]


class ScriptedLoadableModule:
    """What a module says about itself."""

    def __init__(self, parent):
        self.parent = parent
        self.moduleName = type(self).__name__
        parent.title = ""
        parent.categories = []
        parent.dependencies = []
        parent.contributors = []
        parent.helpText = ""
        parent.acknowledgementText = ""
        icons = os.path.join(os.path.dirname(parent.path), "Resources", "Icons")
        for ending in (".svg", ".png"):
            if os.path.isfile(os.path.join(icons, self.moduleName + ending)):
                parent.icon = qt.QIcon(os.path.join(icons, self.moduleName + ending))
                break
        slicer.selfTests[self.moduleName] = self.runTest

    def resourcePath(self, filename):
        """Return the path of a file in the module's Resources folder."""
        return os.path.join(os.path.dirname(slicer.util.modulePath(self.moduleName)), "Resources", filename)

    def getDefaultModuleDocumentationLink(self, docPage=None):
        """Return a sentence that links to the documentation."""
        return f'<p>See the <a href="{docPage or self.moduleName}">online documentation</a>.</p>'

    def runTest(self, msec=100, **kwargs):
        """Run the test class of the module's file."""
        source = importlib.import_module(self.__module__)
        test_class = getattr(source, self.moduleName + "Test", None)
        if test_class is None:
            raise AssertionError(f"test case class not found: {self.moduleName}Test")
        test = test_class()
        test.messageDelay = msec
        test.runTest(**kwargs)


class ScriptedLoadableModuleWidget:
    """The panel of a module; ``self.layout`` takes what it shows."""

    def __init__(self, parent=None):
        self.moduleName = type(self).__name__.removesuffix("Widget")
        self.developerMode = slicer.util.settingsValue(
            "Developer/DeveloperMode", False, converter=slicer.util.toBool
        )
        if parent is None:
            self.parent = slicer.qMRMLWidget()
            self.parent.setLayout(qt.QVBoxLayout())
            self.parent.setMRMLScene(slicer.mrmlScene)
        else:
            self.parent = parent
        self.layout = self.parent.layout()
        if parent is None:
            self.setup()
            self.parent.show()
        slicer.app.moduleManager().connect(
            "moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded
        )

    def resourcePath(self, filename):
        """Return the path of a file in the module's Resources folder."""
        return os.path.join(os.path.dirname(slicer.util.modulePath(self.moduleName)), "Resources", filename)

    def cleanup(self):
        """Undo what the panel set up; derived classes do."""

    def _onModuleAboutToBeUnloaded(self, moduleName):
        if moduleName == self.moduleName:
            self.cleanup()
            slicer.app.moduleManager().disconnect(
                "moduleAboutToBeUnloaded(QString)", self._onModuleAboutToBeUnloaded
            )

    def setupDeveloperSection(self):
        """Add the Reload and Test buttons."""
        if not self.developerMode:
            return
        self.reloadButton = qt.QPushButton("Reload")
        self.reloadButton.connect("clicked()", self.onReload)
        self.layout.addWidget(self.reloadButton)

    def setup(self):
        """Build the panel; derived classes add to it."""
        self.setupDeveloperSection()

    def onReload(self):
        """Load the module's file again."""
        slicer.util.reloadScriptedModule(self.moduleName)

    def onTest(self, **kwargs):
        """Run the module's test."""
        getattr(slicer.modules, self.moduleName + "Instance").runTest(**kwargs)

    def onReloadAndTest(self, **kwargs):
        """Load the module's file again and run its test."""
        self.onReload()
        self.onTest(**kwargs)

    def onEditSource(self):
        """Open the module's file in an editor."""


class ScriptedLoadableModuleLogic:
    """What a module computes, and the parameter node it keeps in the scene."""

    def __init__(self, parent=None):
        self.moduleName = type(self).__name__.removesuffix("Logic")
        self.isSingletonParameterNode = True

    def getParameterNode(self):
        """Return the module's parameter node, made where there is none."""
        if self.isSingletonParameterNode:
            node = slicer.mrmlScene.GetSingletonNode(self.moduleName, "vtkMRMLScriptedModuleNode")
            if node is not None:
                return node
        nodes = self.getAllParameterNodes()
        return nodes[0] if nodes else slicer.mrmlScene.AddNode(self.createParameterNode())

    def getAllParameterNodes(self):
        """Return the parameter nodes of this module."""
        nodes = slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode")
        return [node for node in nodes if node.GetAttribute("ModuleName") == self.moduleName]

    def createParameterNode(self):
        """Return a new parameter node that is not in the scene."""
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLScriptedModuleNode")
        node.UnRegister(None)
        if self.isSingletonParameterNode:
            node.SetSingletonTag(self.moduleName)
        node.SetModuleName(self.moduleName)
        node.SetName(slicer.mrmlScene.GenerateUniqueName(self.moduleName))
        return node


class ScriptedLoadableModuleTest(unittest.TestCase):
    """A module's self-test."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.messageDelay = 1000
        self.enableScreenshots = False
        self.screenshotScaleFactor = 1.0
        self.moduleTestNames = []

    def delayDisplay(self, message, requestedDelay=None, msec=None):
        """Show a message for a moment."""
        slicer.util.delayDisplay(message, 0 if msec is None else min(msec, 399))

    def takeScreenshot(self, name, description, type=-1):
        """Keep a picture of the views."""

    def setUp(self):
        """Start from an empty scene."""
        slicer.mrmlScene.Clear(0)

    def tearDown(self):
        """Nothing is left to undo."""

    def runTest(self):
        """Call, in the order of their names, all methods with ``test`` in their name."""
        for name in [each for each in dir(self) if "test" in each.lower() and each.startswith("test")]:
            self.setUp()
            getattr(self, name)()
            self.tearDown()
