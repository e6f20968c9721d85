"""All of the panel, through its own widgets: the same steps inside Slicer and outside."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import slicer

from LongitudinalINRModule.selftest import arranging, fitting, keeping, looking


def walk_through(tell: Callable[[str], object]) -> Path:
    """Go from scans to a bundle that was loaded again; return the folder of the export.

    What was in the scene is gone afterwards.

    Parameters
    ----------
    tell : callable
        Takes what is being done.

    Raises
    ------
    AssertionError
        The panel does not do what it should.
    """
    folder = Path(tempfile.mkdtemp(prefix="LongitudinalINR-selftest-", dir=slicer.app.temporaryPath))
    slicer.mrmlScene.Clear(0)
    slicer.util.selectModule("LongitudinalINR")
    widget = slicer.modules.LongitudinalINRWidget
    layout_before = slicer.app.layoutManager().layout
    stops: list[tuple[str, Callable[[], object]]] = [
        ("Taking the scans", lambda: fitting.take_scans(widget.ui)),
        ("Choosing settings", lambda: fitting.choose_settings(widget.ui)),
        ("Running the preview", lambda: fitting.run(widget)),
        ("Opening the result", lambda: looking.see_it_open(widget)),
        ("Flickering", lambda: looking.flicker(widget)),
        ("Wiping", lambda: looking.wipe(widget)),
        ("Showing the map", lambda: looking.show_map(widget)),
        ("Scrubbing through time", lambda: looking.go_through_time(widget)),
        ("Fading", lambda: looking.fade(widget)),
        ("Intervals", lambda: looking.see_interval(widget, tell)),
        ("Surface of the brain", lambda: looking.see_surface(widget)),
        ("Regions", lambda: arranging.select_region(widget)),
        ("Comparing side by side", lambda: arranging.compare(widget)),
        ("Exporting", lambda: keeping.export(widget, folder / "export")),
        ("Putting the views back", lambda: arranging.put_views_back(widget, layout_before)),
        ("Bringing a bundle back", lambda: keeping.bring_back(widget, folder / "scene.mrb")),
    ]
    for told, stop in stops:
        tell(told)
        stop()
    return folder / "export"
