"""Objects read back by the libraries of others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from pydicom import Dataset
from scipy import ndimage

from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.imaging.volume import Volume

RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def read_map(path: Path) -> Volume:
    """Return a parametric map as real-world values, frames where highdicom puts them."""
    found = hd.pm.pmread(path) if hasattr(hd.pm, "pmread") else hd.imread(path)
    volume = found.get_volume(dtype=np.float64, apply_real_world_transform=True)
    return Volume(volume.array, RAS_FROM_LPS @ volume.affine)


def on_grid_of(volume: Volume, grid: Volume) -> np.ndarray:
    """Return the values at the middles of another grid's voxels; they must meet the volume's own."""
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3)
    mm = index @ grid.affine[:3, :3].T + grid.affine[:3, 3]
    back = np.linalg.inv(volume.affine)
    there = mm @ back[:3, :3].T + back[:3, 3]
    assert np.abs(there - np.rint(there)).max() < 1e-3, "the grids do not meet"
    values = ndimage.map_coordinates(volume.array, np.rint(there).T, order=0, mode="constant", cval=np.nan)
    return values.reshape(grid.shape)


def groups_of(report: Dataset) -> list[Dataset]:
    """Return the groups of measurements of a report, one for each region and month."""
    container = next(item for item in report.ContentSequence if concept_of(item) == "126010")
    return [item for item in container.ContentSequence if concept_of(item) == "125007"]


def concept_of(item: Dataset) -> str:
    """Return the code of what an item tells."""
    return str(item.ConceptNameCodeSequence[0].CodeValue)


def complaints(path: Path) -> list[str]:
    """Return what an independent validator finds in an object; the test skips where there is none."""
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (Debian: dicom3tools) is not installed")
    said = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
    lines = (said.stdout + said.stderr).splitlines()[1:]
    # A scheme of our own, and the value that the standard asks for, which is newer than the validator.
    return [line for line in lines if codes.SCHEME not in line and "<QUANTITY>" not in line]
