"""The pictures of README and tutorial, made by pressing what a person presses.

Run ``python -m benchmarks.tutorial_pictures`` with slicer-core, trame-slicer and
PySide6 installed. The panel is the real one on real MRML and real Qt, with the views drawn by VTK as Slicer
draws them; the window around them is made up here. The subject is the simulated one of the Sample Data.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

ROOT = Path(__file__).parents[1]
MODULE = ROOT / "LongitudinalINR" / "LongitudinalINR.py"
TESTING = (ROOT / "Testing", ROOT / "Testing" / "mrml", ROOT / "Testing" / "panel" / "steps")
PANEL_PX = (400, 860)
VIEW_PX = (430, 428)
VIEWS = {"Red": "Axial", "Green": "Coronal", "Yellow": "Sagittal"}
GAP_PX = 4
LONGEST_SECONDS = 1800.0


class Studio:
    """A played Slicer with the panel open, and the camera.

    Parameters
    ----------
    output : Path
        Where the pictures go.
    """

    def __init__(self, output: Path):
        from standin.installation import install
        from standin.values import to_qt

        self._output = output
        self._slicer = install("5.12", 5)
        self.panel = self._slicer.open_module(MODULE)
        self.ui = self.panel.ui
        self._window = to_qt(self.panel.parent)
        self._to_qt = to_qt
        for name, orientation in VIEWS.items():
            self._node(name).SetOrientation(orientation)

    def press(self, button: str) -> None:
        """Press a button, and wait until what it begins is done."""
        from settling import press

        press(self.panel, button)

    def wait_for_job(self) -> None:
        """Wait until the job is done and its result is shown."""
        from settling import settle
        from standin import driving

        driving.wait_until(lambda: self.panel.panel.explore_section.result is not None, LONGEST_SECONDS)
        settle(self.panel)
        driving.process_events(0.5)

    def fold(self, *open_sections: str) -> None:
        """Unfold these sections of the panel, and no others."""
        for name in ("inputs", "settings", "runSection", "cohort", "explore", "regions", "exportSection"):
            getattr(self.ui, f"{name}Button").collapsed = name not in open_sections

    def panel_picture(self) -> Image.Image:
        """Return the panel, as high as it needs to be."""
        from standin import driving

        for _ in range(10):  # a layout asks those around it in turn
            self._window.resize(PANEL_PX[0], max(PANEL_PX[1], self._window.sizeHint().height()))
            driving.process_events()
        driving.process_events(0.3)
        return self._grabbed(self._window)

    def views(self) -> list[Image.Image]:
        """Return the slice views, drawn at one size."""
        return [self.picture_of(self._slice_widget(name)) for name in VIEWS]

    def fit_views(self) -> None:
        """Let the baseline fill the slice views."""
        for name in VIEWS:
            self.picture_of(self._slice_widget(name))  # at the size that it is fitted into
            self._slice_widget(name).fitSliceToBackground()

    def plot(self) -> Image.Image:
        """Return the plot view."""
        import slicer

        widget = slicer.app.layoutManager().plotWidget(0)
        widget.setMRMLPlotViewNode(slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLPlotViewNode"))
        return self.picture_of(widget)

    def keep(self, name: str, *pictures: Image.Image, columns: int = 2) -> None:
        """Write the panel with views beside it, or pictures alone."""
        first, *views = pictures
        if not views:
            first.save(self._output / f"{name}.png", optimize=True)
            return
        width, height = views[0].size
        rows = -(-len(views) // columns)
        size = (first.width + columns * (width + GAP_PX), max(first.height, rows * (height + GAP_PX)))
        sheet = Image.new("RGB", size, "#efefef")
        sheet.paste(first, (0, 0))
        for number, view in enumerate(views):
            left = first.width + GAP_PX + (number % columns) * (width + GAP_PX)
            sheet.paste(view, (left, (number // columns) * (height + GAP_PX)))
        sheet.save(self._output / f"{name}.png", optimize=True)

    def close(self) -> None:
        """End the played Slicer."""
        self._slicer.uninstall()

    def _slice_widget(self, name: str) -> Any:
        import slicer

        return slicer.app.layoutManager().sliceWidget(name)

    def _node(self, name: str) -> Any:
        return self._slice_widget(name).mrmlSliceNode()

    def picture_of(self, shown: Any) -> Image.Image:
        """Return a view, drawn at the size that all have."""
        from standin import driving

        widget = self._to_qt(shown)
        widget.resize(*VIEW_PX)
        widget.show()
        driving.process_events(0.2)
        return ImageOps.fit(self._grabbed(widget), VIEW_PX)

    def _grabbed(self, widget: Any) -> Image.Image:
        from standin import driving

        with tempfile.TemporaryDirectory() as folder:
            return Image.open(driving.grab(widget, Path(folder) / "grab.png")).convert("RGB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "Resources" / "Screenshots")
    parser.add_argument("--preset", default="Standard", help="how the preset that is chosen begins")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    sys.path[:0] = map(str, TESTING)
    studio = Studio(options.output)
    walk(studio, options.preset)
    studio.close()


def walk(studio: Studio, preset: str) -> None:
    """Go through the panel from top to bottom."""
    from standin import driving

    ui = studio.ui
    studio.panel.logic.loadSimulatedSubject()
    driving.process_events(0.5)
    studio.fold("inputs", "settings", "runSection")
    studio.keep("panel-found", studio.panel_picture())
    fill_in(studio, preset)
    studio.keep("panel-inputs-and-settings", studio.panel_picture())
    studio.press("runButton")
    studio.wait_for_job()
    studio.fit_views()
    studio.keep("panel-check", studio.panel_picture(), *studio.views())
    studio.press("showMapButton")
    studio.fit_views()
    driving.type_text(ui.monthSpinBox, "21")
    studio.fold("explore")
    studio.keep("explore", studio.panel_picture(), *studio.views(), studio.plot())
    studio.fold("regions")
    select_region(studio, "hippocampus")
    studio.keep("panel-regions", studio.panel_picture(), *studio.views(), studio.plot())
    studio.fold("exportSection")
    studio.keep("panel-export", studio.panel_picture())


def fill_in(studio: Studio, preset: str) -> None:
    """Take the scans that were found, and go a year beyond the last."""
    from standin import driving

    studio.press("useScansButton")
    studio.ui.settingsButton.collapsed = False
    driving.type_text(studio.ui.extrapolateSpinBox, "12")
    box = studio.ui.presetComboBox
    texts = [box.itemText(index) for index in range(box.count)]
    driving.choose(box, next(text for text in texts if text.startswith(preset)))


def select_region(studio: Studio, name: str) -> None:
    """Select the first row of the regions whose name holds a word."""
    from standin import driving

    table = studio.ui.regionsTable
    node = table.mrmlTableNode()
    rows = range(node.GetNumberOfRows())
    table.selectRow(next(row for row in rows if name in node.GetCellText(row, 0).lower()))
    driving.process_events(1.0)


if __name__ == "__main__":
    main()
