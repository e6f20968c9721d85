from __future__ import annotations

import csv
import errno
import json
import shutil
import stat
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest
from safetensors import safe_open

from LongitudinalINRLib import files
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.integrity import read_results
from LongitudinalINRLib.jobs.request import Outputs, ScanEntry
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.stages import align as align_stage
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.jobs.worker import perform


class Front:
    """Takes events; stops the job once it has been asked some times in one stage, if there is one."""

    def __init__(self, stop_in: str = "", after: int = 1):
        self.events: list[events.Event] = []
        self._stop_in = stop_in
        self._left = after

    def emit(self, event: events.Event) -> None:
        self.events.append(event)

    def should_stop(self) -> bool:
        if isinstance(self.last, events.Progress) and self.last.stage == self._stop_in:
            self._left -= 1
        return self._left <= 0

    @property
    def last(self) -> events.Event:
        return self.events[-1]


def do(folder: JobFolder, request=None, front: Front | None = None, **options) -> tuple[int, Front]:
    front = front or Front()
    code = perform(folder, front.emit, front.should_stop, request=request, **options)
    return code, front


@pytest.fixture
def a_job(a_folder, tiny_subject):
    a_folder.manifest.write_bytes(a_folder.request, tiny_subject.request().to_json().encode())
    return a_folder


@pytest.fixture(scope="module")
def a_full_result(tiny_subject, tmp_path_factory):
    """Do a job with every kind of map once, for the tests that only look."""
    folder = JobFolder(tmp_path_factory.mktemp("done") / "job")
    folder.create()
    outputs = Outputs(
        (0.0, 12.0, 18.0, 24.0, 30.0), ("jacobian", "rate", "aligned", "warped", "predicted"), False
    )
    request = tiny_subject.request(
        outputs=outputs,
        follow_up_labels=(ScanEntry(str(tiny_subject.labels), 24.0),),
        region_names={17: "left half"},
    )
    write_text(folder.request, request.to_json())
    code, front = do(folder)
    assert code == 0, front.last
    return folder, front


def test_a_job_tells_of_every_stage_in_order_and_ends_with_its_results(a_full_result):
    folder, front = a_full_result
    assert isinstance(front.events[0], events.Started)
    stages = list(dict.fromkeys(e.stage for e in front.events if isinstance(e, events.Progress)))
    assert stages == ["prepare", "series", "align", "fit", "model", "maps", "regions", "report"]
    assert isinstance(front.last, events.Done)
    for paths in front.last.results.values():
        assert all((folder.path / path).is_file() for path in paths)
    assert folder.state == "finished"
    assert front.last.results == read_results(folder).results


def test_a_result_folder_holds_these_files_and_no_others(a_full_result):
    folder, _ = a_full_result
    found = sorted(
        path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*") if path.is_file()
    )
    months = ("000.0", "012.0", "018.0", "024.0", "030.0")
    maps = [f"maps/{name}_{month}mo.nii.gz" for name in ("jacobian", "rate", "predicted") for month in months]
    maps += [
        f"maps/{name}_{month}mo.nii.gz" for name in ("aligned", "warped") for month in ("012.0", "024.0")
    ]
    names = [
        "alignment.json",
        "files.json",
        "fit.json",
        "inputs.json",
        "mask.nii.gz",
        "model.json",
        "model.safetensors",
    ]
    names += [
        "regions.csv",
        "request.json",
        "results.json",
        "trajectories.csv",
        "valid.nii.gz",
        "worker.lock",
    ]
    assert found == sorted(maps + names)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_maps_are_float32_on_the_baselines_own_grid(a_full_result, tiny_subject):
    folder, _ = a_full_result
    baseline = nib.load(tiny_subject.baseline)
    for path in folder.maps.iterdir():
        image = nib.load(path)
        assert image.get_data_dtype() == np.float32, path.name
        assert image.shape == baseline.shape
        np.testing.assert_allclose(image.affine, baseline.affine, atol=1e-5)


def test_the_maps_are_the_models_own_and_neutral_outside_the_mask(a_full_result, tiny_subject):
    import torch

    folder, _ = a_full_result
    result = open_result(folder.path, "cpu")
    points = nib.affines.apply_affine(tiny_subject.grid.affine, np.argwhere(tiny_subject.grid.array))
    jacobian, rate = result.model.jacobian_and_rate(torch.from_numpy(points), 18.0)
    for name, expected, outside in (("jacobian", jacobian, 1.0), ("rate", rate, 0.0)):
        found = nib.load(folder.maps / f"{name}_018.0mo.nii.gz").get_fdata()
        np.testing.assert_allclose(found[tiny_subject.grid.array], expected.numpy(), atol=2e-5)
        assert (found[~tiny_subject.grid.array] == outside).all()


def test_the_tables_have_every_region_at_every_month(a_full_result):
    folder, _ = a_full_result
    with folder.regions.open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = (
        "region,label,months,kind,mean_jacobian,volume_change_percent,rate_percent_per_year,"
        "mean_percent_per_year,sign_consistency,voxels,baseline_volume_ml,volume_ml"
    )
    assert ",".join(list(rows[0])[:12]) == columns
    assert [(row["region"], row["label"]) for row in rows[:3]] == [
        ("brain", "0"),
        ("left half", "17"),
        ("label 53", "53"),  # a map with a name of its own gets no other names
    ]
    kinds = {float(row["months"]): row["kind"] for row in rows}
    assert kinds == {
        0.0: "observed",
        12.0: "observed",
        18.0: "interpolated",
        24.0: "observed",
        30.0: "extrapolated",
    }
    with folder.trajectories.open(newline="") as file:
        months = {float(row["months"]) for row in csv.DictReader(file)}
    assert months == {float(month) for month in range(31)}


def test_the_account_of_the_fit_names_scans_by_place_and_hash_and_no_path(a_full_result, tiny_subject):
    folder, _ = a_full_result
    account = read_json(folder.fit)
    assert [(scan["name"], scan["months"]) for scan in account["scans"]] == [
        ("scan-0", 0.0),
        ("scan-1", 12.0),
        ("scan-2", 24.0),
    ]
    assert account["scans"][0]["sha256"] == read_json(folder.identity)["scan-0"]
    assert account["config"]["steps"] == 20
    assert account["loss_weights"] == account["config"]["weights"]
    assert [entry["determinant"] for entry in account["alignments"]] == [1.0, 1.0]
    assert account["scanner"] == {
        "same": False,
        "reason": "no header names the scanner of scan-0, scan-1, scan-2",
    }
    assert account["seconds"]["fit"] > 0
    assert len(account["history"]) >= 1
    assert {"torch", "numpy", "LongitudinalINR"} <= set(account["versions"])
    for file in (folder.fit, folder.model_description, folder.regions, folder.results, folder.alignment):
        assert str(tiny_subject.folder) not in file.read_text(encoding="utf-8")


def test_copies_of_scans_are_deleted_when_the_job_is_done_and_only_then(a_folder, tiny_subject):
    a_folder.inputs.mkdir()
    copies = {"scan-0.nii.gz": tiny_subject.baseline, "scan-1.nii.gz": tiny_subject.follow_ups[12.0]}
    for name, scan in copies.items():
        a_folder.manifest.write_bytes(a_folder.inputs / name, scan.read_bytes())
    request = tiny_subject.request(
        baseline="inputs/scan-0.nii.gz", follow_ups=(ScanEntry("inputs/scan-1.nii.gz", 12.0),)
    )
    write_text(a_folder.request, request.to_json())
    code, front = do(a_folder, front=Front("fit"))
    assert (code, front.last) == (3, events.Cancelled())
    assert len(list(a_folder.inputs.iterdir())) == 2
    assert do(a_folder)[0] == 0
    assert not a_folder.inputs.exists()
    assert tiny_subject.baseline.exists()


@pytest.mark.parametrize("stage", ["series", "align", "fit", "maps", "regions"])
def test_a_job_that_was_cancelled_anywhere_goes_on_to_its_end(a_job, stage, monkeypatch):
    code, front = do(a_job, front=Front(stage))
    assert (code, front.last) == (3, events.Cancelled())
    assert a_job.state == "unfinished"
    aligned = stage != "series"
    if aligned:
        monkeypatch.setattr(align_stage, "align", None)  # aligning again would fail
    if stage in ("maps", "regions"):
        monkeypatch.setattr("LongitudinalINRLib.jobs.work.fit_or_resume", None)  # and so would fitting again
    code, front = do(a_job)
    assert code == 0, front.last
    assert front.events[0].resumed == aligned
    assert not a_job.checkpoint.exists()
    assert a_job.state == "finished"


def test_what_is_asked_does_not_change_what_is_found(tiny_subject, tmp_path):
    """The months of the scans have the same bits in maps and tables, whatever other months are asked for."""
    found = []
    for name, asked in (("near", (12.0, 24.0)), ("far", (12.0, 24.0, 48.0))):
        folder = JobFolder(tmp_path / name)
        folder.create()
        request = tiny_subject.request(outputs=Outputs(asked, ("jacobian", "rate"), False))
        folder.manifest.write_bytes(folder.request, request.to_json().encode())
        code, front = do(folder)
        assert code == 0, front.last
        maps = [
            folder.maps / f"{quantity}_{month}mo.nii.gz"
            for quantity in ("jacobian", "rate")
            for month in ("012.0", "024.0")
        ]
        with folder.regions.open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if float(row["months"]) <= 24]
        with folder.trajectories.open(newline="") as file:
            courses = [row for row in csv.DictReader(file) if float(row["months"]) <= 24]
        found.append(([path.read_bytes() for path in maps], rows, courses, folder.model_weights.read_bytes()))
    assert found[0] == found[1]


def test_a_resumed_fit_has_the_same_weights_as_one_that_was_never_interrupted(a_job, a_result):
    code, _ = do(a_job, front=Front("fit", after=8))
    assert code == 3
    with safe_open(a_job.checkpoint, "pt") as file:
        assert json.loads(file.metadata()["scalars"])["steps_done"] == 7
    assert do(a_job)[0] == 0
    whole = JobFolder(a_result)
    assert a_job.model_weights.read_bytes() == whole.model_weights.read_bytes()
    assert read_json(a_job.fit)["history"] == read_json(whole.fit)["history"]


def test_maps_that_are_in_memory_are_those_on_the_disk(a_result):
    made, again = open_result(a_result, "cpu"), open_result(a_result, "cpu")
    for month in made.request.map_months:
        made.voxel_maps.maps(month, ["jacobian", "rate"])
    in_memory, read = WrittenMaps(made), WrittenMaps(again)
    assert list(in_memory) == list(read) == list(made.request.map_months)
    for month in read:
        assert made.voxel_maps.kept(month) is not None
        assert again.voxel_maps.kept(month) is None
        np.testing.assert_array_equal(in_memory[month].jacobian.array, read[month].jacobian.array)
        np.testing.assert_array_equal(in_memory[month].rate.array, read[month].rate.array)


def test_the_cancel_file_stops_a_job_and_is_taken_away_by_that(a_job):
    a_job.request_cancel()
    assert do(a_job)[0] == 3
    assert not a_job.cancel_requested()
    assert do(a_job)[0] == 0


def test_a_finished_job_answers_at_once(a_full_result):
    folder, front = a_full_result
    code, again = do(folder)
    assert code == 0
    assert [type(event) for event in again.events] == [events.Started, events.Done]
    assert again.last == front.last


def test_a_job_whose_input_changed_does_not_go_on(a_job, tiny_subject, tmp_path):
    changing = tmp_path / "t12.nii.gz"
    shutil.copy(tiny_subject.follow_ups[12.0], changing)
    request = tiny_subject.request(follow_ups=(ScanEntry(str(changing), 12.0),))
    a_job.manifest.write_bytes(a_job.request, request.to_json().encode())
    assert do(a_job, front=Front("fit"))[0] == 3
    shutil.copy(tiny_subject.follow_ups[24.0], changing)
    code, front = do(a_job)
    assert code == 2
    assert front.last.code == "input-changed"
    assert front.last.found == "changed: scan-1"


def test_another_subjects_result_is_kept_from_being_overwritten(a_full_result, tiny_subject):
    folder, _ = a_full_result
    before = folder.results.read_bytes()
    other = tiny_subject.request(
        baseline=str(tiny_subject.follow_ups[12.0]),
        follow_ups=(ScanEntry(str(tiny_subject.follow_ups[24.0]), 12.0),),
    )
    code, front = do(folder, other)
    assert (code, front.last.code) == (2, "other-subject")
    assert folder.results.read_bytes() == before


def test_a_new_request_takes_the_place_of_the_same_subjects_result(a_done_job, tiny_subject):
    new = tiny_subject.request(outputs=Outputs(maps_at_months=(6.0,), maps=("jacobian",), report=False))
    assert do(a_done_job, new)[0] == 0
    assert [path.name for path in a_done_job.maps.iterdir()] == ["jacobian_006.0mo.nii.gz"]
    assert read_json(a_done_job.request)["outputs"]["maps_at_months"] == [6.0]


def test_other_questions_to_the_same_fit_are_answered_by_its_model_without_another_fit(
    a_done_job, tiny_subject
):
    weights = a_done_job.model_weights.stat().st_mtime_ns
    code, front = do(
        a_done_job, tiny_subject.request(outputs=Outputs((0.0, 6.0, 12.0), ("jacobian",), False))
    )
    assert code == 0
    assert "fit" not in {event.stage for event in front.events if isinstance(event, events.Progress)}
    assert a_done_job.model_weights.stat().st_mtime_ns == weights
    expected = {f"maps/jacobian_{month}mo.nii.gz" for month in ("000.0", "006.0", "012.0")}
    assert set(front.last.results["maps"]) == expected
    assert {f"maps/{path.name}" for path in a_done_job.maps.iterdir()} == expected


def test_another_seed_is_another_fit(a_done_job, tiny_subject):
    config = replace(tiny_subject.usual.config, seed=8)
    code, front = do(a_done_job, tiny_subject.request(config=config))
    assert code == 0
    assert "fit" in {event.stage for event in front.events if isinstance(event, events.Progress)}


def test_a_new_request_that_cannot_be_used_leaves_the_result_as_it_was(a_done_job, tiny_subject, tmp_path):
    before = {path: path.read_bytes() for path in a_done_job.path.rglob("*") if path.is_file()}
    (tmp_path / "broken.nii.gz").write_bytes(b"not an image")
    code, front = do(a_done_job, tiny_subject.request(mask=str(tmp_path / "broken.nii.gz")))
    assert code == 2
    assert front.last.advice
    assert {path: path.read_bytes() for path in a_done_job.path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("full_at", ["inputs.json", "model.safetensors", "fit.json", "results.json"])
def test_a_full_disk_is_explained_and_leaves_nothing_half_written(a_job, monkeypatch, full_at):
    rename = files.os.replace

    def full(part, target):
        if target.name == full_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(part, target)

    monkeypatch.setattr(files.os, "replace", full)
    code, front = do(a_job)
    assert (code, front.last.code) == (2, "disk-full")
    assert front.last.advice
    assert not (a_job.path / full_at).exists()
    assert not list(a_job.path.rglob(f"{files.PART}*"))
    monkeypatch.undo()
    assert do(a_job)[0] == 0


def test_a_disk_that_is_full_at_a_map_is_explained_too(a_job, monkeypatch):
    def full(_image, _path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("LongitudinalINRLib.imaging.writing._save_nifti", full)
    code, front = do(a_job)
    assert code == 2
    assert "space" in front.last.expected
    monkeypatch.undo()
    assert do(a_job)[0] == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"schema_version": 99, "galaxy": "far away"}, "request-newer"),
        ({"colour": "red"}, "request-unknown-field"),
        ({"baseline": "inputs/missing.nii.gz"}, "file-missing"),
    ],
)
def test_a_bad_request_is_refused_by_the_worker(a_job, change, error):
    content = json.loads(a_job.request.read_text(encoding="utf-8"))
    a_job.manifest.write_bytes(a_job.request, json.dumps({**content, **change}).encode())
    code, front = do(a_job)
    assert (code, front.last.code) == (2, error)


def test_two_workers_do_not_share_a_folder(a_job):
    with a_job.working():
        code, front = do(a_job)
    assert (code, front.last.code) == (2, "already-running")


def test_a_defect_is_told_with_its_name_and_its_traceback_stays_out_of_the_events(a_job, monkeypatch, capsys):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(align_stage, "align", broken)
    code, front = do(a_job)
    assert code == 1
    assert front.last.code == "defect"
    assert "ZeroDivisionError" in front.last.found
    assert "Traceback" in capsys.readouterr().err
