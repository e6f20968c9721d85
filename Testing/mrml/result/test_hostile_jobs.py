"""A damaged or hostile job folder is told; scene, folder and everything beside it stay as they were."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import stat
import struct
from contextlib import suppress

import numpy as np
import pytest
from LongitudinalINRModule.background.steps import here
from LongitudinalINRModule.jobs.arrival import bring_in
from LongitudinalINRModule.jobs.job_store import JobStore, StoredJob
from LongitudinalINRModule.result.result import results_in

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder

HEADER = "region,label,months,volume_change_percent,rate_percent_per_year,sign_consistency,baseline_volume_ml"
ROWS = [
    f"Lesion,{label},{month},{change},1,0.9,4" for label, change in ((1, 5), (2, -5)) for month in (0, 24)
]
MAP = "maps/jacobian_012.0mo.nii.gz"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="makes links, pipes and names that Windows has not")


def save(path, array, affine):
    import nibabel as nib

    image = nib.Nifti1Image(array, affine)
    image.set_sform(affine, code=1)
    image.header.set_xyzt_units(xyz="mm")
    nib.save(image, path)


@pytest.fixture
def a_job(job_folder, phantom, tmp_path):
    """A finished job with everything that the panel reads, beside a file of somebody else."""
    folder = tmp_path / "jobs" / "job-20260101-080000-aaaaaa"
    shutil.copytree(job_folder, folder)
    save(folder / "baseline.nii", phantom.scan, phantom.affine)
    save(folder / "mask.nii.gz", np.ones(phantom.shape, np.uint8), phantom.affine)
    for name in ("regions.csv", "trajectories.csv"):
        (folder / name).write_text("\n".join([HEADER, *ROWS]) + "\n")
    (folder / "report.html").write_text("<p>report</p>")
    kinds = ("model", "fit", "maps", "mask", "valid", "regions", "trajectories", "report")
    (folder / "results.json").write_text(
        json.dumps({"results": {kind: [] for kind in kinds}, "seconds": 1.0})
    )
    (folder / "panel.json").write_text('{"region_colours": [{"label": 1, "colour": [1, 0, 0]}]}')
    (tmp_path / "secret.json").write_text("{}")
    return folder


def text(name, content):
    return lambda folder: (folder / name).write_text(content)


def raw(name, content):
    return lambda folder: (folder / name).write_bytes(content)


def missing(name):
    return lambda folder: (folder / name).unlink()


def request(**changes):
    def change(folder):
        content = json.loads((folder / "request.json").read_text())
        (folder / "request.json").write_text(json.dumps(content | changes))

    return change


def outputs(**changes):
    def change(folder):
        content = json.loads((folder / "request.json").read_text())
        content["outputs"] |= changes
        (folder / "request.json").write_text(json.dumps(content))

    return change


def link(name, target):
    def change(folder):
        path = folder / name
        (shutil.rmtree if path.is_dir() else os.unlink)(path)
        path.symlink_to(target)

    return change


def instead(name, make):
    def change(folder):
        (folder / name).unlink()
        make(folder / name)

    return change


def linked_maps(folder):
    (folder / "maps").rename(folder.parent / "elsewhere")
    (folder / "maps").symlink_to(folder.parent / "elsewhere")


def a_map(change):
    def damage(folder):
        import nibabel as nib

        image = nib.load(folder / MAP)
        array, affine = change(np.asanyarray(image.dataobj).copy(), image.affine.copy())
        save(folder / MAP, array, affine)

    return damage


def with_nan(array, affine):
    array[0, 0, 0] = np.nan
    return array, affine


def claims(shape, name=MAP):
    """Let the header tell of other voxels than the file holds."""

    def damage(folder):
        opener = gzip.open if name.endswith(".gz") else open
        with opener(folder / name, "rb") as stream:
            content = bytearray(stream.read())
        content[42:48] = struct.pack("<3h", *shape)
        with opener(folder / name, "wb") as stream:
            stream.write(content)

    return damage


def shorter(folder):
    content = (folder / MAP).read_bytes()
    (folder / MAP).write_bytes(content[: len(content) // 2])


def table(name, lines):
    return text(name, "\n".join(lines) + "\n")


def follow_ups(*months):
    return request(follow_ups=[{"path": f"scan-{n}.nii", "months": month} for n, month in enumerate(months)])


DEEP = "[" * 100_000
SHAPES = {"a list": "[]", "a number": "5", "null": "null", "text": '"x"', "half": '{"a": ', "deep": DEEP}
CASES = {
    **{f"request.json is {kind}": text("request.json", content) for kind, content in SHAPES.items()},
    **{f"fit.json is {kind}": text("fit.json", content) for kind, content in SHAPES.items()},
    **{f"results.json is {kind}": text("results.json", content) for kind, content in SHAPES.items()},
    **{f"panel.json is {kind}": text("panel.json", content) for kind, content in SHAPES.items()},
    "request.json is missing": missing("request.json"),
    "request.json is empty": text("request.json", ""),
    "request.json is not UTF-8": raw("request.json", b"\xff\xfe{}"),
    "request.json of another program": text("request.json", '{"name": "package", "version": "1.0"}'),
    "request.json links away": link("request.json", "/etc/passwd"),
    "request.json links to JSON elsewhere": link("request.json", "../../secret.json"),
    "request.json links to itself": link("request.json", "request.json"),
    "request.json is a pipe": instead("request.json", os.mkfifo if hasattr(os, "mkfifo") else None),
    "request.json is a folder": instead("request.json", os.mkdir),
    "request.json is endless": link("request.json", "/dev/zero"),
    "request of a newer version": request(schema_version=99),
    "request of no version": request(schema_version=None),
    "request whose version is true": request(schema_version=True),
    "request with an unknown key": request(surprise=1),
    "request whose config is a list": request(config=[1]),
    "request without follow-ups": request(follow_ups=[]),
    "request whose follow-ups are a number": request(follow_ups=3),
    "request whose follow-ups are texts": request(follow_ups=["scan"]),
    "request whose baseline is a number": request(baseline=5),
    "request whose baseline has a null": request(baseline="a\0b"),
    "request whose outputs are a list": request(outputs=[]),
    "a follow-up at a month of text": follow_ups("twelve"),
    "a follow-up before the baseline": follow_ups(-12.0),
    "a follow-up at the baseline": follow_ups(1e-300),
    "a follow-up in a million years": follow_ups(1.2e7),
    "a follow-up at infinity": follow_ups(float("inf")),
    "a follow-up at no number": follow_ups(float("nan")),
    "a follow-up at true": follow_ups(True),
    "two follow-ups almost at once": follow_ups(12.0, 12.0001),
    "a huge whole number of months": follow_ups(10**400),
    "maps at no months": outputs(maps_at_months=[]),
    "maps at a single month": outputs(maps_at_months=[12.0]),
    "maps at too many months": outputs(maps_at_months=[n / 10 for n in range(2000)]),
    "maps at months of text": outputs(maps_at_months="0 12"),
    "maps of an unknown name": outputs(maps=["../../etc/passwd"]),
    "maps that are text": outputs(maps="jacobian"),
    "maps twice": outputs(maps=["jacobian", "jacobian"]),
    "maps that are lists": outputs(maps=[["jacobian"]]),
    "a map that was not made": outputs(maps_at_months=[0.0, 12.0, 1200.0]),
    "colours of text": text("panel.json", '{"region_colours": "red"}'),
    "colours beyond white": text("panel.json", '{"region_colours": [{"label": 1, "colour": [9, 0, 0]}]}'),
    "colours without label": text("panel.json", '{"region_colours": [{"colour": [1, 0, 0]}]}'),
    "colours of no number": text("panel.json", '{"region_colours": {"Lesion": [NaN, 0, 0]}}'),
    "panel.json links away": link("panel.json", "../../secret.json"),
    "fit.json links away": link("fit.json", "../../secret.json"),
    "results.json is a folder": instead("results.json", os.mkdir),
    "the maps lie elsewhere": linked_maps,
    "the maps are a file": lambda folder: (shutil.rmtree(folder / "maps"), (folder / "maps").touch()),
    "there are no maps": lambda folder: shutil.rmtree(folder / "maps"),
    "a map is missing": missing(MAP),
    "a map is empty": raw(MAP, b""),
    "a map is text": raw(MAP, b"no image"),
    "a map ends early": shorter,
    "a map links away": link(MAP, "/etc/passwd"),
    "a map links to another": link(MAP, "jacobian_000.0mo.nii.gz"),
    "a map is a folder": instead(MAP, os.mkdir),
    "a map is a pipe": instead(MAP, os.mkfifo if hasattr(os, "mkfifo") else None),
    "a map of another shape": a_map(lambda array, affine: (array[:-1], affine)),
    "a map that lies elsewhere": a_map(lambda array, affine: (array, affine + np.eye(4)[:, [3, 3, 3, 0]].T)),
    "a map flipped left to right": a_map(lambda array, affine: (array, np.diag([-1, 1, 1, 1]) @ affine)),
    "a map with a voxel that is no number": a_map(with_nan),
    "a map of several frames": a_map(lambda array, affine: (np.stack([array, array], -1), affine)),
    "a map that claims 720^3 voxels": claims((720, 720, 720)),
    "a map of no voxels": claims((0, 0, 0)),
    "a map of a negative size": claims((-5, 28, 20)),
    "a mask that claims 720^3 voxels": claims((720, 720, 720), "mask.nii.gz"),
    "a mask of another shape": claims((12, 28, 20), "mask.nii.gz"),
    "a baseline that claims 30000^3 voxels": claims((30000, 30000, 30000), "baseline.nii"),
    "a baseline that links away": link("baseline.nii", "/etc/passwd"),
    "a baseline that is gone": missing("baseline.nii"),
    "a baseline of an endless name": lambda folder: (
        missing("baseline.nii")(folder),
        request(baseline="x" * 5000)(folder),
    ),
    "no table over time": missing("trajectories.csv"),
    "a table that is a pipe": instead("regions.csv", os.mkfifo if hasattr(os, "mkfifo") else None),
    "a table that links away": link("regions.csv", "/etc/passwd"),
    "an empty table": text("regions.csv", ""),
    "a table without rows": table("regions.csv", [HEADER]),
    "a table without labels": table("regions.csv", [HEADER.replace("label", "number"), *ROWS]),
    "a table with text for numbers": table(
        "regions.csv", [HEADER, *[each.replace(",4", ",four") for each in ROWS]]
    ),
    "a table with text for months": table("trajectories.csv", [HEADER, "Lesion,1,twelve,5,1,0.9,4"]),
    "a table with half labels": table(
        "regions.csv", [HEADER, *[each.replace("Lesion,1", "Lesion,1.5") for each in ROWS]]
    ),
    "a table with endless changes": table(
        "regions.csv", [HEADER, *[each.replace(",5,", ",inf,") for each in ROWS]]
    ),
    "a table with a region twice": table("regions.csv", [HEADER, *ROWS, ROWS[0]]),
    "a table with a region at one month": table("regions.csv", [HEADER, ROWS[0]]),
    "a table with a negative month": table(
        "regions.csv", [HEADER, *[each.replace(",0,", ",-1,") for each in ROWS]]
    ),
    "a table with rows that are too long": table("regions.csv", [HEADER, *[f"{each},1" for each in ROWS]]),
    "a table with a column twice": table("regions.csv", [f"{HEADER},label", *[f"{each},1" for each in ROWS]]),
    "a table of 100 000 rows": table(
        "regions.csv", [HEADER, *(f"L,{n},{m},1,1,1,1" for n in range(50_000) for m in (0, 9))]
    ),
    "a table with a cell of a megabyte": table(
        "regions.csv", [HEADER, *ROWS, "x" * (1 << 20) + ",3,0,1,1,1,1"]
    ),
    "a table that is not UTF-8": raw("regions.csv", HEADER.encode() + b"\n\xff"),
    "a report that is not UTF-8": raw("report.html", b"\xff\xfe"),
    "a report that links away": link("report.html", "/etc/passwd"),
}


def state_of(folder):
    """Return what lies in a folder: kinds, links and hashes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        told = os.readlink(path) if stat.S_ISLNK(mode) else ""
        if stat.S_ISREG(mode):
            told = hashlib.sha256(path.read_bytes()).hexdigest()
        found[path.relative_to(folder).as_posix()] = (stat.S_IFMT(mode), told)
    return found


def nodes_of(scene):
    return {scene.GetNthNode(index).GetID() for index in range(scene.GetNumberOfNodes())}


def test_the_whole_job_is_brought_in(scene, a_job):
    result = here(bring_in(scene, StoredJob(JobFolder(a_job))))
    assert set(result.maps) == {"jacobian", "rate", "interval", "aligned", "warped", "displacement"}
    assert len(result.tables) == 2


@pytest.mark.parametrize("damage", CASES.values(), ids=CASES)
def test_a_malformed_job_is_told_and_nothing_is_changed(scene, a_job, tmp_path, damage):
    damage(a_job)
    before, nodes = state_of(tmp_path), nodes_of(scene)
    with pytest.raises(InputError) as refused:
        here(bring_in(scene, StoredJob(JobFolder(a_job))))
    error = refused.value
    assert all((error.message, error.expected or error.code == "result-newer", error.advice))
    assert error.found or error.code == "result-newer"
    assert all(part.isprintable() for part in (error.message, error.found))
    assert len(error.found) < 500
    assert nodes_of(scene) == nodes
    assert results_in(scene) == []
    assert state_of(tmp_path) == before


@pytest.mark.parametrize("damage", CASES.values(), ids=CASES)
def test_looking_for_jobs_and_discarding_one_survive_it_and_spare_what_is_of_others(a_job, tmp_path, damage):
    (a_job / "notes of mine.txt").write_text("mine")
    (a_job / "maps of mine").mkdir()
    damage(a_job)
    outside = {name: told for name, told in state_of(tmp_path).items() if not name.startswith("jobs/job-")}
    for stored in JobStore(a_job.parent).left():
        assert stored.created
        assert stored.has_maps in (True, False)
        assert stored.made_by_newer_version == (damage is CASES["request of a newer version"])
        with suppress(InputError):  # told where the system lets nobody remove it
            stored.discard()
    kept = state_of(tmp_path)
    assert {"notes of mine.txt", "maps of mine"} <= {path.name for path in a_job.iterdir()}
    assert {name: told for name, told in kept.items() if not name.startswith("jobs/job-")} == outside


def test_anything_may_lie_in_the_folder_for_jobs(a_job, monkeypatch):
    root = a_job.parent
    (root / "job-a file").touch()
    (root / "job-an empty folder").mkdir()
    (root / "job-a link").symlink_to(a_job)
    (root / "job-a dangling link").symlink_to("nowhere")
    os.mkfifo(root / "job-a pipe")
    for name in ("job-Größe 测试 \u202e", "job-" + "x" * 200, "job-line\nbreak"):
        shutil.copytree(a_job, root / name)
    for name, lock in (
        ("job-lock is a folder", "slicer.lock"),
        ("job-lock of the worker is one", "worker.lock"),
    ):
        shutil.copytree(a_job, root / name)
        (root / name / lock).mkdir()
    found = {stored.folder.path.name for stored in JobStore(root).left()}
    assert found == {a_job.name, "job-Größe 测试 \u202e", "job-" + "x" * 200, "job-line\nbreak"}


def test_a_folder_that_may_not_be_looked_into_is_not_offered_and_others_are(a_job, monkeypatch):
    locked = a_job.parent / "job-00000000-locked"
    shutil.copytree(a_job, locked)

    def held(path):
        if path.parent == locked:
            raise PermissionError(13, "Permission denied")
        return False

    monkeypatch.setitem(JobStore.left.__globals__, "held", held)  # of its own module, loaded anew or not
    assert [stored.folder.path for stored in JobStore(a_job.parent).left()] == [a_job]


def test_a_job_is_discarded_whole_when_nothing_of_others_lies_in_it(tmp_path):
    stored = JobStore(tmp_path).new()
    folder = stored.folder
    for path in (folder.request, folder.maps / "jacobian_012.0mo.nii.gz", folder.inputs / "scan-0.nii"):
        path.parent.mkdir(exist_ok=True)
        folder.manifest.write_bytes(path, b"{}")
    folder.manifest.link(folder.inputs / "scan-0.nii", stored.baseline_copy)
    stored.keep_notes({"region_colours": []})
    stored.mark_shown()
    stored.discard()
    assert not folder.path.exists()


def test_a_job_of_an_older_version_is_not_cleaned_and_not_offered_again(a_job):
    before = {path: path.read_bytes() for path in a_job.rglob("*") if path.is_file()}
    StoredJob(JobFolder(a_job)).discard()
    assert {path: path.read_bytes() for path in before} == before
    assert JobStore(a_job.parent).left() == []


def test_there_are_enough_cases():
    assert len(CASES) >= 45
