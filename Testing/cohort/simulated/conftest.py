"""The brain that the people of the tests are likenesses of."""

from __future__ import annotations

from pathlib import Path

import pytest

from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.simulate.builtin import builtin_subject


@pytest.fixture(scope="session")
def brain_files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Files of the average brain in voxels of 6 mm, and of its regions."""
    folder = tmp_path_factory.mktemp("brain")
    paths = folder / "t1.nii.gz", folder / "labels.nii.gz"
    for volume, path in zip(builtin_subject(6.0), paths, strict=True):
        write_volume(volume, path)
    return [paths]
