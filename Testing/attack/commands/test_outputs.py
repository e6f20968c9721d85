"""Where an answer may go: no scan, no part of a result and no file of somebody else is ever replaced."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app
from LongitudinalINRLib.files import make_folder
from LongitudinalINRLib.ownership import sealed, unsealed


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def own_result(a_result, tiny_subject, tmp_path):
    """A copy of the result in a folder of its own, made of copies of the scans."""
    import shutil

    folder = tmp_path / "result"
    shutil.copytree(a_result, folder)
    return folder


def predict(folder, output, *more):
    return run("predict", folder, "--months", 6, "--map", "rate", "--output", output, *more)


def test_an_existing_file_is_replaced_only_when_that_is_asked(own_result, tmp_path):
    output = tmp_path / "map.nii.gz"
    output.write_bytes(b"the only copy")
    refused = predict(own_result, output)
    assert refused.exit_code == 2
    assert "--overwrite" in refused.output
    assert output.read_bytes() == b"the only copy"
    assert predict(own_result, output, "--overwrite").exit_code == 0
    assert output.read_bytes()[:2] == b"\x1f\x8b"


def test_a_table_of_regions_is_replaced_only_when_that_is_asked(own_result, tiny_subject, tmp_path):
    output = tmp_path / "regions.csv"
    output.write_text("mine")
    asked = ("regions", own_result, "--labels", tiny_subject.labels, "--output", output)
    assert run(*asked).exit_code == 2
    assert output.read_text() == "mine"
    assert run(*asked, "--overwrite").exit_code == 0
    assert output.read_text().startswith("region,")


@pytest.mark.parametrize("how", ["by its path", "by a hard link", "by a detour"])
def test_no_input_is_replaced_whatever_is_asked(own_result, tiny_subject, tmp_path, how):
    scan = tiny_subject.follow_ups[12.0]
    before = scan.read_bytes()
    output = {
        "by its path": scan,
        "by a hard link": tmp_path / "linked.nii.gz",
        "by a detour": scan.parent / ".." / scan.parent.name / scan.name,
    }[how]
    if how == "by a hard link":
        os.link(scan, output)
    result = predict(own_result, output, "--overwrite")
    assert result.exit_code == 2
    assert "not replaced" in result.output
    assert scan.read_bytes() == before


def test_the_image_whose_grid_is_taken_is_not_replaced(own_result, tiny_subject, tmp_path):
    like = tmp_path / "like.nii.gz"
    like.write_bytes(tiny_subject.mask.read_bytes())
    result = predict(own_result, like, "--like", like, "--overwrite")
    assert result.exit_code == 2
    assert like.read_bytes() == tiny_subject.mask.read_bytes()


@pytest.mark.parametrize(
    "name", ["mask.nii.gz", "valid.nii.gz", "maps/rate_012.0mo.nii.gz", "maps/new.nii.gz"]
)
def test_no_part_of_the_result_is_replaced_whatever_is_asked(own_result, name):
    existed = (own_result / name).exists()
    before = (own_result / name).read_bytes() if existed else b""
    result = predict(own_result, own_result / name, "--overwrite")
    assert result.exit_code == 2
    assert (own_result / name).exists() == existed
    assert not existed or (own_result / name).read_bytes() == before


def test_a_file_that_comes_while_a_map_is_made_stays(own_result, tmp_path, monkeypatch):
    from LongitudinalINRLib.jobs import prediction

    output, usual = tmp_path / "map.nii.gz", prediction.predict

    def slow(*arguments, **options):
        output.write_bytes(b"somebody was quicker")
        return usual(*arguments, **options)

    monkeypatch.setattr("LongitudinalINRLib.jobs.prediction.predict", slow)
    assert predict(own_result, output).exit_code == 2
    assert output.read_bytes() == b"somebody was quicker"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.nii.gz", "result"]


def test_no_result_holds_a_path_of_the_machine(own_result, tiny_subject, tmp_path):
    assert run("report", own_result).exit_code == 0
    leaving = [path for path in own_result.rglob("*") if path.is_file() and path.name != "request.json"]
    assert (own_result / "report.html") in leaving
    for path in leaving:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for folder in (tiny_subject.folder, tmp_path, Path.home(), Path.cwd()):
            assert folder == Path("/") or str(folder).encode() not in content, path.name


def test_the_number_of_logs_of_defects_does_not_grow(own_result, tmp_path, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("division by zero")

    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr("LongitudinalINRLib.jobs.prediction.predict", broken)
    monkeypatch.setattr("tempfile.tempdir", str(logs))
    assert predict(own_result, tmp_path / "map.nii.gz").exit_code == 1
    (own,) = logs.iterdir()
    (tmp_path / "diary").write_text("mine")
    (own / "longitudinal-inr-folder_1.log").mkdir()
    (own / "longitudinal-inr-linked_1.log").symlink_to(tmp_path / "diary")
    (own / "longitudinal-inr-copy of one.log").write_text("mine")
    for _ in range(6):
        assert predict(own_result, tmp_path / "map.nii.gz").exit_code == 1
    assert own.stat().st_mode & 0o777 == 0o700
    assert (own / "longitudinal-inr-copy of one.log").read_text() == "mine"
    (own / "longitudinal-inr-copy of one.log").unlink()
    written = [path for path in own.iterdir() if path.is_file() and not path.is_symlink()]
    assert len(written) == 3
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert all(str(tmp_path) not in path.read_text() for path in written)
    assert (tmp_path / "diary").read_text() == "mine"
    assert (own / "longitudinal-inr-folder_1.log").is_dir()


@pytest.mark.parametrize("name", ["longitudinal-inr-subject1.log", "longitudinal-inr-copy of one.log"])
def test_no_log_of_somebody_else_is_removed_from_the_temporary_folder(tmp_path, monkeypatch, name):
    from LongitudinalINRLib.cli.logs import write_log

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / name).write_text("mine")
    os.utime(tmp_path / name, (0, 0))
    assert len({write_log(ZeroDivisionError()) for _ in range(6)}) == 6
    assert (tmp_path / name).read_text() == "mine"


def test_a_folder_of_logs_that_others_can_use_is_not_used(tmp_path, monkeypatch):
    from LongitudinalINRLib.cli.logs import write_log

    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(logs))
    own = write_log(ZeroDivisionError()).parent
    own.rename(tmp_path / "elsewhere")
    own.symlink_to(tmp_path / "elsewhere")
    assert write_log(ZeroDivisionError()).parent == logs
    own.unlink()
    own.mkdir()
    own.chmod(0o777)
    assert write_log(ZeroDivisionError()).parent == logs
    assert list(own.iterdir()) == []


def simulate(tiny_subject, output, months="0,12"):
    return run(
        *("simulate", "--t1", tiny_subject.baseline, "--labels", tiny_subject.labels),
        *("--months", months, "--output", output),
    )


def test_a_second_simulation_replaces_what_the_first_one_wrote_and_nothing_else(tiny_subject, tmp_path):
    output = tmp_path / "subject"
    assert simulate(tiny_subject, output).exit_code == 0
    assert simulate(tiny_subject, output, "0,6").exit_code == 0
    listed = json.loads((output / "files.json").read_text())["files"]
    there = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert there == {*listed, "files.json"}
    assert "t006.0mo.nii.gz" in there
    assert "t012.0mo.nii.gz" not in there


def test_a_path_through_more_folders_than_python_calls_is_made(tmp_path):
    deep = tmp_path.joinpath(*["d"] * 1200)
    make_folder(deep, 0o700)
    assert deep.is_dir()
    assert deep.stat().st_mode & 0o777 == 0o700
    while deep != tmp_path:  # rmtree calls itself for each folder
        deep.rmdir()
        deep = deep.parent


def spoil(output, how):
    manifest = output / "files.json"
    if how == "another file":
        (output / "notes.txt").write_text("mine")
    elif how == "a scan put in the place of ours":
        (output / "t012.0mo.nii.gz").write_bytes(b"the only copy")
    elif how == "a folder":
        (output / "more").mkdir()
    elif how == "a link in the place of the truth":
        (output / "truth").rename(output.parent / "elsewhere")
        (output / "truth").symlink_to(output.parent / "elsewhere")
    elif how == "a list that leads outside":
        (output.parent / "scan.nii.gz").write_bytes(b"the only copy")
        content = unsealed(json.loads(manifest.read_text()))
        content["files"]["../scan.nii.gz"] = []
        manifest.write_text(json.dumps(sealed(content)))
    elif how == "a damaged list":
        manifest.write_bytes(manifest.read_bytes()[:-9])
    else:  # of an older version
        manifest.unlink()


@pytest.mark.parametrize(
    "how",
    [
        "another file",
        "a scan put in the place of ours",
        "a folder",
        "a link in the place of the truth",
        "a list that leads outside",
        "a damaged list",
        "no list",
    ],
)
def test_a_folder_that_holds_more_than_a_simulation_is_left_as_it_is(tiny_subject, tmp_path, how):
    output = tmp_path / "subject"
    assert simulate(tiny_subject, output).exit_code == 0
    spoil(output, how)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = simulate(tiny_subject, output, "0,6")
    assert result.exit_code == 2
    assert "Choose a new folder" in result.output
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_simulation_that_was_killed_is_made_again_in_its_folder(tiny_subject, tmp_path, monkeypatch):
    from LongitudinalINRLib.simulate import storage

    usual, written = storage.write_volume, []

    def killed(volume, path, place):
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(path)
        usual(volume, path, place)

    output = tmp_path / "subject"
    monkeypatch.setattr(storage, "write_volume", killed)
    assert simulate(tiny_subject, output).exit_code == 3
    monkeypatch.undo()
    assert run("evaluate", "nowhere", "--truth", output).exit_code == 2
    assert simulate(tiny_subject, output).exit_code == 0


@pytest.mark.parametrize("option", ["--t1", "--labels"])
@pytest.mark.parametrize("how", ["by its path", "by a link", "by a detour", "through a link to the output"])
def test_a_simulation_does_not_replace_what_it_is_made_from(tiny_subject, tmp_path, option, how):
    output = tmp_path / "subject"
    assert simulate(tiny_subject, output).exit_code == 0
    inner = output / ("t000.0mo.nii.gz" if option == "--t1" else "labels_000.0mo.nii.gz")
    link = tmp_path / "link.nii.gz"
    if how == "by a link":
        link.symlink_to(inner)
    elif how == "through a link to the output":
        (tmp_path / "other").symlink_to(output)
    given = {
        "by its path": inner,
        "by a link": link,
        "by a detour": output / ".." / output.name / inner.name,
        "through a link to the output": tmp_path / "other" / inner.name,
    }[how]
    read = {"--t1": tiny_subject.baseline, "--labels": tiny_subject.labels, option: given}
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    arguments = [part for pair in read.items() for part in pair]
    result = run("simulate", *arguments, "--months", "0,12", "--seed", 1, "--output", output)
    assert result.exit_code == 2
    assert f"{option} is in it" in " ".join(result.output.split())
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before
