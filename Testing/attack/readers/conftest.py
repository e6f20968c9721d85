"""One way to say that a file is refused: with words, and with everything left as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_volume


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def code_of_refusal(tmp_path):
    """Return the code with which a file is refused, after looking at the words and at the folder."""

    def refuse(path, reader=read_volume):
        before = contents(tmp_path)
        with pytest.raises(InputError) as refusal:
            reader(path)
        error = refusal.value
        assert error.expected
        assert error.found
        assert error.advice
        assert path.name in error.message
        assert contents(tmp_path) == before
        return error.code

    return refuse


@pytest.fixture(scope="session")
def voxels():
    return np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype(np.int16)
