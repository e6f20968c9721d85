"""One bit turned in any file of ours: it is noticed, and made good or named."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_json
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import damaged
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.ownership import sealed

FLIPS = 100
USED_BY_QUESTIONS = (
    "request.json",
    "inputs.json",
    "fit.json",
    "model.json",
    "model.safetensors",
    "mask.nii.gz",
)
ALL_WRITTEN = (*USED_BY_QUESTIONS, "alignment.json", "valid.nii.gz", "results.json", "regions.csv")
A_MAP = "maps/jacobian_012.0mo.nii.gz"


def flipped(path: Path, number: int) -> None:
    """Turn one bit of a file, another for each number."""
    content = bytearray(path.read_bytes())
    bit = random.Random(f"{path.name} {number}").randrange(8 * len(content))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def do(folder: JobFolder, should_stop=lambda: False) -> tuple[int, list[events.Event]]:
    told: list[events.Event] = []
    return perform(folder, told.append, should_stop, checkpoint_seconds=0.0), told


def numbers(count: int) -> list:
    """Return numbers of flips, each of which takes a whole fit to make good: the first in every run."""
    return [0, *(pytest.param(number, marks=pytest.mark.attack) for number in range(1, count))]


@pytest.mark.parametrize("name", [*ALL_WRITTEN, "trajectories.csv", A_MAP])
def test_a_flipped_bit_is_found_in_every_file_of_a_result(name, a_done_job):
    path = a_done_job.path / name
    whole = path.read_bytes()
    for number in range(FLIPS):
        path.write_bytes(whole)
        flipped(path, number)
        assert damaged(a_done_job) == [name], number


@pytest.mark.parametrize("name", USED_BY_QUESTIONS)
def test_no_question_is_answered_from_a_damaged_file(name, a_done_job):
    path = a_done_job.path / name
    whole = path.read_bytes()
    for number in range(FLIPS):
        path.write_bytes(whole)
        flipped(path, number)
        with pytest.raises(InputError) as refused:
            open_result(a_done_job.path, "cpu")
        assert refused.value.code == "result-damaged"
        assert name in refused.value.found


def test_a_damaged_map_is_not_measured(a_done_job):
    path = a_done_job.path / A_MAP
    maps = WrittenMaps(open_result(a_done_job.path, "cpu"))
    whole = path.read_bytes()
    for number in range(FLIPS):
        path.write_bytes(whole)
        flipped(path, number)
        with pytest.raises(InputError, match="damaged"):
            maps[12.0]


def test_a_damaged_manifest_is_made_again_from_the_results(a_done_job):
    whole = a_done_job.manifest.path.read_bytes()
    for number in range(FLIPS):
        a_done_job.manifest.path.write_bytes(whole)
        flipped(a_done_job.manifest.path, number)
        with pytest.raises(InputError, match=r"files\.json"):
            a_done_job.manifest.names()
        assert damaged(a_done_job) == []
        assert a_done_job.manifest.state(a_done_job.fit) == "ours"


def test_a_manifest_and_results_that_are_both_damaged_are_named(a_done_job):
    for path in (a_done_job.manifest.path, a_done_job.results):
        flipped(path, 0)
    code, told = do(a_done_job)
    assert (code, told[-1].code) == (2, "manifest-damaged")


@pytest.mark.parametrize("number", numbers(3))
@pytest.mark.parametrize("name", ["model.safetensors", "fit.json", "alignment.json", "results.json", A_MAP])
def test_what_is_damaged_in_a_result_is_made_again(name, number, a_done_job, a_result):
    flipped(a_done_job.path / name, number)
    code, told = do(a_done_job)
    assert code == 0, told[-1]
    warnings = [event.message for event in told if isinstance(event, events.Warning)]
    assert any(name in warning for warning in warnings)
    for same in ("model.safetensors", "mask.nii.gz", "regions.csv", A_MAP):
        assert (a_done_job.path / same).read_bytes() == (a_result / same).read_bytes()
    assert damaged(a_done_job) == []


def test_a_result_that_cannot_be_made_again_names_what_is_damaged_and_stays(tiny_subject, tmp_path):
    scans = tmp_path / "scans"
    shutil.copytree(tiny_subject.folder, scans)
    text = tiny_subject.request().to_json().replace(str(tiny_subject.folder), str(scans))
    folder = JobFolder(tmp_path / "job")
    folder.create()
    folder.manifest.write_bytes(folder.request, text.encode())
    assert do(folder)[0] == 0
    shutil.rmtree(scans)
    flipped(folder.path / A_MAP, 0)
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    code, told = do(folder)
    assert (code, told[-1].code) == (2, "result-damaged")
    assert A_MAP in told[-1].found
    assert "scan-0" in told[-1].found
    after = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("number", numbers(5))
def test_a_damaged_checkpoint_means_starting_over_with_a_warning(number, tiny_subject, a_result, tmp_path):
    folder = JobFolder(tmp_path / "job")
    folder.create()
    folder.manifest.write_bytes(folder.request, tiny_subject.request().to_json().encode())
    assert do(folder, folder.checkpoint.exists)[0] == 3
    flipped(folder.checkpoint, number)
    code, told = do(folder)
    warnings = [event.message for event in told if isinstance(event, events.Warning)]
    assert code == 0, told[-1]
    assert any("checkpoint" in warning and "starts over" in warning for warning in warnings)
    assert folder.model_weights.read_bytes() == JobFolder(a_result).model_weights.read_bytes()


def test_every_flip_in_a_checkpoint_is_noticed(tiny_subject, tmp_path):
    from LongitudinalINRLib.jobs.checkpoint import load_checkpoint, save_checkpoint

    folder = JobFolder(tmp_path / "job")
    folder.create()
    import torch

    from LongitudinalINRLib.core.state import FitState

    state = FitState({"network.weight": torch.randn(16, 16)}, {"steps_done": 7, "rate": 0.5})
    save_checkpoint(state, "key", folder)
    assert load_checkpoint("key", folder, pytest.fail).scalars == state.scalars
    whole = folder.checkpoint.read_bytes()
    for number in range(FLIPS):
        folder.checkpoint.write_bytes(whole)
        flipped(folder.checkpoint, number)
        warnings: list[str] = []
        assert load_checkpoint("key", folder, warnings.append) is None
        assert len(warnings) == 1


def test_a_lost_manifest_is_made_again_from_the_results_and_damage_still_shows(a_done_job):
    a_done_job.manifest.path.unlink()
    flipped(a_done_job.mask, 0)
    with pytest.raises(InputError) as refused:
        open_result(a_done_job.path, "cpu")
    assert "mask.nii.gz" in refused.value.found
    assert damaged(a_done_job) == ["mask.nii.gz"]


def test_a_damaged_manifest_does_not_keep_anybody_from_asking(a_done_job):
    flipped(a_done_job.manifest.path, 0)
    assert open_result(a_done_job.path, "cpu").model.observed_months == (12.0, 24.0)


def test_a_manifest_in_a_folder_that_may_only_be_read_is_kept_in_mind(a_done_job, monkeypatch):
    def read_only(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    a_done_job.manifest.path.unlink()
    monkeypatch.setattr("LongitudinalINRLib.ownership.files.write_text", read_only)
    flipped(a_done_job.mask, 0)
    assert damaged(a_done_job) == ["mask.nii.gz"]
    assert not a_done_job.manifest.path.exists()


def test_hashes_of_the_inputs_that_are_gone_are_missed_by_everybody(a_done_job, tiny_subject):
    a_done_job.identity.unlink()
    with pytest.raises(InputError) as refused:
        open_result(a_done_job.path, "cpu")
    assert "inputs.json" in refused.value.found
    for request in (None, tiny_subject.request()):
        told: list[events.Event] = []
        assert perform(a_done_job, told.append, lambda: False, request=request) == 2
        assert "inputs.json" in told[-1].found
    assert a_done_job.model_weights.exists()


SHAPES = {
    "no files": {"older": False},
    "no word of older versions": {"files": {}},
    "older as a number": {"older": 1, "files": {}},
    "files as a list": {"older": False, "files": ["fit.json"]},
    "a stamp that is a number": {"older": False, "files": {"model.json": 5}},
    "a stamp without a size": {"older": False, "files": {"model.json": [{"sha256": "0" * 64}]}},
    "a negative size": {"older": False, "files": {"model.json": [{"size": -1, "sha256": "0" * 64}]}},
    "a size that is true": {"older": False, "files": {"model.json": [{"size": True, "sha256": "0" * 64}]}},
    "a hash that is none": {"older": False, "files": {"model.json": [{"size": 1, "sha256": "x"}]}},
    "a path above": {"older": False, "files": {"../scan.nii.gz": []}},
    "an absolute path": {"older": False, "files": {"/scan.nii.gz": []}},
    "a drive": {"older": False, "files": {"C:scan.nii.gz": []}},
    "a way of Windows": {"older": False, "files": {"\\\\Users\\\\me\\\\scan.nii.gz": []}},
    "an empty part": {"older": False, "files": {"maps//x": []}},
    "an unknown version": {"older": False, "files": {}, "schema_version": 99},
}


@pytest.mark.parametrize("case", SHAPES)
def test_a_manifest_of_another_shape_with_a_right_digest_is_refused(case, tmp_path):
    folder = JobFolder(tmp_path / "job")
    folder.create()
    write_json(folder.manifest.path, sealed({"schema_version": 1, **SHAPES[case]}))
    code, told = do(folder)
    assert (code, told[-1].code) == (2, "manifest-damaged")
    assert told[-1].advice
