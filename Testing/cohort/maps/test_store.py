"""The store of everybody's change: what was named in its index is there, whatever happened since."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.cohort.maps.change import Change
from LongitudinalINRLib.cohort.maps.store import LOG_JACOBIAN, PEOPLE_A_SHARD, VOXELS_A_CHUNK, ChangeStore
from LongitudinalINRLib.errors import InputError

VOXELS, MONTHS = VOXELS_A_CHUNK + 100, (6.0, 12.0)


def _change(seed: int) -> Change:
    random = np.random.default_rng(seed)
    yearly, months = random.normal(0, 0.05, VOXELS), random.normal(0, 0.05, (2, VOXELS))
    return Change(yearly.astype(np.float32), months.astype(np.float32))


@pytest.fixture
def store(tmp_path):
    return ChangeStore(tmp_path, VOXELS, MONTHS, {"space": "here"})


def test_people_come_back_in_any_order_after_an_interruption(tmp_path, store):
    first = [(f"{n:02d}", "a", _change(n)) for n in range(PEOPLE_A_SHARD)]
    store.write(first)
    index = (tmp_path / "cohort.tsv").read_text()
    store.write([("16", "a", _change(99))])
    (tmp_path / "cohort.tsv").write_text(index)  # killed before the index told of the last one

    opened = ChangeStore(tmp_path, VOXELS, MONTHS, {"space": "here"})
    assert opened.has("15", "a")
    assert not opened.has("15", "another fit")
    assert not opened.has("16", "a")
    opened.write([("03", "b", _change(3)), ("16", "a", _change(16)), ("17", "a", _change(17))])

    wanted = ["17", "03", "16", "00"]
    expected = [_change(17), _change(3), _change(16), _change(0)]
    again = ChangeStore(tmp_path, VOXELS, MONTHS, {"space": "here"})
    assert np.allclose(again.table(wanted), [each.yearly for each in expected], atol=1e-4)
    parts = [values for _, values in again.blocks(wanted, LOG_JACOBIAN, 12.0)]
    assert np.allclose(np.hstack(parts), [each.log_jacobian[1] for each in expected], atol=1e-4)
    assert again.has("03", "b")


def test_other_months_begin_a_new_store(tmp_path, store):
    store.write([("01", "a", _change(1))])
    assert not ChangeStore(tmp_path, VOXELS, (6.0,), {"space": "here"}).has("01", "a")


def test_a_folder_of_somebody_else_is_refused_and_kept(tmp_path):
    (tmp_path / "cohort.zarr").mkdir()
    (tmp_path / "cohort.zarr" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not written by this program"):
        ChangeStore(tmp_path, VOXELS, MONTHS, {})
    assert (tmp_path / "cohort.zarr" / "mine.txt").read_text() == "mine"
