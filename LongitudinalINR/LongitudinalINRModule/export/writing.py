"""Writing everything that was asked for into one folder, with a manifest of how it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import writing
from LongitudinalINRModule.export.choices import Choices, Item

FRAMES = 36


def export_result(result, time, choices: Choices, folder: Path) -> list[Path]:
    """Write what was chosen.

    Parameters
    ----------
    result : Result
        In the scene.
    time : ContinuousTime
        What shows it; it is put back to its month.
    choices : Choices
        What to write.
    folder : Path
        Made if it is missing.

    Returns
    -------
    list of Path
        What was written; beside it lies ``manifest.json``.

    Raises
    ------
    InputError
        Something cannot be written.
    """
    from LongitudinalINRModule.mrml.provenance import write_manifest

    writers = _writers(result, time, choices, folder)
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for item, write in writers.items():
            if item in choices.items:
                written += write()
        write_manifest(result, folder, written)
    except OSError as error:
        raise InputError(
            "export-unwritable",
            "The files could not be written.",
            expected="a folder that may be written, with space on its disk",
            found=error.strerror or str(error),
            advice="Choose another folder.",
        ) from error
    return written


def _writers(result, time, choices: Choices, folder: Path) -> dict[Item, Callable[[], list[Path]]]:
    from LongitudinalINRModule.mrml import map_export
    from LongitudinalINRModule.mrml.documents import write_documents

    name = choices.map_name

    def sequence() -> list[Path]:
        path = folder / f"{name}.seq.nrrd"
        map_export.export_sequence(result, name, path)
        return [path]

    return {
        "map_now": lambda: map_export.export_maps(result, name, [time.months], folder, choices.suffix),
        "all_maps": lambda: map_export.export_maps(result, name, result.months, folder, choices.suffix),
        "sequence": sequence,
        "regions": lambda: write_documents(result, ("regions", "trajectories"), folder),
        "report": lambda: write_documents(result, ("report",), folder),
        "picture": lambda: _picture(result, time, folder / "views.png"),
        "animation": lambda: _animation(result, time, folder / "views.gif"),
        "sheet": lambda: _sheet(result, time, folder / "months.png"),
    }


def _picture(result, time, path: Path) -> list[Path]:
    from LongitudinalINRModule.mrml import pictures

    pictures.save_picture(pictures.film(result, time, [time.months], _grab)[0], path)
    return [path]


def _animation(result, time, path: Path) -> list[Path]:
    from LongitudinalINRModule.mrml import pictures

    months = np.linspace(result.months[0], result.months[-1], FRAMES)
    pictures.save_animation(pictures.film(result, time, months.tolist(), _grab), path)
    return [path]


def _sheet(result, time, path: Path) -> list[Path]:
    from LongitudinalINRModule.mrml import pictures

    with writing(path) as part:
        pictures.contact_sheet(pictures.film(result, time, result.months, _grab)).save(part, format="PNG")
    return [path]


def _grab():
    """Return the picture of the slice views that the layout shows.

    Raises
    ------
    InputError
        There is no view.
    """
    from LongitudinalINRModule.mrml.pictures import grab_windows

    layout = slicer.app.layoutManager()
    names = layout.sliceViewNames() if layout is not None else []
    widgets = [layout.sliceWidget(name) for name in names]
    # Views that another layout has shown are still there, and keep what they showed then.
    shown = [widget for widget in widgets if widget.mrmlSliceNode().IsMappedInLayout()]
    windows = [widget.sliceView().renderWindow() for widget in shown or widgets]
    if not windows:
        raise InputError(
            "no-views",
            "There are no slice views to take a picture of.",
            expected="a layout with slice views",
            found="none",
            advice="Choose a layout with slice views, or leave the pictures out.",
        )
    return grab_windows(windows)
