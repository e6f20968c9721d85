"""Writing everything that was asked for into one folder, with a manifest of how it was made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder, writing
from LongitudinalINRModule.export.choices import FORMATS, Choices, Item
from LongitudinalINRModule.export.taken import refuse_taken

if TYPE_CHECKING:
    import vtk

    from LongitudinalINRModule.result.continuous_time import ContinuousTime
    from LongitudinalINRModule.result.documents import Kind
    from LongitudinalINRModule.result.result import SceneResult

FRAMES = 36


@dataclass(frozen=True)
class _Part:
    """Files of an export, and what writes them."""

    names: Sequence[str]
    write: Callable[[], None]


def export_result(result: SceneResult, time: ContinuousTime, choices: Choices, folder: Path) -> list[Path]:
    """Write what was chosen.

    Parameters
    ----------
    result : SceneResult
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
        Something cannot be written, the result is damaged, or the folder holds a file of that name which no
        earlier export wrote: then nothing is changed.
    """
    from LongitudinalINRModule.export.manifest import write_manifest
    from LongitudinalINRModule.result.result_check import check_result

    check_result(result)
    parts = [part for item, part in _parts(result, time, choices, folder).items() if item in choices.items]
    written: list[Path] = []
    try:
        refuse_taken(folder, dict.fromkeys(name for part in parts for name in part.names))
        make_folder(folder)
        try:
            for part in parts:
                part.write()
                written += [folder / name for name in part.names]
        finally:
            if written:  # also when a later one failed: the next export knows them as ours
                write_manifest(result, folder, written)
    except OSError as error:
        raise InputError(
            "export-unwritable",
            "The files could not be written.",
            expected="a folder that may be written, with space on its disk",
            found=error.strerror or str(error),
            advice="Choose another folder.",
        ) from error
    return list(dict.fromkeys(written))


def _parts(result: SceneResult, time: ContinuousTime, choices: Choices, folder: Path) -> dict[Item, _Part]:
    from LongitudinalINRModule.export import map_export
    from LongitudinalINRModule.result.documents import documents_of, write_document
    from LongitudinalINRModule.result.quantities import QUANTITIES

    name, suffix = choices.map_name, choices.suffix
    if name not in QUANTITIES or suffix not in FORMATS:
        raise ValueError(f"There is no export of {name!r} as {suffix!r}.")

    def maps(months: Sequence[float]) -> _Part:
        names = [map_export.map_name_at(name, month, suffix) for month in months]

        def write() -> None:
            for month, each in zip(months, names, strict=True):
                map_export.export_map(result, name, month, folder / each)

        return _Part(names, write)

    def texts(*kinds: Kind) -> _Part:
        nodes = documents_of(result, kinds)

        def write() -> None:
            for file_name, node in nodes.items():
                write_document(node, folder / file_name)

        return _Part(list(nodes), write)

    def of(file_name: str, write: Callable[[Path], None]) -> _Part:
        return _Part([file_name], lambda: write(folder / file_name))

    parts: dict[Item, _Part] = {
        "map_now": maps([time.months]),
        "all_maps": maps(result.months),
        "sequence": of(f"{name}.seq.nrrd", lambda path: map_export.export_sequence(result, name, path)),
        "regions": texts("regions", "trajectories"),
        "report": texts("report"),
        "picture": of("views.png", lambda path: _picture(result, time, path)),
        "sheet": of("months.png", lambda path: _sheet(result, time, path)),
    }
    if "animation" in choices.items:  # else nobody has to look for ffmpeg
        parts["animation"] = _animation(result, time, folder)
    return parts


def _picture(result: SceneResult, time: ContinuousTime, path: Path) -> None:
    from LongitudinalINRModule.export import pictures

    pictures.save_picture(pictures.film(result, time, [time.months], _grab)[0], path)


def _animation(result: SceneResult, time: ContinuousTime, folder: Path) -> _Part:
    """Return the part of the animation: MP4 where Slicer finds ffmpeg, else GIF."""
    from LongitudinalINRModule.export import pictures, video

    logic = video.screen_capture()
    path = folder / ("views.gif" if logic is None else "views.mp4")

    def write() -> None:
        months = np.linspace(result.months[0], result.months[-1], FRAMES)
        frames = pictures.film(result, time, months.tolist(), _grab)
        if logic is None:
            pictures.save_animation(frames, path)
        else:
            video.save_video(frames, path, logic)

    return _Part([path.name], write)


def _sheet(result: SceneResult, time: ContinuousTime, path: Path) -> None:
    from LongitudinalINRModule.export import pictures

    with writing(path) as part:
        pictures.contact_sheet(pictures.film(result, time, result.months, _grab)).save(part, format="PNG")


def _grab() -> vtk.vtkImageData:
    """Return the picture of the slice views that the layout shows.

    Raises
    ------
    InputError
        There is no view, or the views show two months.
    """
    from LongitudinalINRModule.display.comparison_layout import LAYOUT_ID, is_of_comparison
    from LongitudinalINRModule.export.pictures import grab_windows

    layout = slicer.app.layoutManager()
    names = layout.sliceViewNames() if layout is not None else []
    if layout is not None and layout.layoutLogic().GetLayoutNode().GetViewArrangement() == LAYOUT_ID:
        raise InputError(
            "views-compared",
            "The views show a comparison of two months, which a picture of one month cannot tell.",
            expected="the views of one month",
            found="a comparison side by side",
            advice="Press Put views back, or leave the pictures out.",
        )
    widgets = [layout.sliceWidget(name) for name in names if not is_of_comparison(name)]
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
