"""Whether the maps of a job lie on its one grid, told by their headers before their voxels take memory."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.result.result_files import ResultFiles
from LongitudinalINRModule.stored_documents import (
    check_own_folder,
    check_regular,
    shown,
)

SHOWN_MAPS = ("jacobian", "rate", "interval", "aligned", "warped", "displacement")
_LARGEST_DISAGREEMENT_MM = 0.01
# What deflate can make of one byte at most, and the header of a file.
_LARGEST_INFLATION, _HEADER_BYTES = 1032, 4096


@dataclass(frozen=True, eq=False)
class Grid:
    """Voxels of a file, by its header.

    Parameters
    ----------
    name : str
        The file.
    shape : tuple of int
        All axes.
    affine : ndarray, shape (4, 4)
        Voxel to RAS mm.
    """

    name: str
    shape: tuple[int, ...]
    affine: NDArray[np.float64]


def check_grids(files: ResultFiles, baseline: Path | None = None) -> None:
    """Refuse a job whose maps are missing, or lie on another grid than its masks, baseline or one another.

    Parameters
    ----------
    files : ResultFiles
        The job.
    baseline : Path, optional
        A file that is going to be read as the scan the maps lie on.

    Raises
    ------
    InputError
        A map is missing, is no regular file, or its header tells of other voxels.
    """
    check_own_folder(files.folder.maps)
    paths = [
        files.path(name, month) for name in SHOWN_MAPS if name in files.maps for month in files.months(name)
    ]
    before = [path for path in (files.folder.mask, files.folder.valid) if os.path.lexists(path)]
    if baseline is not None and os.path.isfile(baseline):  # whoever reads it tells if it is not there
        before.append(baseline)
    reference = None
    for path in (*before, *paths):
        if path is not baseline:
            check_regular(path)
        grid = read_grid(path)
        reference = reference or grid
        _check_same(reference, grid)


def read_grid(path: Path) -> Grid:
    """Return the voxels that the header of a file tells of, if the file is large enough to hold them.

    Raises
    ------
    InputError
        The file is missing, no image, or too small for what its header says.
    """
    import nibabel as nib
    from nibabel.filebasedimages import ImageFileError
    from nibabel.spatialimages import HeaderDataError

    unreadable = (OSError, EOFError, ValueError, OverflowError, zlib.error, ImageFileError, HeaderDataError)
    try:
        image: Any = nib.load(path, mmap=False)
        size = path.stat().st_size
        grid = Grid(path.name, tuple(image.shape), np.array(image.affine, np.float64))
        needed = int(np.prod(grid.shape, dtype=np.float64)) * image.get_data_dtype().itemsize
    except FileNotFoundError as error:
        raise InputError(
            "map-missing",
            f"The map {path.name} is missing.",
            expected="every map that the job was asked for",
            found="no such file",
            advice="Run the job again, or choose a result folder that is complete.",
        ) from error
    except unreadable as error:
        raise _unusable(path.name, shown(str(error))) from error
    if needed > _LARGEST_INFLATION * (size + _HEADER_BYTES):
        raise _unusable(path.name, f"a header that tells of {needed >> 20} MB, in a file of {size} bytes")
    return grid


def _check_same(reference: Grid, grid: Grid) -> None:
    if grid.shape[:3] != reference.shape[:3]:
        own, other = (" x ".join(str(n) for n in each.shape[:3]) for each in (grid, reference))
        raise _unusable(grid.name, f"{own} voxels, where {reference.name} has {other}")
    if not np.allclose(grid.affine, reference.affine, rtol=0.0, atol=_LARGEST_DISAGREEMENT_MM):
        raise _unusable(grid.name, f"voxels that lie elsewhere than those of {reference.name}")


def _unusable(name: str, found: str) -> InputError:
    return InputError(
        "map-unusable",
        f"{name} of the job cannot be used.",
        expected="a map on the grid of the job's baseline",
        found=found,
        advice="Run the job again, or choose another result folder.",
    )
