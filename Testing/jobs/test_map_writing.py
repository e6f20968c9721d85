"""Maps are written while the next ones are computed."""

from types import SimpleNamespace

import numpy as np
import pytest

from LongitudinalINRLib.errors import Cancelled
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.stages import maps
from LongitudinalINRLib.jobs.stages.maps import write_maps

MONTHS = (0.0, 6.0, 12.0, 18.0, 24.0)


@pytest.fixture
def a_job(a_folder):
    stop = SimpleNamespace(now=False)

    def check_stop():
        if stop.now:
            raise Cancelled

    reporter = SimpleNamespace(should_stop=lambda: stop.now, progress=lambda _: None, check_stop=check_stop)
    request = SimpleNamespace(map_months=MONTHS, months=(0.0,), outputs=SimpleNamespace(maps=["jacobian"]))
    return SimpleNamespace(folder=a_folder, request=request, reporter=reporter, stop=stop)


@pytest.fixture
def expected():
    return []


@pytest.fixture
def a_result(expected):
    return SimpleNamespace(voxel_maps=SimpleNamespace(expect=expected.append))


@pytest.fixture
def computed(monkeypatch):
    months = []

    def predict(result, month, names, should_stop):
        months.append(month)
        return {name: Volume(np.full((2, 2, 2), month, np.float32), np.eye(4)) for name in names}

    monkeypatch.setattr(maps, "predict", predict)
    return months


def test_only_the_months_whose_maps_are_missing_are_made_together(a_job, a_result, expected, computed):
    for path in write_maps(a_job, a_result)[:2]:
        a_job.folder.manifest.remove([path])
    write_maps(a_job, a_result)
    assert expected == [list(MONTHS), list(MONTHS[:2])]


def test_every_map_is_written_whole_and_kept_by_the_next_run(a_job, a_result, computed):
    paths = write_maps(a_job, a_result)
    assert [path.name for path in paths] == [f"jacobian_{month:05.1f}mo.nii.gz" for month in MONTHS]
    assert all(a_job.folder.manifest.state(path) == "ours" for path in paths)
    before = [path.read_bytes() for path in paths]
    assert write_maps(a_job, a_result) == paths
    assert [path.read_bytes() for path in paths] == before


def test_no_more_than_one_month_waits_to_be_written(a_job, a_result, computed, monkeypatch):
    ahead = []
    plain = maps.write_volume

    def counting(volume, path, place):
        plain(volume, path, place)
        ahead.append(len(computed) - len(ahead))

    monkeypatch.setattr(maps, "write_volume", counting)
    write_maps(a_job, a_result)
    assert len(ahead) == len(MONTHS)
    assert max(ahead) <= 2


@pytest.mark.parametrize("month", [0.0, 24.0])
def test_an_error_of_writing_ends_the_job(a_job, a_result, computed, monkeypatch, month):
    plain = maps.write_volume

    def failing(volume, path, place):
        if volume.array[0, 0, 0] == month:
            raise OSError("No space left on device")
        plain(volume, path, place)

    monkeypatch.setattr(maps, "write_volume", failing)
    with pytest.raises(OSError, match="No space left"):
        write_maps(a_job, a_result)
    assert len(computed) <= MONTHS.index(month) + 2


def test_a_stopped_job_leaves_whole_maps_alone(a_job, a_result, computed, monkeypatch):
    monkeypatch.setattr(a_job.reporter, "progress", lambda share: setattr(a_job.stop, "now", share > 0.3))
    with pytest.raises(Cancelled):
        write_maps(a_job, a_result)
    assert computed == [0.0, 6.0]
    left = sorted(path.name for path in a_job.folder.maps.iterdir())
    assert left == ["jacobian_000.0mo.nii.gz", "jacobian_006.0mo.nii.gz"]
