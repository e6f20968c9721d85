"""A region that is left out of the comparison, from the request to the account."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.imaging.exclusion import compared_brain, excluded_from, exclusion_warnings
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRLib.jobs.identity import input_files
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.worker import perform


def done(folder, request) -> tuple[int, list[events.Event]]:
    write_text(folder.request, request.to_json())
    told: list[events.Event] = []
    return perform(folder, told.append, lambda: False), told


def written(grid: Volume, chosen: np.ndarray, path) -> str:
    write_volume(grid.with_array(chosen.astype(np.uint8)), path)
    return str(path)


def test_a_job_keeps_how_much_was_left_out_and_names_the_regions_cut(a_folder, tiny_subject, tmp_path):
    chosen = tiny_subject.grid.array & (np.indices(tiny_subject.grid.shape)[0] > 12)
    request = tiny_subject.request(exclude=written(tiny_subject.grid, chosen, tmp_path / "lesion.nii.gz"))
    code, told = done(a_folder, request)
    assert code == 0
    account = read_json(a_folder.fit)
    assert account["excluded_ml"] == pytest.approx(chosen.sum() * 0.008)
    assert "exclude" in read_json(a_folder.identity)
    said = [event.message for event in told if isinstance(event, events.Warning)]
    assert any("of the brain is left out of the comparison" in text for text in said)
    (cut,) = (text for text in said if "these regions" in text)
    assert cut.endswith("labels 53.")
    assert {text for text in said if "left out" in text} <= set(account["warnings"])


def test_leaving_out_the_whole_brain_is_refused_before_the_fit(a_folder, tiny_subject):
    code, told = done(a_folder, tiny_subject.request(exclude=str(tiny_subject.labels)))
    assert code == 2
    assert told[-1].code == "exclude-everything"
    assert not a_folder.fit.exists()


def test_a_region_outside_the_brain_is_warned_of(a_folder, tiny_subject, tmp_path):
    corner = np.zeros(tiny_subject.grid.shape, bool)
    corner[0, 0, 0] = True
    request = tiny_subject.request(exclude=written(tiny_subject.grid, corner, tmp_path / "corner.nii.gz"))
    code, told = done(a_folder, request)
    assert code == 0
    said = [event.message for event in told if isinstance(event, events.Warning)]
    assert any("lies outside the brain mask" in text for text in said)


def test_a_small_lesion_in_large_regions_gives_no_warning():
    mask = Volume(np.ones((10, 10, 10), bool), np.eye(4))
    lesion = np.zeros(mask.shape, bool)
    lesion[:3, :3, :3] = True
    labels = mask.with_array(np.ones(mask.shape, np.int16))
    assert exclusion_warnings(mask, mask.with_array(lesion), labels) == []
    assert exclusion_warnings(mask, None, labels) == []
    left = compared_brain(mask, mask.with_array(lesion))
    assert left.array.sum() == 1000 - 27
    with pytest.raises(InputError, match="covers the whole brain mask"):
        compared_brain(mask, mask)


def test_what_is_left_out_is_an_input_by_name_and_survives_its_json(tiny_subject):
    request = tiny_subject.request(exclude="lesion.nii.gz")
    assert input_files(request)["exclude"] == "lesion.nii.gz"
    assert Request.from_json(request.to_json()) == request


def test_a_region_without_a_voxel_and_one_in_another_space_are_refused():
    grid = Volume(np.zeros((10, 10, 10), np.uint8), np.eye(4))
    with pytest.raises(InputError, match="The region to leave out is empty"):
        excluded_from(grid, grid)
    elsewhere = Volume(np.ones((10, 10, 10), np.uint8), np.diag([2.0, 2.0, 2.0, 1.0]))
    with pytest.raises(InputError, match="The region to leave out is in another space"):
        excluded_from(elsewhere, grid)
