"""Maps of a result as files: at one month, at all months, or as a sequence file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import slicer

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import writing
from LongitudinalINRLib.words import month_label
from LongitudinalINRModule.result.map_interpolation import interpolate_map
from LongitudinalINRModule.result.result import SceneResult
from LongitudinalINRModule.scans.scan_export import volume_of


def export_map(result: SceneResult, map_name: str, months: float, path: Path) -> None:
    """Write a map at any month, float32 on the baseline's grid.

    Parameters
    ----------
    result : SceneResult
        Gives the map.
    map_name : str
        `jacobian`, `log-jacobian` or `rate`.
    months : float
        Since baseline, within the stored times.
    path : Path
        Ends in one of `MAP_SUFFIXES`.

    Raises
    ------
    InputError
        The month is beyond the stored times, or the file cannot be written.
    """
    from LongitudinalINRLib.imaging.writing import write_volume

    stored = result.months
    if not stored[0] <= months <= stored[-1]:
        raise InputError(
            "month-not-stored",
            f"There is no map at month {months:g}.",
            expected=f"a month from {stored[0]:g} to {stored[-1]:g}",
            found=f"{months:g}",
            advice="Run the job again with a later last month.",
        )
    reference = volume_of(result.sequence("jacobian").GetNthDataNode(0))
    voxels = np.empty(reference.array.shape[::-1], np.float32)
    interpolate_map(result, map_name, months, voxels)
    write_volume(reference.with_array(voxels.transpose(2, 1, 0)), path)


def map_name_at(map_name: str, months: float, suffix: str) -> str:
    """Return what the file of a map is called, as the job names its own."""
    return f"{map_name}_{month_label(months)}mo{suffix}"


def export_sequence(result: SceneResult, map_name: str, path: Path) -> None:
    """Write the stored maps of all times as one ``.seq.nrrd`` file, its index in months.

    Raises
    ------
    KeyError
        The result has no such map in the scene.
    InputError
        The file cannot be written.
    """
    sequence = result.sequence(map_name)
    storage = slicer.vtkMRMLVolumeSequenceStorageNode()
    try:
        with writing(path) as part:  # which ends like the file: the ending tells the format
            storage.SetFileName(str(part))
            if not storage.WriteData(sequence):
                raise OSError(f"Slicer could not write it into {path.parent}")
    except OSError as error:
        raise InputError(
            "cannot-write",
            f"{path.name} could not be written.",
            expected="a folder that can be written to, with space on its disk",
            found=error.strerror or str(error),
            advice="Choose another folder.",
        ) from error
